using Lungfish.EndToEnd.Running;

namespace Lungfish.EndToEnd.KillTests.Durable;

/// <summary>
/// kill -9 of the server and of function processes at random moments, with durable executions in every phase. Every
/// step's effect is as its semantics promise, no accepted callback is lost, every execution ends.
/// </summary>
/// <remarks>The seed is printed; <c>SEED=n ./test crash</c> makes the same choices again.</remarks>
public sealed class DurableKillTest(ITestOutputHelper output)
{
    private const int StarterCount = 3;
    private const int DeskClerkCount = 3;

    private static int Kills => KillRun.Setting("LUNGFISH_KILLS") ?? 6;

    [Fact]
    public async Task Kill_OfServerAndFunctions_KeepsWhatStepsPromise()
    {
        var seed = KillRun.Setting("LUNGFISH_SEED") ?? Random.Shared.Next(1_000_000);
        KillRun.Report(output, $"durable kill test: seed {seed}, {Kills} kills");
        var ledger = new DurableLedger();
        await using var desk = await DurableDesk.OpenAsync(ledger);
        await using var server = new CrashingServer();
        await server.StartAsync();
        await DurableWork.CreateAsync(server, desk.Url);

        var functionKills = await RunAsync(server, desk, ledger, seed);

        KillRun.Report(
            output,
            $"durable kill test: {ledger.Starts.Count} starts and {ledger.AnswerCount} callback answers acknowledged, "
                + $"{ledger.EffectCount} effects, over {Kills} kills of the server and {functionKills} of functions, "
                + $"{ledger.Breaches.Count} breaches");
        Assert.True(ledger.Breaches.Count == 0, $"seed {seed}:\n{string.Join('\n', ledger.Breaches.Take(50))}");
        Assert.True(ledger.Starts.Count > Kills, $"Only {ledger.Starts.Count} were started: nothing was proved.");
        Assert.NotEqual(0, ledger.AnswerCount);
    }

    private static async Task<int> RunAsync(
        CrashingServer server, DurableDesk desk, DurableLedger ledger, int seed)
    {
        using var starting = new CancellationTokenSource();
        using var answering = new CancellationTokenSource();
        var starters = Enumerable.Range(0, StarterCount)
            .Select(index => DurableWork.StartAsync(server, ledger, seed + index, starting.Token)).ToList();
        var clerks = Enumerable.Range(0, DeskClerkCount)
            .Select(index => desk.AnswerAsync(server, seed - index, answering.Token)).ToList();
        try
        {
            var functionKills = await KillAsync(server, new Random(seed));
            await starting.CancelAsync();
            await KillRun.EndAsync(starters);
            await server.KillAndRestartAsync(); // Once more with nothing new coming in.
            await new DurableAudit(await server.GetApiAsync(), ledger).CheckAsync();
            await DataCommands.AssertIsCleanAsync(server.DataDirectory);
            return functionKills;
        }
        finally
        {
            await starting.CancelAsync();
            await answering.CancelAsync();
            await KillRun.EndAsync([.. starters, .. clerks]);
        }
    }

    /// <returns>How many function processes were killed too.</returns>
    private static async Task<int> KillAsync(CrashingServer server, Random random)
    {
        const int millisecondsMin = 100;
        const int millisecondsMax = 1800;
        var functionKills = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            // The moments are the experiment.
            await Task.Delay(random.Next(millisecondsMin, millisecondsMax));
            functionKills += FunctionProcesses.KillOne(server.ProcessId, random) ? 1 : 0;
            await Task.Delay(random.Next(millisecondsMin, millisecondsMax));
            await server.KillAndRestartAsync();
        }

        return functionKills;
    }
}

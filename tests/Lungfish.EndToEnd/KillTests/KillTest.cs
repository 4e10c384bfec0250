using Lungfish.EndToEnd.Running;

namespace Lungfish.EndToEnd.KillTests;

/// <summary>
/// kill -9 at random moments with starts, callbacks, retries, timers and activities in flight. Nothing acknowledged is
/// lost, no result is applied twice, every history is without gap or duplicate, every execution ends.
/// </summary>
/// <remarks>The seed is printed; <c>SEED=n ./test crash</c> makes the same choices again.</remarks>
public sealed class KillTest(ITestOutputHelper output)
{
    private const int StarterCount = 4;
    private const int DeskClerkCount = 4;
    private const int WorkerCount = 3;

    private static int Kills => KillRun.Setting("LUNGFISH_KILLS") ?? 6;

    [Fact]
    public async Task Kill_WithWorkInFlight_LosesAndRepeatsNothing()
    {
        var seed = KillRun.Setting("LUNGFISH_SEED") ?? Random.Shared.Next(1_000_000);
        KillRun.Report(output, $"kill test: seed {seed}, {Kills} kills");
        var ledger = new Ledger();
        await using var desk = await CallbackDesk.OpenAsync();
        await using var server = new CrashingServer();
        await server.StartAsync();
        var work = await Work.CreateAsync(server, desk.Url);

        await RunAsync(server, work, desk, ledger, seed);

        KillRun.Report(
            output,
            $"kill test: {ledger.Starts.Count} starts and {ledger.ResultCount} answers acknowledged "
                + $"over {Kills} kills, {ledger.Breaches.Count} breaches");
        Assert.True(ledger.Breaches.Count == 0, $"seed {seed}:\n{string.Join('\n', ledger.Breaches.Take(50))}");
        Assert.True(
            ledger.Starts.Count >= Kills / 2,
            $"Only {ledger.Starts.Count} executions were started: nothing was proved.");
        Assert.NotEqual(0, ledger.ResultCount);
    }

    private static async Task RunAsync(CrashingServer server, Work work, CallbackDesk desk, Ledger ledger, int seed)
    {
        var clients = new Clients(server, work, ledger);
        using var starting = new CancellationTokenSource();
        using var answering = new CancellationTokenSource();
        var starters = Enumerable.Range(0, StarterCount)
            .Select(index => clients.StartExecutionsAsync(seed + index, starting.Token)).ToList();
        var others = Enumerable.Range(0, WorkerCount).Select(_ => clients.WorkAsync(answering.Token))
            .Concat(Enumerable.Range(0, DeskClerkCount)
                .Select(index => desk.AnswerAsync(server, ledger, seed - index, answering.Token)))
            .ToList();
        try
        {
            await KillAsync(server, ledger, new Random(seed));
            await starting.CancelAsync();
            await KillRun.EndAsync(starters);
            await server.KillAndRestartAsync(); // Once more with nothing new coming in.
            await new ExecutionAudit(await server.GetApiAsync(), work, ledger).CheckAsync();
            await DataCommands.AssertIsCleanAsync(server.DataDirectory);
        }
        finally
        {
            await starting.CancelAsync();
            await answering.CancelAsync();
            await KillRun.EndAsync([.. starters, .. others]);
        }
    }

    private static async Task KillAsync(CrashingServer server, Ledger ledger, Random random)
    {
        const int millisecondsMin = 20;
        const int millisecondsMax = 1200;
        for (var kill = 0; kill < Kills; kill++)
        {
            if (kill % 2 == 1)
            {
                await ledger.StartedMoreAsync(); // On a busy machine none might ever come to that.
            }

            // The moment is the experiment: sometimes before the first commit after a start, sometimes in full flight.
            await Task.Delay(random.Next(millisecondsMin, millisecondsMax));
            await server.KillAndRestartAsync();
        }
    }
}

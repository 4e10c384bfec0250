using System.Diagnostics;
using System.Text.Json.Nodes;
using Lungfish.EndToEnd.KillTests;
using Lungfish.EndToEnd.KillTests.Durable;
using Lungfish.Tests.Shared;

namespace Lungfish.EndToEnd.Soak;

/// <summary>A server under a mixed and steady load, with removal of what closed, for some time: nothing grows, nothing
/// is stuck, and everything ends as it should.</summary>
/// <remarks><c>./test soak</c>; <c>MINUTES=n</c> (20), <c>RATE=n</c> executions a second (25), <c>SEED=n</c>.</remarks>
public sealed class SoakTest(ITestOutputHelper output)
{
    private const string RetentionDays = "0.0003"; // 26 seconds.

    private static readonly TimeSpan s_betweenSamples = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_removalTimeout = TimeSpan.FromMinutes(3);

    [Fact(Explicit = true)]
    public async Task Run_MixedLoad_NothingGrowsAndEverythingEnds()
    {
        var minutes = KillRun.Setting("LUNGFISH_MINUTES") ?? 20;
        var rate = KillRun.Setting("LUNGFISH_RATE") ?? 25;
        var seed = KillRun.Setting("LUNGFISH_SEED") ?? Random.Shared.Next(1_000_000);
        Tell($"soak: {minutes} minutes, {rate} executions a second and durable orders, seed {seed}");
        var ledger = new Ledger();
        var orders = new DurableLedger();
        await using var desk = await CallbackDesk.OpenAsync();
        await using var orderDesk = await DurableDesk.OpenAsync(orders);
        await using var server = new CrashingServer();
        server.Variables["LUNGFISH_RETENTION_DAYS"] = RetentionDays;
        await server.StartAsync();
        var api = await server.GetApiAsync();
        var work = await SoakWork.CreateAsync(api, desk.Url);
        await DurableWork.CreateAsync(server, orderDesk.Url);
        var clients = new SoakClients(work, ledger, seed);

        var samples = new List<SoakSample>();
        using var starting = new CancellationTokenSource(TimeSpan.FromMinutes(minutes));
        using var answering = new CancellationTokenSource();
        Task[] starters =
        [
            clients.StartAsync(rate, starting.Token),
            clients.ReadAsync(starting.Token),
            DurableWork.StartAsync(server, orders, seed % 1_000, starting.Token),
            SampleAsync(server, clients, samples, starting.Token),
        ];
        Task[] clerks =
        [
            desk.AnswerAsync(server, ledger, seed, answering.Token),
            orderDesk.AnswerAsync(server, seed, answering.Token),
        ];
        await KillRun.EndAsync(starters);
        await clients.EndAsync();
        await new DurableAudit(api, orders).CheckAsync();
        await answering.CancelAsync();
        await KillRun.EndAsync(clerks);

        Tell($"soak: {clients.Started} executions and {orders.Starts.Count} orders were started");
        string[] wrong =
        [
            .. ledger.Breaches.Concat(orders.Breaches).Take(50),
            .. await FindLeftOversAsync(work),
            .. new SoakReport(samples).FindGrowth(Tell),
        ];
        Assert.True(wrong.Length == 0, $"seed {seed}:\n{string.Join('\n', wrong)}");
        Assert.True(clients.Ended > minutes * 60, $"Only {clients.Ended} executions ended: nothing was proved.");
    }

    private async Task SampleAsync(
        CrashingServer server, SoakClients clients, List<SoakSample> samples, CancellationToken cancellationToken)
    {
        var since = Stopwatch.StartNew();
        using var ticks = new PeriodicTimer(s_betweenSamples);
        Tell(SoakReport.Heading);
        while (await ticks.WaitForNextTickAsync(cancellationToken))
        {
            var sample = await SoakSample.TakeAsync(
                since.Elapsed, server.ProcessId ?? 0, server.DataDirectory, await server.GetApiAsync());
            samples.Add(sample with { Open = clients.Open, Ended = clients.Ended });
            if (samples.Count % 6 == 1)
            {
                Tell(SoakReport.LineOf(samples[^1], samples.Count > 1 ? samples[^2] : null));
            }
        }
    }

    /// <summary>When all have ended and their time is over, no machine has any execution.</summary>
    private static async Task<IReadOnlyList<string>> FindLeftOversAsync(SoakWork work)
    {
        var left = new List<string>();
        foreach (var kind in SoakKind.All)
        {
            var list = new JsonObject { ["stateMachineArn"] = work.MachineOf(kind) };
            JsonArray? executions = null;
            try
            {
                await Poll.UntilAsync(
                    async () =>
                    {
                        executions = (await work.Api.GetAsync("ListExecutions", list))["executions"]?.AsArray();
                        return executions is null or [];
                    },
                    s_removalTimeout,
                    $"the removal of {kind.Name}");
            }
            catch (TimeoutException)
            {
                left.Add($"{kind.Name}: {executions?.Count} executions are still there, such as {executions?[0]}");
            }
        }

        return left;
    }

    private void Tell(string line) => KillRun.Report(output, line);
}

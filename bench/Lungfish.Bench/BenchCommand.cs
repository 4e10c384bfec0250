using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using Lungfish.Bench.Driving;
using Lungfish.Bench.Measuring;
using Lungfish.Bench.Peers;
using Lungfish.Bench.Scale;
using Lungfish.Bench.Sleepers;
using Lungfish.Bench.Workloads;

namespace Lungfish.Bench;

/// <summary>Runs the workloads against a fresh server, the floor beside it and other engines, in turns, and reports.
/// </summary>
internal static class BenchCommand
{
    private const string W4 = "w4";
    private const string W6 = "w6";

    private static readonly string[] AllWorkloads =
    [
        "w1", "w1-node", "w3", "w5", "w7",
        .. Definitions.DurableWorkloads.Select(workload => workload + "-durable-node"),
        .. Definitions.DurableWorkloads.Select(workload => workload + "-durable-csharp"),
        .. Definitions.ConcurrentWorkloads.Select(workload => $"{workload}-durable-node{Definitions.Concurrent}"),
        .. Definitions.ConcurrentWorkloads.Select(workload => $"{workload}-durable-csharp{Definitions.Concurrent}"),
        W4, W6,
    ];

    /// <summary>No executions: only run where they are named.</summary>
    private static readonly string[] AloneWorkloads =
    [
        .. Definitions.AloneWorkloads.SelectMany(
            workload => new[] { workload + "-alone-awssdk", workload + "-alone-node", workload + "-alone-csharp" }),
    ];

    public static int ShowUsage()
    {
        Console.Error.WriteLine(
            $"""
            Usage: ./bench/run [--quick] [--takes N] [--seconds N] [--clients N,N,...] [--peers] [--save NAME]
                   [--patience MINUTES] [WORKLOAD...]

              WORKLOAD    {string.Join(' ', AllWorkloads)}; all of them if none is named
              or an SDK alone: {string.Join(' ', AloneWorkloads)}
              --quick     one take of 2 seconds each, for a first look
              --takes     how often each is measured; the median counts (3)
              --seconds   how long each take is (4)
              --clients   how many at the same time (1,16,64)
              --peers     also Restate, DBOS and moto, where they can be installed; --peer NAME only that one
              --save      also write {Reports.Baselines}/NAME.json
              --patience  how long it waits in all for moments in which others on the host leave it the processors (2)

            More: ./bench/run sleepers | million | crash | load | start | map | jsonata | interpreter | render PAGE
            """);
        return 64;
    }

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (BenchOptions.Parse(arguments, AllWorkloads, AloneWorkloads) is not { } options)
        {
            return ShowUsage();
        }

        using var directory = new WorkDirectory();
        var calm = new Calm(options.Patience);
        var results = await MeasureAsync(options, calm, directory.Path);
        var figures = options.WithLungfish ? await MeasureScaleAsync(options, calm) : [];
        await Reports.PublishAsync(
            new Report(
                string.Join(' ', arguments.Prepend("./bench/run")),
                DateTimeOffset.UtcNow,
                Machine.Describe(directory.Path),
                options.Duration.TotalSeconds,
                options.Takes,
                results,
                figures),
            options.SaveAs);
        return 0;
    }

    private static async Task<IReadOnlyList<Measurement>> MeasureAsync(
        BenchOptions options, Calm calm, string directory)
    {
        var workloads = options.Workloads.Except([W4, W6]).ToList();
        if (workloads.Count == 0)
        {
            return [];
        }

        await using var floor = await ChildServer.StartAsync("floor", Path.Combine(directory, "floor.log"));
        await using var lungfish = options.WithLungfish
            ? await LungfishTarget.StartAsync(Path.Combine(directory, "data"), options.WarmUpClients)
            : null;
        await using var peers = await RunningPeers.StartAsync(options.Peers, directory);
        var takes = new List<Measurement>();
        foreach (var id in workloads)
        {
            var floorId = id[..2];
            List<Target> targets =
            [
                new(Measurement.Floor, new PostWorkload(floorId, floor.Url, "/" + floorId), floor.ProcessId),
                .. peers.Beside(id),
            ];
            if (lungfish is not null)
            {
                targets.Insert(0, new(Measurement.Lungfish, await lungfish.CreateAsync(id), lungfish.ProcessId));
            }
            else if (targets.Count == 1)
            {
                continue; // Nobody but the floor runs it.
            }

            await TakeAsync(options, targets, calm, takes);
        }

        return takes.GroupBy(take => (take.Workload, take.Target, take.Clients))
            .Select(group => Measurement.Median(group.ToList())).ToList();
    }

    /// <summary>Side by side, so that all meet the same noise.</summary>
    private static async Task TakeAsync(
        BenchOptions options, List<Target> targets, Calm calm, List<Measurement> takes)
    {
        foreach (var target in targets.ToList())
        {
            var clients = Math.Min(options.WarmUpClients, target.ClientsMax);
            if (await TryTakeAsync(target, clients, options.WarmUpOf(target)) is null)
            {
                _ = targets.Remove(target);
            }
        }

        foreach (var clients in options.Clients.SelectMany(clients => Enumerable.Repeat(clients, options.Takes)))
        {
            var round = await TakeRoundAsync(options, targets, clients);
            while (round.Any(Calm.IsDisturbed) && await calm.TryWaitAsync())
            {
                await Console.Error.WriteLineAsync("Others on the host took processors meanwhile: once more.");
                round = await TakeRoundAsync(options, targets, clients);
            }

            takes.AddRange(round);
        }
    }

    private static async Task<List<Measurement>> TakeRoundAsync(
        BenchOptions options, List<Target> targets, int clients)
    {
        var round = new List<Measurement>();
        foreach (var target in targets.Where(target => clients <= target.ClientsMax))
        {
            if (await TryTakeAsync(target, clients, options.Duration) is { } take)
            {
                round.Add(take);
            }
        }

        var said = round.Select(
            take => string.Create(CultureInfo.InvariantCulture, $"{take.Target} {take.PerSecond:N0}/s"));
        await Console.Error.WriteLineAsync($"{targets[0].Workload.Id} x {clients}: {string.Join(", ", said)}");
        return round;
    }

    /// <returns>Null: it is a peer that cannot do it; that must not end our run.</returns>
    private static async Task<Measurement?> TryTakeAsync(Target target, int clients, TimeSpan duration)
    {
        try
        {
            return await target.TakeAsync(clients, duration);
        }
        catch (Exception e) when (target.IsPeer && (e is HttpRequestException or InvalidOperationException
            or TimeoutException or InvalidDataException or JsonException or SocketException))
        {
            await Console.Error.WriteLineAsync(
                $"{target.Name} cannot run {target.Workload.Id} with {clients} clients: {e.Message}");
            return null;
        }
    }

    private static async Task<IReadOnlyList<Figure>> MeasureScaleAsync(BenchOptions options, Calm calm)
    {
        var figures = new List<Figure>();
        if (options.Workloads.Contains(W4))
        {
            using var directory = new WorkDirectory();
            figures.AddRange(await SleepersCommand.MeasureAsync(
                SleepersCommand.StateMachine, options.Takes == 1, calm, directory.Path));
        }

        if (options.Workloads.Contains(W6))
        {
            using var directory = new WorkDirectory();
            figures.AddRange(await CrashCommand.MeasureAsync(CrashCommand.Sleepers, directory.Path));
        }

        return figures;
    }
}

using System.Globalization;
using Lungfish.Bench.Driving;
using Lungfish.Bench.Measuring;
using Lungfish.Bench.Workloads;

namespace Lungfish.Bench;

/// <summary>Runs the workloads against a fresh server and the floor beside it, in turns, and reports.</summary>
internal static class BenchCommand
{
    private static readonly string[] AllWorkloads =
    [
        "w1", "w1-node", "w3", "w7",
        .. Definitions.DurableWorkloads.Select(workload => workload + "-durable-node"),
        .. Definitions.DurableWorkloads.Select(workload => workload + "-durable-csharp"),
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
            Usage: ./bench/run [--quick] [--takes N] [--seconds N] [--clients N,N,...] [--save NAME] [WORKLOAD...]

              WORKLOAD    {string.Join(' ', AllWorkloads)}; all of them if none is named
              or an SDK alone: {string.Join(' ', AloneWorkloads)}
              --quick     one take of 2 seconds each, for a first look
              --takes     how often each is measured; the median counts (3)
              --seconds   how long each take is (4)
              --clients   how many at the same time (1,16,64)
              --save      also write bench/baselines/NAME.json
            """);
        return 64;
    }

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (BenchOptions.Parse(arguments, AllWorkloads, AloneWorkloads) is not { } options)
        {
            return ShowUsage();
        }

        var directory = Directory.CreateDirectory(
            Path.GetFullPath(Path.Combine("artifacts", "bench", Guid.NewGuid().ToString("N")))).FullName;
        try
        {
            var report = await MeasureAsync(options, directory);
            Console.WriteLine(report.ToTable());
            var path = options.SaveAs is { } name
                ? Path.Combine("bench", "baselines", name + ".json")
                : Path.Combine("artifacts", "bench", "last.json");
            Directory.CreateDirectory(Path.GetDirectoryName(path) ?? ".");
            await File.WriteAllTextAsync(path, report.ToJson() + "\n");
            Console.WriteLine($"Written to {path}.");
            return 0;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<Report> MeasureAsync(BenchOptions options, string directory)
    {
        await using var floor = await ChildServer.StartAsync("floor", Path.Combine(directory, "floor.log"));
        await using var lungfish = await LungfishTarget.StartAsync(
            Path.Combine(directory, "data"), Math.Max(options.WarmUpClients, options.Clients.Max()));
        var takes = new List<Measurement>();
        foreach (var id in options.Workloads)
        {
            var workload = await lungfish.CreateAsync(id);
            var floorId = id.Split('-')[0];
            var floorWorkload = new FloorWorkload(floorId, floor.Url, "/" + floorId);
            await MeasureLungfishAsync(options.WarmUpClients, options.WarmUp);
            await MeasureFloorAsync(options.WarmUpClients, options.WarmUp);
            foreach (var clients in options.Clients.SelectMany(clients => Enumerable.Repeat(clients, options.Takes)))
            {
                // Side by side, so that both meet the same noise.
                takes.Add(await MeasureLungfishAsync(clients, options.Duration));
                takes.Add(await MeasureFloorAsync(clients, options.Duration));
                Console.Error.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{id} x {clients}: {takes[^2].PerSecond:N0}/s, floor {takes[^1].PerSecond:N0}/s"));
            }

            Task<Measurement> MeasureLungfishAsync(int clients, TimeSpan duration) =>
                Measurement.TakeAsync(workload, "lungfish", lungfish.ProcessId, clients, duration);

            Task<Measurement> MeasureFloorAsync(int clients, TimeSpan duration) =>
                Measurement.TakeAsync(floorWorkload, "floor", floor.ProcessId, clients, duration);
        }

        var results = takes.GroupBy(take => (take.Workload, take.Target, take.Clients))
            .Select(group => Measurement.Median(group.ToList())).ToList();
        return new Report(
            DateTimeOffset.UtcNow, Machine.Describe(directory), options.Duration.TotalSeconds, options.Takes, results);
    }
}

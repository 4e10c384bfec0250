using System.Diagnostics;
using Lungfish.Bench.Driving;
using Lungfish.Bench.Measuring;
using Lungfish.Bench.Scale;
using Lungfish.Bench.Workloads;

namespace Lungfish.Bench.Sleepers;

/// <summary>W4: starts executions that sleep until one common moment. How fast they start, what each costs in memory
/// and on disk while it sleeps, and how long it takes after that moment until all are done.</summary>
internal static class SleepersCommand
{
    public const string StateMachine = "state-machine";

    private const int Clients = 64;
    private const int WarmUpRound = 2_000;
    private const int TakesMax = 4; // Of a kind, where others on the host took processors; then the last one counts.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(20); // As long as `run` warms a workload.
    private static readonly TimeSpan WarmUpSleep = TimeSpan.FromSeconds(6); // So that they leave memory.
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan FloorTake = TimeSpan.FromSeconds(3);

    /// <summary>How many of each kind, and how many start in a second at least: they must all sleep when they are due.
    /// </summary>
    private static readonly Dictionary<string, (int Count, int StartsPerSecond)> Kinds = new()
    {
        [StateMachine] = (100_000, 2_500),
        ["durable-csharp"] = (100_000, 1_000),
        ["durable-csharp" + Definitions.Concurrent] = (100_000, 1_000),
        ["durable-node"] = (100_000, 1_000),
        ["durable-node" + Definitions.Concurrent] = (100_000, 1_000),
    };

    public static async Task<int> RunAsync(string[] arguments)
    {
        var kinds = arguments.TakeWhile(argument => !argument.StartsWith('-')).ToList();
        if (kinds.Except(Kinds.Keys).Any())
        {
            await Console.Error.WriteLineAsync(
                $"Usage: ./bench/run sleepers [{string.Join(" | ", Kinds.Keys)}]... [--quick] "
                + "[--patience MINUTES] [--save NAME]");
            return 64;
        }

        var name = string.Join(' ', kinds.Prepend("sleepers"));
        return await FigureCommand.RunAsync(name, arguments[kinds.Count..], async (options, directory) =>
        {
            var figures = new List<Figure>();
            var calm = new Calm(options.Patience);
            foreach (var kind in kinds.Count == 0 ? Kinds.Keys : kinds.AsEnumerable())
            {
                figures.AddRange(await MeasureAsync(kind, options.Quick, calm, Path.Combine(directory, kind)));
            }

            return figures;
        });
    }

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(string kind, bool quick, Calm calm, string directory)
    {
        _ = await calm.TryWaitAsync();
        for (var take = 1; ; take++)
        {
            var (figures, isDisturbed) = await TakeAsync(kind, quick, $"{directory}-{take}");
            foreach (var figure in figures)
            {
                await Console.Error.WriteLineAsync($"{figure.What}: {Numbers.Text(figure.Value)} {figure.Unit}");
            }

            if (!isDisturbed || take == TakesMax || !await calm.TryWaitAsync())
            {
                return figures;
            }

            await Console.Error.WriteLineAsync($"Others on the host took processors from {kind}: once more.");
        }
    }

    private static async Task<(IReadOnlyList<Figure> Figures, bool IsDisturbed)> TakeAsync(
        string kind, bool quick, string directory)
    {
        var (all, startsPerSecond) = Kinds[kind];
        var count = quick ? all / 10 : all;
        var floorBefore = await MeasureFloorAsync(directory);
        await using var target = await LungfishTarget.StartAsync(directory, Clients);
        var sleepers = await Sleeper.CreateAsync(target, kind);
        var before = await WarmUpAsync(sleepers);
        await Idle.WaitAsync(target.ProcessId);
        var memoryBefore = await target.MemoryAtRestAsync();
        var diskBefore = DataFiles.Bytes(directory);
        // Late enough for all of them to sleep by then; the check below tells if it was not.
        var due = DateTimeOffset.UtcNow.AddSeconds((count / (double)startsPerSecond) + 10);
        var cpuBefore = CpuTimes.Now(target.ProcessId);
        var began = Stopwatch.GetTimestamp();
        await sleepers.StartAsync(count, Clients, due);
        var starting = Stopwatch.GetElapsedTime(began).TotalSeconds;
        await Idle.WaitAsync(target.ProcessId);
        var cpuOfStarts = CpuTimes.Now(target.ProcessId) - cpuBefore;
        var memory = await target.MemoryAtRestAsync() - memoryBefore;
        var disk = DataFiles.Bytes(directory) - diskBefore;
        var cpuAsleep = CpuTimes.Now(target.ProcessId);
        if (DateTimeOffset.UtcNow >= due)
        {
            throw new InvalidOperationException("They were due before all slept: this machine is too slow.");
        }

        var closed = await sleepers.AllDoneAsync(before + count, Poll, due + Patience) - before;
        var waking = DateTimeOffset.UtcNow - due;
        var cpuOfWaking = CpuTimes.Now(target.ProcessId) - cpuAsleep;
        var floorAfter = await MeasureFloorAsync(directory);
        var isDisturbed = Calm.IsDisturbance(cpuOfStarts.Stolen / starting)
            || Calm.IsDisturbance(cpuOfWaking.Stolen / waking.TotalSeconds);
        IReadOnlyList<Figure> figures =
        [
            new($"w4 {kind}: starts of {count:N0}", count / starting, "/s", 5_000, MoreIsBetter: true),
            new($"w4 {kind}: memory for a sleeper", memory / 1024.0 / count, "KB", 1),
            new($"w4 {kind}: disk for a sleeper", disk / 1024.0 / count, "KB"),
            closed >= count
                ? new($"w4 {kind}: {count:N0} due at once, all done", waking.TotalSeconds, "s", quick ? null : 10)
                : new(
                    $"w4 {kind}: done of {count:N0} due at once, {Patience.TotalMinutes:N0} minutes later", closed,
                    "executions", count, MoreIsBetter: true),
            .. Cpu($"w4 {kind}: CPU of a start", cpuOfStarts, count),
            .. Cpu($"w4 {kind}: CPU of a wake-up", cpuOfWaking, count),
            new($"w4 {kind}: the floor (w1, {Clients} clients), before", floorBefore, "/s"),
            new($"w4 {kind}: the floor (w1, {Clients} clients), after", floorAfter, "/s"),
        ];
        return (figures, isDisturbed);
    }

    private static IEnumerable<Figure> Cpu(string name, CpuTimes cpu, int count)
    {
        yield return new($"{name}, server", cpu.Server / count * 1e6, "us");
        if (cpu.Functions > 0)
        {
            yield return new($"{name}, functions", cpu.Functions / count * 1e6, "us");
        }
    }

    /// <summary>How fast the machine is at this moment.</summary>
    private static async Task<double> MeasureFloorAsync(string directory)
    {
        var log = directory + "-floor.log";
        try
        {
            await using var floor = await ChildServer.StartAsync("floor", log);
            var target = new Target(Measurement.Floor, new PostWorkload("w1", floor.Url, "/w1"), floor.ProcessId);
            _ = await target.TakeAsync(Clients, FloorTake); // Until its hot path is compiled.
            return (await target.TakeAsync(Clients, FloorTake)).PerSecond;
        }
        finally
        {
            File.Delete(log);
        }
    }

    /// <summary>Starts and wakes some until the processes have compiled what they run, and have grown in number.
    /// </summary>
    /// <returns>How many have ended.</returns>
    private static async Task<int> WarmUpAsync(Sleeper sleepers)
    {
        var count = 0;
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < WarmUp; count += WarmUpRound)
        {
            await sleepers.StartAsync(WarmUpRound, Clients, DateTimeOffset.UtcNow + WarmUpSleep);
        }

        await sleepers.AllDoneAsync(count, Poll, DateTimeOffset.UtcNow + Patience);
        return count;
    }
}

using System.Diagnostics;
using System.Globalization;
using Lungfish.Bench.Driving;
using Lungfish.Bench.Measuring;

namespace Lungfish.Bench.Sleepers;

/// <summary>W4: starts executions that sleep until one common moment. How fast they start, what each costs in memory
/// and on disk while it sleeps, and how long it takes after that moment until all are done.</summary>
internal static class SleepersCommand
{
    private const int Clients = 64;
    private const int WarmUp = 500;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    private static readonly (string Kind, int Count, int StartsPerSecond)[] All =
    [
        ("state-machine", 100_000, 3_000),
        ("durable-csharp", 100_000, 300),
        ("durable-node", 100_000, 150),
    ];

    public static async Task<int> RunAsync(string[] arguments)
    {
        var quick = arguments.Contains("--quick");
        var kinds = arguments.Where(argument => argument != "--quick").ToList();
        if (kinds.Except(All.Select(one => one.Kind)).Any())
        {
            await Console.Error.WriteLineAsync(
                $"Usage: ./bench/run sleepers [--quick] [{string.Join(" | ", All.Select(one => one.Kind))}]...");
            return 64;
        }

        Console.WriteLine("sleepers              count  starts/s  KB RAM each  KB disk each  all done after s");
        foreach (var (kind, count, rate) in All.Where(one => kinds.Count == 0 || kinds.Contains(one.Kind)))
        {
            Console.WriteLine(await MeasureAsync(kind, quick ? count / 10 : count, rate));
        }

        return 0;
    }

    private static async Task<string> MeasureAsync(string kind, int count, int startsPerSecond)
    {
        var directory = Directory.CreateDirectory(
            Path.GetFullPath(Path.Combine("artifacts", "bench", Guid.NewGuid().ToString("N")))).FullName;
        try
        {
            await using var target = await LungfishTarget.StartAsync(directory, Clients);
            var sleepers = await Sleeper.CreateAsync(target, kind);
            await sleepers.StartAsync(WarmUp, Clients, DateTimeOffset.UtcNow.AddSeconds(2));
            await sleepers.AllDoneAsync(WarmUp, Poll);

            var memoryBefore = ServerMemory.Of(target.ProcessId);
            var diskBefore = DiskOf(directory);
            // Late enough for all of them to sleep by then; the check below tells if it was not.
            var due = DateTimeOffset.UtcNow.AddSeconds((count / (double)startsPerSecond) + 10);
            var began = Stopwatch.GetTimestamp();
            await sleepers.StartAsync(count, Clients, due);
            var starting = Stopwatch.GetElapsedTime(began);
            await sleepers.AllAsleepAsync();
            var memory = ServerMemory.Of(target.ProcessId) - memoryBefore;
            var disk = DiskOf(directory) - diskBefore;
            if (DateTimeOffset.UtcNow >= due)
            {
                throw new InvalidOperationException("They were due before all slept: this machine is too slow.");
            }

            await sleepers.AllDoneAsync(WarmUp + count, Poll);
            var waking = DateTimeOffset.UtcNow - due;
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{kind,-18} {count,8:N0}  {count / starting.TotalSeconds,8:N0}  {memory / 1024.0 / count,11:N2}  "
                + $"{disk / 1024.0 / count,12:N2}  {waking.TotalSeconds,16:N1}");
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static long DiskOf(string directory) => new DirectoryInfo(directory)
        .EnumerateFiles("lungfish.db*", SearchOption.AllDirectories).Sum(file => file.Length);
}

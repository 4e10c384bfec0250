using System.Globalization;

namespace Lungfish.Bench.Measuring;

/// <summary>Processor time that was spent so far, in seconds, as Linux counts it.</summary>
/// <param name="Server">By the measured process.</param>
/// <param name="Functions">By the processes that it started.</param>
/// <param name="Generator">By this process.</param>
/// <param name="Machine">By everything on the machine, and what others on its host took from it.</param>
/// <param name="Stolen">What they took.</param>
internal readonly record struct CpuTimes(
    double Server, double Functions, double Generator, double Machine, double Stolen)
{
    private const double TicksPerSecond = 100; // USER_HZ, which is the same on every Linux that we know.

    public static CpuTimes Now(int serverProcess)
    {
        var parents = new Dictionary<int, (int Parent, double Seconds)>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var process)
                && ReadProcess(process) is { } read)
            {
                parents[process] = read;
            }
        }

        var (machine, stolen) = ReadMachine();
        return new CpuTimes(
            parents.GetValueOrDefault(serverProcess).Seconds,
            parents.Keys.Where(process => IsBelow(process, serverProcess, parents))
                .Sum(process => parents[process].Seconds),
            parents.GetValueOrDefault(Environment.ProcessId).Seconds,
            machine,
            stolen);
    }

    public static CpuTimes operator -(CpuTimes after, CpuTimes before) => new(
        after.Server - before.Server, after.Functions - before.Functions,
        after.Generator - before.Generator, after.Machine - before.Machine, after.Stolen - before.Stolen);

    private static bool IsBelow(int process, int ancestor, Dictionary<int, (int Parent, double Seconds)> parents)
    {
        while (parents.TryGetValue(process, out var entry) && entry.Parent > 1)
        {
            process = entry.Parent;
            if (process == ancestor)
            {
                return true;
            }
        }

        return false;
    }

    private static (int Parent, double Seconds)? ReadProcess(int process)
    {
        try
        {
            // "12 (any name) S 1 ...": the name may hold anything, so the fields are counted from its end.
            var text = File.ReadAllText($"/proc/{process}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return ((int)Number(fields[1]), (Number(fields[11]) + Number(fields[12])) / TicksPerSecond);
        }
        catch (IOException)
        {
            return null; // It has just ended.
        }
    }

    private static (double All, double Stolen) ReadMachine()
    {
        const int Steal = 8;

        // "cpu  user nice system idle iowait irq softirq steal": all that is not idle or waiting for a disk.
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var all = new[] { 1, 2, 3, 6, 7, Steal }.Sum(i => Number(fields[i]));
        return (all / TicksPerSecond, Number(fields[Steal]) / TicksPerSecond);
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>The most memory that the measured process held while it was watched.</summary>
internal sealed class MemoryWatch : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;
    private long _peakKilobytes;

    public MemoryWatch(int process) => _watching = WatchAsync($"/proc/{process}/status");

    public double PeakMegabytes => _peakKilobytes / 1024.0;

    private async Task WatchAsync(string path)
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            do
            {
                var line = (await File.ReadAllLinesAsync(path, _stop.Token))
                    .First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
                var kilobytes = long.Parse(line.AsSpan(6).Trim(" \tkB"), CultureInfo.InvariantCulture);
                _peakKilobytes = Math.Max(_peakKilobytes, kilobytes);
            }
            while (await timer.WaitForNextTickAsync(_stop.Token));
        }
        catch (OperationCanceledException)
        {
            // Disposed of.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }
}

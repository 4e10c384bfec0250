using System.Diagnostics;

namespace Lungfish.Bench.Measuring;

/// <summary>Waits for moments in which others on the host leave the processors to this machine.</summary>
/// <param name="patience">How long it waits in all.</param>
internal sealed class Calm(TimeSpan patience)
{
    public static readonly TimeSpan UsualPatience = TimeSpan.FromMinutes(2);

    /// <summary>What others may take of the processors in a take that counts.</summary>
    private const double StolenShareMax = 0.03;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Probe = TimeSpan.FromSeconds(1);

    private TimeSpan _left = patience;

    public static bool IsDisturbance(double stolenCores) => stolenCores > StolenShareMax * Environment.ProcessorCount;

    public static bool IsDisturbed(Measurement take) => IsDisturbance(take.StolenCores);

    /// <returns>False: there is no such moment, or it was waited too long for others before.</returns>
    public async Task<bool> TryWaitAsync()
    {
        while (_left > TimeSpan.Zero)
        {
            var began = Stopwatch.GetTimestamp();
            await Task.Delay(Pause);
            var stolen = await ReadStolenCoresAsync();
            _left -= Stopwatch.GetElapsedTime(began);
            if (!IsDisturbance(stolen))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Measures again while others disturb it and there is patience.</summary>
    public async Task<double> MeasureAsync(Func<Task<double>> take)
    {
        while (true)
        {
            var (value, stolenCores) = await WatchAsync(take);
            if (!IsDisturbance(stolenCores) || !await TryWaitAsync())
            {
                return value;
            }
        }
    }

    /// <summary>Only of somebody who wants them can processors be taken.</summary>
    private static async Task<double> ReadStolenCoresAsync()
    {
        var (_, stolenCores) = await WatchAsync(async () =>
        {
            var began = Stopwatch.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Task.Run(() =>
            {
                while (Stopwatch.GetElapsedTime(began) < Probe)
                {
                    Thread.SpinWait(1000);
                }
            })));
            return 0.0;
        });
        return stolenCores;
    }

    private static async Task<(double Value, double StolenCores)> WatchAsync(Func<Task<double>> take)
    {
        var before = CpuTimes.Now(Environment.ProcessId);
        var began = Stopwatch.GetTimestamp();
        var value = await take();
        var spent = CpuTimes.Now(Environment.ProcessId) - before;
        return (value, spent.Stolen / Stopwatch.GetElapsedTime(began).TotalSeconds);
    }
}

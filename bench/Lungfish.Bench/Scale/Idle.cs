using System.Diagnostics;
using Lungfish.Bench.Measuring;

namespace Lungfish.Bench.Scale;

/// <summary>What a process does while nothing is asked of it.</summary>
internal static class Idle
{
    private const double QuietShare = 0.03;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>Returns when it has nothing more to do.</summary>
    public static async Task WaitAsync(int processId)
    {
        while (await PercentOfACoreAsync(processId, Look) > QuietShare * 100)
        {
        }
    }

    /// <summary>With the processes that it has started.</summary>
    public static async Task<double> PercentOfACoreAsync(int processId, TimeSpan watched)
    {
        var before = CpuTimes.Now(processId);
        var began = Stopwatch.GetTimestamp();
        await Task.Delay(watched);
        var spent = CpuTimes.Now(processId) - before;
        return (spent.Server + spent.Functions) * 100 / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }
}

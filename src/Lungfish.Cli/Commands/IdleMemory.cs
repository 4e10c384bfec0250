using System.Runtime;

namespace Lungfish.Cli.Commands;

/// <summary>Gives back what a burst has left: a process without work collects nothing, and keeps all that it once
/// took.</summary>
internal sealed class IdleMemory
{
    private const long Megabyte = 1_048_576;
    private const long QuietBytes = 4 * Megabyte; // Between two looks: an open console, a health check.
    private const long WorthBytes = 64 * Megabyte;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private long _allocated;
    private bool _isDone = true; // Since the last work.

    /// <summary>Looks now and then, until cancelled.</summary>
    public static async Task WatchAsync(CancellationToken cancellationToken)
    {
        var memory = new IdleMemory();
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                var committed = GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes;
                if (memory.IsTime(GC.GetTotalAllocatedBytes(), committed))
                {
                    GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
                    GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    /// <summary>Whether it is quiet for the first time since there was work, with something to give back.</summary>
    /// <param name="allocated">Bytes since the process started.</param>
    /// <param name="committed">Bytes that the heap holds of the machine's memory.</param>
    public bool IsTime(long allocated, long committed)
    {
        var isQuiet = allocated - _allocated < QuietBytes;
        var isTime = isQuiet && !_isDone && committed > WorthBytes;
        _allocated = allocated;
        _isDone = isQuiet;
        return isTime;
    }
}

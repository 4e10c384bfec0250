namespace Lungfish.Functions.Processes;

/// <summary>Says when all processes are to be looked at, which takes some milliseconds: now and then while functions
/// run, and at once when the machine shows that something multiplies.</summary>
/// <remarks>Limits of the operating system do not do it. That of processes counts all of the user's and does not bind
/// root; that of memory counts what is reserved; and control groups are not ours to make on most machines.</remarks>
internal sealed class ProcessWatch(TimeProvider time)
{
    /// <summary>Documented: processes and threads of an execution environment.</summary>
    public const int ThreadsMax = 1024;

    private const int ThreadsMore = 128;
    private const long MemoryLess = 256 * 1024 * 1024;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private int _threads;
    private long _memory;
    private long _lookedAt;

    /// <returns>All process groups; null: nothing speaks for looking at them.</returns>
    public Dictionary<int, GroupUse>? Look(bool anyRuns)
    {
        var (threads, memory) = (ProcessTable.CountThreads(), ProcessTable.ReadMemoryAvailable());
        if (threads < _threads + ThreadsMore && memory > _memory - MemoryLess
            && !(anyRuns && time.GetElapsedTime(_lookedAt) > Interval))
        {
            // What others give back may be taken by a function next.
            (_threads, _memory) = (Math.Min(_threads, threads), Math.Max(_memory, memory));
            return null;
        }

        (_threads, _memory, _lookedAt) = (threads, memory, time.GetTimestamp());
        return ProcessTable.ReadGroups();
    }
}

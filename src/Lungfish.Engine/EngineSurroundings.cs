using Lungfish.Engine.Identifiers;

namespace Lungfish.Engine;

/// <summary>What the engine takes from the process around it: where its work runs, and what makes ids. The simulation
/// gives it others, so that one seed leads to one run.</summary>
/// <remarks>What is awaited comes back to the synchronization context of whoever started it; servers have none, and so
/// it comes back to the thread pool. <c>WhenAll</c> and <c>WaitAsync</c> leave that context when they stand right on a
/// source whose continuations run asynchronously: an await in between keeps them there.</remarks>
internal class EngineSurroundings
{
    public static EngineSurroundings Process { get; } = new();

    /// <summary>True if work may run on the calling thread, now.</summary>
    public virtual bool RunsWorkHere => Thread.CurrentThread.IsThreadPoolThread;

    public virtual void Queue(IThreadPoolWorkItem work) =>
        _ = ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);

    /// <summary>Tells all who listen, without waiting for what they do about it.</summary>
    public virtual Task CancelAsync(CancellationTokenSource source) => source.CancelAsync();

    public virtual Guid NewUuid() => Uuids.New();

    /// <summary>Of version 7.</summary>
    public virtual Guid NewUuid(DateTimeOffset at) => Uuids.New(at);
}

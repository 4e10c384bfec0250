using Lungfish.Engine.Identifiers;

namespace Lungfish.Engine.Storage;

/// <summary>What the engine needs of a database. Two implementations, one set of contract tests.</summary>
/// <remarks>Reads see every commit that was acknowledged before they began. Safe for use from many threads.</remarks>
public interface IStore : IAsyncDisposable
{
    /// <summary>Whether there is room for what is new. A store that cannot tell says that there is.</summary>
    StoreSpace Space => StoreSpace.Ample;

    /// <summary>Takes a partition over: raises its epoch, so that the former owner's commits are refused from now
    /// on.</summary>
    Task<PartitionLease> AcquireAsync(
        PartitionId partition, SlotRange slots, Guid owner, CancellationToken cancellationToken);

    /// <summary>Writes a batch in one transaction, or nothing of it; returns when it is durable.</summary>
    /// <exception cref="LeaseLostException">The store knows a newer epoch or another sequence; nothing was
    /// written.</exception>
    /// <exception cref="StoreFullException">There is no room; nothing was written, and the same batch may be committed
    /// later.</exception>
    /// <exception cref="StoreUnavailableException">The outcome is unknown: drop the memory and reload.</exception>
    Task CommitAsync(LaneBatch batch, CancellationToken cancellationToken);

    /// <summary>An execution with its whole journal as of its last commit, or null if there is none by that
    /// id.</summary>
    /// <exception cref="UnreadableExecutionException">Its journal is damaged.</exception>
    Task<StoredExecution?> FindExecutionAsync(ExecutionId id, CancellationToken cancellationToken);

    /// <summary>The execution that has this name now, or null.</summary>
    Task<ExecutionHeader?> FindByNameAsync(ExecutionKey key, CancellationToken cancellationToken);

    /// <summary>Names of the executions that an owner has, in an order of the store's own.</summary>
    /// <param name="ownerArn">See <see cref="ExecutionKey"/>.</param>
    /// <param name="after">The last name of the answer before; null: from the first.</param>
    /// <param name="countMax">Fewer mean that there are no more.</param>
    /// <param name="cancellationToken">Nobody needs them any more.</param>
    /// <returns>Null: this store has no fast way, look names up one by one.</returns>
    Task<IReadOnlyList<string>?> ListNamesAsync(
        string ownerArn, string? after, int countMax, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>?>(null);

    /// <summary>Executions that have something in flight: what recovery must load.</summary>
    Task<IReadOnlyList<ExecutionId>> ReadActiveAsync(SlotRange slots, CancellationToken cancellationToken);

    /// <summary>Parked executions of one kind by the second in which they must be woken, earliest first; those of one
    /// second in the order of their ids, whatever their moments in it.</summary>
    Task<IReadOnlyList<Wakeup>> ReadWakeupsAsync(
        SlotRange slots,
        ExecutionKind kind,
        DateTimeOffset before,
        int countMax,
        CancellationToken cancellationToken);

    /// <summary>Journal segments that hold the events from <paramref name="firstEventId"/> to <paramref
    /// name="lastEventId"/>.</summary>
    Task<IReadOnlyList<StoredSegment>> ReadJournalAsync(
        ExecutionId id, long firstEventId, long lastEventId, CancellationToken cancellationToken);

    /// <summary>The id of its newest history event; 0 if there is none.</summary>
    /// <remarks>A store that has no faster way reads the journal.</remarks>
    async Task<long> FindLastEventIdAsync(ExecutionId id, CancellationToken cancellationToken) =>
        await ReadJournalAsync(id, 1, long.MaxValue, cancellationToken) is [.., var last]
            ? last.FirstEventId + last.EventCount - 1
            : 0;

    /// <summary>Executions of state machines, or durable ones, in the order of their starts.</summary>
    Task<IReadOnlyList<ExecutionHeader>> ListExecutionsAsync(ExecutionQuery query, CancellationToken cancellationToken);

    Task<StoredMapRun?> FindMapRunAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>The map runs of an execution, newest first.</summary>
    Task<IReadOnlyList<StoredMapRun>> ListMapRunsAsync(
        ExecutionId execution, ExecutionCursor? after, int countMax, CancellationToken cancellationToken);

    /// <summary>Map runs that are over, while child executions of theirs are not.</summary>
    Task<IReadOnlyList<StoredMapRun>> ReadEndedMapRunsWithOpenChildrenAsync(CancellationToken cancellationToken);

    /// <summary>Tasks that wait for an answer by token, or callbacks of durable executions, oldest first.</summary>
    Task<IReadOnlyList<StoredCallback>> ListCallbacksAsync(CallbackQuery query, CancellationToken cancellationToken);

    /// <summary>Removes executions that closed before that moment, and those whose own retention has ended, with all
    /// they own, in one small transaction.</summary>
    /// <param name="closedBefore">For executions without a retention of their own.</param>
    /// <param name="now">For those that have one.</param>
    /// <returns>How many were removed: <paramref name="countMax"/> means there may be more.</returns>
    Task<int> RemoveClosedAsync(
        DateTimeOffset closedBefore, DateTimeOffset now, int countMax, CancellationToken cancellationToken);

    /// <summary>Reads one entry of the catalog: definitions of machines, activities, functions and their
    /// like.</summary>
    Task<CatalogEntry?> FindCatalogAsync(string kind, string key, CancellationToken cancellationToken);

    /// <summary>Entries of a kind whose key begins with <paramref name="keyPrefix"/> and comes after
    /// <paramref name="afterKey"/> (null: from the first), in ordinal order of the key.</summary>
    Task<IReadOnlyList<CatalogEntry>> ListCatalogAsync(
        string kind, string keyPrefix, string? afterKey, int countMax, CancellationToken cancellationToken);

    /// <summary>Applies all changes in one transaction, or none of them; returns when they are durable.</summary>
    /// <exception cref="CatalogConflictException">An entry is not at the expected version; nothing was
    /// written.</exception>
    /// <exception cref="StoreUnavailableException">The outcome is unknown, or the disk is full.</exception>
    Task WriteCatalogAsync(IReadOnlyList<CatalogChange> changes, CancellationToken cancellationToken);
}

/// <summary>A newer epoch, or another commit than the expected one, is in the store: this owner has lost the
/// partition.</summary>
public sealed class LeaseLostException(PartitionId partition)
    : Exception($"Partition {partition.Number} was taken by another owner.")
{
    public PartitionId Partition { get; } = partition;
}

/// <summary>The store could not do it, or nobody knows whether it did.</summary>
public class StoreUnavailableException(string message, Exception? innerException = null)
    : Exception(message, innerException);

/// <summary>There was no room for it: nothing was written, and what was to be written still holds.</summary>
public sealed class StoreFullException(string message, Exception? innerException = null)
    : StoreUnavailableException(message, innerException);

/// <summary>What is on the disk is not what was written there: no later try will read it.</summary>
public sealed class StoreDamagedException(string path, string reason, Exception? innerException = null)
    : StoreUnavailableException(
        $"'{path}' is damaged ({reason}): check it with 'lungfish fsck', and restore it from a backup.",
        innerException);

/// <summary>How much room a store has.</summary>
public enum StoreSpace
{
    Ample = 0,

    /// <summary>What is left is for what is open, so that it can end: nothing new is to be begun.</summary>
    Reserve = 1,

    /// <summary>Nothing can be written; reads go on.</summary>
    None = 2,
}

/// <summary>An execution is there, and cannot be brought into memory.</summary>
public sealed class UnreadableExecutionException(ExecutionKey key, Exception reason) : Exception(reason.Message, reason)
{
    public ExecutionKey Key { get; } = key;
}

/// <summary>The data cannot be opened: locked by another server, unreadable, of a newer schema. The message says it
/// all.</summary>
public sealed class StoreRefusedException(string message, Exception? innerException = null)
    : Exception(message, innerException);

public sealed class CatalogConflictException(string kind, string key)
    : Exception($"The {kind} '{key}' was changed by somebody else.");

using Lungfish.Engine.Identifiers;

namespace Lungfish.Engine.Storage;

/// <summary>The store as the API's operations see it: when it fails, the caller is told to try again.</summary>
/// <param name="refusal">In the words of that API.</param>
internal sealed class RefusingStore(IStore store, Func<Exception, ApiException> refusal) : IStore
{
    public StoreSpace Space => store.Space;

    public Task<PartitionLease> AcquireAsync(
        PartitionId partition, SlotRange slots, Guid owner, CancellationToken cancellationToken) =>
        RefuseAsync(() => store.AcquireAsync(partition, slots, owner, cancellationToken));

    public Task CommitAsync(LaneBatch batch, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("Only the lane commits, on the store itself.");

    public Task<StoredExecution?> FindExecutionAsync(ExecutionId id, CancellationToken cancellationToken) =>
        RefuseAsync(() => store.FindExecutionAsync(id, cancellationToken));

    public Task<ExecutionHeader?> FindByNameAsync(ExecutionKey key, CancellationToken cancellationToken) =>
        RefuseAsync(() => store.FindByNameAsync(key, cancellationToken));

    public Task<IReadOnlyList<string>?> ListNamesAsync(
        string ownerArn, string? after, int countMax, CancellationToken cancellationToken) =>
        RefuseAsync(() => store.ListNamesAsync(ownerArn, after, countMax, cancellationToken));

    public Task<IReadOnlyList<ExecutionId>> ReadActiveAsync(SlotRange slots, CancellationToken cancellationToken) =>
        RefuseAsync(() => store.ReadActiveAsync(slots, cancellationToken));

    public Task<IReadOnlyList<Wakeup>> ReadWakeupsAsync(
        SlotRange slots,
        ExecutionKind kind,
        DateTimeOffset before,
        int countMax,
        CancellationToken cancellationToken) =>
        RefuseAsync(() => store.ReadWakeupsAsync(slots, kind, before, countMax, cancellationToken));

    public Task<IReadOnlyList<StoredSegment>> ReadJournalAsync(
        ExecutionId id, long firstEventId, long lastEventId, CancellationToken cancellationToken) =>
        RefuseAsync(() => store.ReadJournalAsync(id, firstEventId, lastEventId, cancellationToken));

    public Task<long> FindLastEventIdAsync(ExecutionId id, CancellationToken cancellationToken) =>
        RefuseAsync(() => store.FindLastEventIdAsync(id, cancellationToken));

    public Task<IReadOnlyList<ExecutionHeader>> ListExecutionsAsync(
        ExecutionQuery query, CancellationToken cancellationToken) =>
        RefuseAsync(() => store.ListExecutionsAsync(query, cancellationToken));

    public Task<StoredMapRun?> FindMapRunAsync(Guid id, CancellationToken cancellationToken) =>
        RefuseAsync(() => store.FindMapRunAsync(id, cancellationToken));

    public Task<IReadOnlyList<StoredMapRun>> ListMapRunsAsync(
        ExecutionId execution, ExecutionCursor? after, int countMax, CancellationToken cancellationToken) =>
        RefuseAsync(() => store.ListMapRunsAsync(execution, after, countMax, cancellationToken));

    public Task<IReadOnlyList<StoredMapRun>> ReadEndedMapRunsWithOpenChildrenAsync(
        CancellationToken cancellationToken) =>
        RefuseAsync(() => store.ReadEndedMapRunsWithOpenChildrenAsync(cancellationToken));

    public Task<IReadOnlyList<StoredCallback>> ListCallbacksAsync(
        CallbackQuery query, CancellationToken cancellationToken) =>
        RefuseAsync(() => store.ListCallbacksAsync(query, cancellationToken));

    public Task<int> RemoveClosedAsync(
        DateTimeOffset closedBefore, DateTimeOffset now, int countMax, CancellationToken cancellationToken) =>
        RefuseAsync(() => store.RemoveClosedAsync(closedBefore, now, countMax, cancellationToken));

    public Task<CatalogEntry?> FindCatalogAsync(string kind, string key, CancellationToken cancellationToken) =>
        RefuseAsync(() => store.FindCatalogAsync(kind, key, cancellationToken));

    public Task<IReadOnlyList<CatalogEntry>> ListCatalogAsync(
        string kind, string keyPrefix, string? afterKey, int countMax, CancellationToken cancellationToken) =>
        RefuseAsync(() => store.ListCatalogAsync(kind, keyPrefix, afterKey, countMax, cancellationToken));

    public async Task WriteCatalogAsync(IReadOnlyList<CatalogChange> changes, CancellationToken cancellationToken)
    {
        try
        {
            await store.WriteCatalogAsync(changes, cancellationToken);
        }
        catch (Exception e) when (e is StoreUnavailableException or CatalogConflictException)
        {
            throw refusal(e);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask; // Its owner disposes of the store.

    private async Task<T> RefuseAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (StoreUnavailableException e)
        {
            throw refusal(e);
        }
    }
}

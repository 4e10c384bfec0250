using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Storage;

namespace Lungfish.Simulation.Planting;

/// <summary>A store that does what another does, but for what is planted in it.</summary>
internal abstract class StoreDecorator(IStore store) : IStore
{
    protected IStore Inner => store;

    public Task<PartitionLease> AcquireAsync(
        PartitionId partition, SlotRange slots, Guid owner, CancellationToken cancellationToken) =>
        store.AcquireAsync(partition, slots, owner, cancellationToken);

    public virtual Task CommitAsync(LaneBatch batch, CancellationToken cancellationToken) =>
        store.CommitAsync(batch, cancellationToken);

    public virtual Task<StoredExecution?> FindExecutionAsync(ExecutionId id, CancellationToken cancellationToken) =>
        store.FindExecutionAsync(id, cancellationToken);

    public Task<ExecutionHeader?> FindByNameAsync(ExecutionKey key, CancellationToken cancellationToken) =>
        store.FindByNameAsync(key, cancellationToken);

    public Task<IReadOnlyList<string>?> ListNamesAsync(
        string ownerArn, string? after, int countMax, CancellationToken cancellationToken) =>
        store.ListNamesAsync(ownerArn, after, countMax, cancellationToken);

    public Task<IReadOnlyList<ExecutionId>> ReadActiveAsync(SlotRange slots, CancellationToken cancellationToken) =>
        store.ReadActiveAsync(slots, cancellationToken);

    public Task<IReadOnlyList<Wakeup>> ReadWakeupsAsync(
        SlotRange slots,
        ExecutionKind kind,
        DateTimeOffset before,
        int countMax,
        CancellationToken cancellationToken) =>
        store.ReadWakeupsAsync(slots, kind, before, countMax, cancellationToken);

    public Task<IReadOnlyList<StoredSegment>> ReadJournalAsync(
        ExecutionId id, long firstEventId, long lastEventId, CancellationToken cancellationToken) =>
        store.ReadJournalAsync(id, firstEventId, lastEventId, cancellationToken);

    public Task<IReadOnlyList<ExecutionHeader>> ListExecutionsAsync(
        ExecutionQuery query, CancellationToken cancellationToken) =>
        store.ListExecutionsAsync(query, cancellationToken);

    public Task<StoredMapRun?> FindMapRunAsync(Guid id, CancellationToken cancellationToken) =>
        store.FindMapRunAsync(id, cancellationToken);

    public Task<IReadOnlyList<StoredMapRun>> ListMapRunsAsync(
        ExecutionId execution, ExecutionCursor? after, int countMax, CancellationToken cancellationToken) =>
        store.ListMapRunsAsync(execution, after, countMax, cancellationToken);

    public Task<IReadOnlyList<StoredMapRun>> ReadEndedMapRunsWithOpenChildrenAsync(
        CancellationToken cancellationToken) => store.ReadEndedMapRunsWithOpenChildrenAsync(cancellationToken);

    public Task<IReadOnlyList<StoredCallback>> ListCallbacksAsync(
        CallbackQuery query, CancellationToken cancellationToken) => store.ListCallbacksAsync(query, cancellationToken);

    public Task<int> RemoveClosedAsync(
        DateTimeOffset closedBefore, DateTimeOffset now, int countMax, CancellationToken cancellationToken) =>
        store.RemoveClosedAsync(closedBefore, now, countMax, cancellationToken);

    public virtual Task<CatalogEntry?> FindCatalogAsync(string kind, string key, CancellationToken cancellationToken) =>
        store.FindCatalogAsync(kind, key, cancellationToken);

    public Task<IReadOnlyList<CatalogEntry>> ListCatalogAsync(
        string kind, string keyPrefix, string? afterKey, int countMax, CancellationToken cancellationToken) =>
        store.ListCatalogAsync(kind, keyPrefix, afterKey, countMax, cancellationToken);

    public Task WriteCatalogAsync(IReadOnlyList<CatalogChange> changes, CancellationToken cancellationToken) =>
        store.WriteCatalogAsync(changes, cancellationToken);

    public ValueTask DisposeAsync() => store.DisposeAsync();
}

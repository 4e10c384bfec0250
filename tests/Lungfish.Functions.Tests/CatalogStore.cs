using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Storage;

namespace Lungfish.Functions.Tests;

/// <summary>The catalog of a store, in memory. It outlives a service: that is a restart.</summary>
internal sealed class CatalogStore : IStore
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<(string Kind, string Key), CatalogEntry> _entries = new(
        Comparer<(string Kind, string Key)>.Create((a, b) =>
            string.CompareOrdinal(a.Kind, b.Kind) is var kind and not 0 ? kind : string.CompareOrdinal(a.Key, b.Key)));

    public Task<CatalogEntry?> FindCatalogAsync(string kind, string key, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult(_entries.GetValueOrDefault((kind, key)));
        }
    }

    public Task<IReadOnlyList<CatalogEntry>> ListCatalogAsync(
        string kind, string keyPrefix, string? afterKey, int countMax, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<CatalogEntry>>([.. _entries.Values
                .Where(e => e.Kind == kind && e.Key.StartsWith(keyPrefix, StringComparison.Ordinal))
                .Where(e => afterKey is null || string.CompareOrdinal(e.Key, afterKey) > 0)
                .Take(countMax)]);
        }
    }

    public Task WriteCatalogAsync(IReadOnlyList<CatalogChange> changes, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            foreach (var change in changes)
            {
                var version = _entries.GetValueOrDefault((change.Kind, change.Key))?.Version ?? 0;
                if (change.ExpectedVersion is { } expected && expected != version)
                {
                    throw new CatalogConflictException(change.Kind, change.Key);
                }
            }

            foreach (var change in changes)
            {
                var key = (change.Kind, change.Key);
                var version = _entries.GetValueOrDefault(key)?.Version ?? 0;
                if (change.Value is { } value)
                {
                    _entries[key] = new CatalogEntry(change.Kind, change.Key, version + 1, value);
                }
                else
                {
                    _ = _entries.Remove(key);
                }
            }
        }

        return Task.CompletedTask;
    }

    public int Count(string kind)
    {
        lock (_gate)
        {
            return _entries.Keys.Count(k => k.Kind == kind);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    Task<PartitionLease> IStore.AcquireAsync(
        PartitionId partition, SlotRange slots, Guid owner, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    Task IStore.CommitAsync(LaneBatch batch, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<StoredExecution?> IStore.FindExecutionAsync(ExecutionId id, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    Task<ExecutionHeader?> IStore.FindByNameAsync(ExecutionKey key, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    Task<IReadOnlyList<ExecutionId>> IStore.ReadActiveAsync(SlotRange slots, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    Task<IReadOnlyList<Wakeup>> IStore.ReadWakeupsAsync(
        SlotRange slots,
        ExecutionKind kind,
        DateTimeOffset before,
        int countMax,
        CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    Task<IReadOnlyList<StoredSegment>> IStore.ReadJournalAsync(
        ExecutionId id, long firstEventId, long lastEventId, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    Task<IReadOnlyList<ExecutionHeader>> IStore.ListExecutionsAsync(
        ExecutionQuery query, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<StoredMapRun?> IStore.FindMapRunAsync(Guid id, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    Task<IReadOnlyList<StoredMapRun>> IStore.ListMapRunsAsync(
        ExecutionId execution, ExecutionCursor? after, int countMax, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    Task<IReadOnlyList<StoredMapRun>> IStore.ReadEndedMapRunsWithOpenChildrenAsync(
        CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<IReadOnlyList<StoredCallback>> IStore.ListCallbacksAsync(
        CallbackQuery query, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<int> IStore.RemoveClosedAsync(
        DateTimeOffset closedBefore, DateTimeOffset now, int countMax, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}

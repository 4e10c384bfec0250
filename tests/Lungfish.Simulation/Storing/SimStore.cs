using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Storage;
using Lungfish.Simulation.Scheduling;

namespace Lungfish.Simulation.Storing;

/// <summary>The store as one process of the server sees it: each call takes its time and meets its fate, and the
/// answers end with the process.</summary>
internal sealed class SimStore(SimDisk disk, StoreFates fates, SimContext process) : IStore
{
    public Task<PartitionLease> AcquireAsync(
        PartitionId partition, SlotRange slots, Guid owner, CancellationToken cancellationToken) =>
        ReadAsync(() => disk.Acquire(partition, slots, owner));

    public Task CommitAsync(LaneBatch batch, CancellationToken cancellationToken) => fates.CommitAsync(batch, process);

    public Task<StoredExecution?> FindExecutionAsync(ExecutionId id, CancellationToken cancellationToken) =>
        ReadAsync(() => disk.Find(id.Uuid)?.Read());

    public Task<ExecutionHeader?> FindByNameAsync(ExecutionKey key, CancellationToken cancellationToken) =>
        ReadAsync(() => disk.Find(key)?.Header(withOutput: true));

    public Task<IReadOnlyList<string>?> ListNamesAsync(
        string ownerArn, string? after, int countMax, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<string>?>(() =>
        [
            .. disk.Rows.Where(row => row.Key.OwnerArn == ownerArn).Select(row => row.Key.Name)
                .Where(name => string.CompareOrdinal(name, after) > 0).Order(StringComparer.Ordinal).Take(countMax),
        ]);

    public Task<IReadOnlyList<ExecutionId>> ReadActiveAsync(SlotRange slots, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<ExecutionId>>(() =>
            [.. disk.In(slots).Where(row => row.Rest is Active).Select(row => row.Id)]);

    public Task<IReadOnlyList<Wakeup>> ReadWakeupsAsync(
        SlotRange slots,
        ExecutionKind kind,
        DateTimeOffset before,
        int countMax,
        CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<Wakeup>>(() =>
        [
            .. (from row in disk.In(slots)
                let at = (row.Rest as Parked)?.WakeAt
                where at is not null && at < before && row.Key.Kind == kind
                orderby at.Value.ToUnixTimeSeconds(), row.Id.Uuid
                select new Wakeup(row.Id, at.Value)).Take(countMax),
        ]);

    public Task<IReadOnlyList<StoredSegment>> ReadJournalAsync(
        ExecutionId id, long firstEventId, long lastEventId, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<StoredSegment>>(() =>
        [
            .. (disk.Find(id.Uuid)?.Journal ?? []).Where(segment => segment.EventCount > 0
                && segment.FirstEventId <= lastEventId && segment.FirstEventId + segment.EventCount > firstEventId),
        ]);

    public Task<IReadOnlyList<ExecutionHeader>> ListExecutionsAsync(
        ExecutionQuery query, CancellationToken cancellationToken) => ReadAsync(() => disk.List(query));

    public Task<StoredMapRun?> FindMapRunAsync(Guid id, CancellationToken cancellationToken) =>
        ReadAsync(() => disk.FindMapRun(id));

    public Task<IReadOnlyList<StoredMapRun>> ListMapRunsAsync(
        ExecutionId execution, ExecutionCursor? after, int countMax, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<StoredMapRun>>(() =>
        [
            .. disk.MapRuns.Where(run => run.Execution == execution.Uuid)
                .OrderByDescending(run => run.StartedAt).ThenByDescending(run => run.Id)
                .Where(run => after is not { } cursor || run.StartedAt < cursor.StartedAt
                    || (run.StartedAt == cursor.StartedAt && run.Id.CompareTo(cursor.Uuid) < 0))
                .Take(countMax),
        ]);

    public Task<IReadOnlyList<StoredMapRun>> ReadEndedMapRunsWithOpenChildrenAsync(
        CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<StoredMapRun>>(() =>
        [
            .. disk.MapRuns.Where(run => run.StoppedAt is not null
                && disk.Rows.Any(row => row.Child?.MapRun == run.Id && row.Rest is not Closed)),
        ]);

    public Task<IReadOnlyList<StoredCallback>> ListCallbacksAsync(
        CallbackQuery query, CancellationToken cancellationToken) => ReadAsync(() => disk.List(query));

    public Task<int> RemoveClosedAsync(
        DateTimeOffset closedBefore, DateTimeOffset now, int countMax, CancellationToken cancellationToken) =>
        ReadAsync(() => disk.RemoveClosed(closedBefore, now, countMax));

    public Task<CatalogEntry?> FindCatalogAsync(string kind, string key, CancellationToken cancellationToken) =>
        ReadAsync(() => disk.FindCatalog(kind, key));

    public Task<IReadOnlyList<CatalogEntry>> ListCatalogAsync(
        string kind, string keyPrefix, string? afterKey, int countMax, CancellationToken cancellationToken) =>
        ReadAsync(() => disk.ListCatalog(kind, keyPrefix, afterKey, countMax));

    public Task WriteCatalogAsync(IReadOnlyList<CatalogChange> changes, CancellationToken cancellationToken) =>
        ReadAsync(() =>
        {
            disk.WriteCatalog(changes);
            return true;
        });

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Task<T> ReadAsync<T>(Func<T> read) => fates.ReadAsync(read, process);
}

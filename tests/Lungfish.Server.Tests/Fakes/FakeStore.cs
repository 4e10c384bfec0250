using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Storage;
using Lungfish.States.Deciding;

namespace Lungfish.Server.Tests.Fakes;

/// <summary>A store with one execution, for what the console lists.</summary>
internal sealed class FakeStore : IStore
{
    private static ExecutionKey Key { get; } = new(FakeStateMachines.Arn, "e");

    private static ExecutionHeader Header { get; } = new()
    {
        Id = new ExecutionId(Key.Slot, Guid.Empty),
        Key = Key,
        Revision = "r",
        Status = ExecutionStatus.Running,
        StartedAt = FakeExecutions.StartedAt,
    };

    public Task<IReadOnlyList<ExecutionHeader>> ListExecutionsAsync(
        ExecutionQuery query, CancellationToken cancellationToken)
    {
        var fits = query.NamePrefix is null || Key.Name.StartsWith(query.NamePrefix, StringComparison.Ordinal);
        return Task.FromResult<IReadOnlyList<ExecutionHeader>>(fits ? [Header] : []);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public Task<PartitionLease> AcquireAsync(
        PartitionId partition, SlotRange slots, Guid owner, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task CommitAsync(LaneBatch batch, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<StoredExecution?> FindExecutionAsync(ExecutionId id, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<ExecutionHeader?> FindByNameAsync(ExecutionKey key, CancellationToken cancellationToken) =>
        Task.FromResult(key == Key ? Header : null);

    public Task<IReadOnlyList<ExecutionId>> ReadActiveAsync(SlotRange slots, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<Wakeup>> ReadWakeupsAsync(
        SlotRange slots,
        ExecutionKind kind,
        DateTimeOffset before,
        int countMax,
        CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<StoredSegment>> ReadJournalAsync(
        ExecutionId id, long firstEventId, long lastEventId, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<StoredMapRun?> FindMapRunAsync(Guid id, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<StoredMapRun>> ListMapRunsAsync(
        ExecutionId execution, ExecutionCursor? after, int countMax, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<StoredMapRun>> ReadEndedMapRunsWithOpenChildrenAsync(
        CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<StoredCallback>> ListCallbacksAsync(
        CallbackQuery query, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<int> RemoveClosedAsync(
        DateTimeOffset closedBefore, DateTimeOffset now, int countMax, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<CatalogEntry?> FindCatalogAsync(string kind, string key, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<CatalogEntry>> ListCatalogAsync(
        string kind, string keyPrefix, string? afterKey, int countMax, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task WriteCatalogAsync(IReadOnlyList<CatalogChange> changes, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}

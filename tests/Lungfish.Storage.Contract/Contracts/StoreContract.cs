using Lungfish.Engine.Storage;

namespace Lungfish.Storage.Contract.Contracts;

/// <summary>How the tests get at one kind of store: a fresh database for each test.</summary>
public interface IStoreHost : IAsyncDisposable
{
    /// <summary>The same database each time; the former store was disposed of.</summary>
    Task<IStore> OpenAsync();
}

/// <summary>What every store must do. Each kind of store runs these classes under a name of its own.</summary>
public abstract class StoreContract(IStoreHost host) : IAsyncLifetime
{
    private IStore? _store;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected IStore Store => _store ?? throw new InvalidOperationException("The test has not begun.");

    public async ValueTask InitializeAsync() => _store = await host.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Store.DisposeAsync();
        await host.DisposeAsync();
    }

    protected async Task ReopenAsync()
    {
        await Store.DisposeAsync();
        _store = await host.OpenAsync();
    }

    /// <summary>Takes partition 0 with all slots.</summary>
    protected async Task<Owner> OwnAsync() => new(
        Store, await Store.AcquireAsync(Given.Partition, Given.AllSlots, Guid.NewGuid(), Cancellation));

    protected async Task<StoredExecution> GetAsync(ExecutionDelta delta) =>
        await Store.FindExecutionAsync(delta.Id, Cancellation) ?? throw new InvalidOperationException("Not found.");
}

/// <summary>An owner of a partition, who counts the commits as the engine does.</summary>
public sealed class Owner(IStore store, PartitionLease lease)
{
    public PartitionLease Lease { get; private set; } = lease;

    public async Task CommitAsync(params ExecutionDelta[] deltas)
    {
        await store.CommitAsync(new LaneBatch([new PartitionBatch(Lease, [.. deltas])]), CancellationToken.None);
        Lease = Lease with { CommitSequence = Lease.CommitSequence + 1 };
    }
}

using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Partitions;
using Lungfish.Engine.StateMachines;
using Lungfish.Engine.Storage;
using Lungfish.States.Deciding;

namespace Lungfish.Engine.Durable;

/// <summary>Brings executions into memory: those of functions as durable executions, all others by the loader of state
/// machines.</summary>
/// <param name="services">Null: this engine has no functions.</param>
internal sealed class DurableLoader(IStore store, DurableServices? services, StateMachineLoader stateMachines)
    : IResidentLoader
{
    public async Task<LoadedExecution> LoadAsync(ExecutionId id, bool reopens, CancellationToken cancellationToken)
    {
        if (await store.FindExecutionAsync(id, cancellationToken) is not { } stored)
        {
            return default;
        }

        if (stored.Header.Status != ExecutionStatus.Running && !reopens)
        {
            return new LoadedExecution(null, stored.Header);
        }

        try
        {
            return stored.Header.Key.IsDurable
                ? new LoadedExecution(LoadDurable(stored), null)
                : await stateMachines.LoadAsync(stored, cancellationToken);
        }
        catch (Exception e) when (!Refusals.IsPassing(e))
        {
            throw new UnreadableExecutionException(stored.Header.Key, e);
        }
    }

    private DurableResident LoadDurable(StoredExecution stored) => services is null
        ? throw new InvalidOperationException("It is a durable execution, and this server runs no functions.")
        : DurableResident.FromStore(services, stored);
}

using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Partitions;
using Lungfish.Engine.Storage;
using Lungfish.Journal;
using Lungfish.States.Deciding;

namespace Lungfish.Engine.StateMachines;

/// <summary>Rebuilds executions from their journals: the fold of the facts, nothing is evaluated again.</summary>
internal sealed class StateMachineLoader(IStore store, StateMachineCatalog catalog, StateMachineServices services)
    : IResidentLoader
{
    public async Task<LoadedExecution> LoadAsync(ExecutionId id, CancellationToken cancellationToken)
    {
        if (await store.FindExecutionAsync(id, cancellationToken) is not { } stored)
        {
            return default;
        }

        if (stored.Header.Status != ExecutionStatus.Running)
        {
            return new LoadedExecution(null, stored.Header);
        }

        var definition = await catalog.GetDefinitionAsync(
            stored.Header.Key.OwnerArn, stored.Header.Revision, cancellationToken);
        var execution = Execution.Blank(definition);
        string? input = null;
        foreach (var segment in stored.Journal)
        {
            foreach (var fact in JournalReading.Facts(segment))
            {
                input ??= JournalReading.InputOf([fact]);
                execution = execution.Apply(fact);
            }
        }

        return input is null
            ? throw new CorruptJournalException("An execution without a journal.")
            : new LoadedExecution(StateMachineResident.FromStore(services, stored, execution, input), null);
    }
}

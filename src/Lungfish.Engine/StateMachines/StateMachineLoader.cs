using Lungfish.Engine.Partitions;
using Lungfish.Engine.Storage;
using Lungfish.Journal;
using Lungfish.States.Deciding;

namespace Lungfish.Engine.StateMachines;

/// <summary>Rebuilds executions from their journals: the fold of the facts, nothing is evaluated again.</summary>
internal sealed class StateMachineLoader(StateMachineCatalog catalog, StateMachineServices services)
{
    /// <param name="stored">An open one.</param>
    public async Task<LoadedExecution> LoadAsync(StoredExecution stored, CancellationToken cancellationToken)
    {
        var definition = await catalog.GetDefinitionAsync(
            stored.Header.Key.OwnerArn, stored.Header.Revision, cancellationToken);
        var execution = Execution.Blank(definition);
        string? input = null;
        foreach (var fact in JournalReading.Facts(stored.Journal))
        {
            input ??= JournalReading.InputOf([fact]);
            execution = execution.Apply(fact);
        }

        return input is null
            ? throw new CorruptJournalException("An execution without a journal.")
            : new LoadedExecution(StateMachineResident.FromStore(services, stored, execution, input), null);
    }
}

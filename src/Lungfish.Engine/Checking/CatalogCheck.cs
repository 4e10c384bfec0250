using Lungfish.Engine.Activities;
using Lungfish.Engine.StateMachines;
using Lungfish.Engine.Storage;

namespace Lungfish.Engine.Checking;

/// <summary>Checks that the engine's entries of the catalog can be read: machines, their definitions,
/// activities.</summary>
/// <param name="findCatalog">Finds an entry by kind and key, or null.</param>
public sealed class CatalogCheck(Func<string, string, CatalogEntry?> findCatalog)
{
    public static IReadOnlyList<string> Kinds { get; } =
        [StateMachineCatalog.MachineKind, StateMachineCatalog.DefinitionKind, ActivityRegistry.Kind];

    public IEnumerable<Finding> Check(CatalogEntry entry)
    {
        if (FindProblem(entry) is { } problem)
        {
            yield return new Finding(FindingKinds.CatalogEntry, $"{entry.Kind} {entry.Key}", problem);
        }
    }

    private string? FindProblem(CatalogEntry entry)
    {
        try
        {
            switch (entry.Kind)
            {
                case StateMachineCatalog.MachineKind:
                    var machine = StateMachineRecord.Read(entry.Key, entry.Version, entry.Value.Span);
                    var revision = StateMachineCatalog.RevisionKey(machine.Arn, machine.CurrentRevision);
                    return findCatalog(StateMachineCatalog.DefinitionKind, revision) is null
                        ? $"Its current revision {machine.CurrentRevision} is not in the catalog."
                        : null;
                case StateMachineCatalog.DefinitionKind:
                    var separator = entry.Key.LastIndexOf('#');
                    var read = StateMachineRevision.Read(entry.Key[(separator + 1)..], entry.Value.Span);
                    _ = StateMachineCatalog.Parse(entry.Key[..separator], read);
                    return null;
                case ActivityRegistry.Kind:
                    _ = ActivityRegistry.Read(entry);
                    return null;
                default:
                    return "This program does not know what it is.";
            }
        }
        catch (Exception e) when (StoredDefinitions.IsUnreadable(e))
        {
            return $"It cannot be read: {e.Message}";
        }
    }
}

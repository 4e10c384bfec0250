using Lungfish.Engine.StateMachines;
using Lungfish.Engine.Storage;
using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Model;

namespace Lungfish.Engine.Checking;

/// <summary>What executions of a machine run, out of the catalog; those in use are kept.</summary>
internal sealed class StoredDefinitions(Func<string, string, CatalogEntry?> findCatalog)
{
    private readonly BoundedCache<(string Arn, string Revision), StoredDefinition> _known = new(youngMax: 500);

    /// <param name="ownerArn">Of a machine, or of the child executions of its map runs.</param>
    public StoredDefinition Find(string ownerArn, string revision)
    {
        if (!_known.TryGet((ownerArn, revision), out var found))
        {
            found = Read(ownerArn, revision);
            _known.Set((ownerArn, revision), found);
        }

        return found;
    }

    /// <summary>What reading a stored value throws if it is not what was written.</summary>
    public static bool IsUnreadable(Exception e) => e is InvalidDataException or JsonParseException
        or InvalidCastException or FormatException or ArgumentException or System.Text.Json.JsonException;

    private StoredDefinition Read(string ownerArn, string revision)
    {
        var machineArn = MapRunNames.MachineArn(ownerArn);
        var key = StateMachineCatalog.RevisionKey(machineArn, revision);
        if (findCatalog(StateMachineCatalog.DefinitionKind, key) is not { } entry)
        {
            return new StoredDefinition(null, $"Revision {revision} of '{machineArn}' is not in the catalog.");
        }

        try
        {
            var definition = StateMachineCatalog.Parse(
                machineArn, StateMachineRevision.Read(revision, entry.Value.Span));
            definition = MapRunNames.LabelIn(ownerArn) is { } label
                ? MapRunNames.FindProcessor(definition, machineArn, label)
                : definition;
            return new StoredDefinition(
                definition, $"Revision {revision} of '{machineArn}' has no Map for '{ownerArn}'.");
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            return new StoredDefinition(null, $"Revision {revision} of '{machineArn}' cannot be read: {e.Message}");
        }
    }
}

/// <param name="Problem">Why there is none.</param>
internal readonly record struct StoredDefinition(StateMachineDefinition? Definition, string Problem);

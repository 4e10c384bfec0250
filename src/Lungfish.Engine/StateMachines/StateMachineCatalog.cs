using System.Collections.Concurrent;
using Lungfish.Engine.Storage;
using Lungfish.States.Deciding;
using Lungfish.States.Model;
using Lungfish.States.Parsing;
using Lungfish.States.Validation;

namespace Lungfish.Engine.StateMachines;

/// <summary>State machines and their revisions in the store's catalog, those in use also in memory.</summary>
/// <remarks>This process is the only writer; <see cref="StateMachineRegistry"/> writes one change after the
/// other.</remarks>
internal sealed class StateMachineCatalog(IStore store, DefinitionOptions options)
{
    public const string MachineKind = "machine";
    public const string DefinitionKind = "definition";

    private readonly ConcurrentDictionary<string, StateMachineRecord> _machines = new();
    private readonly BoundedCache<(string Arn, string Revision), Pin> _pins = new(youngMax: 500);

    /// <summary>The machine if it is in memory.</summary>
    public StateMachineRecord? FindKnown(string arn) => _machines.GetValueOrDefault(arn);

    public async ValueTask<StateMachineRecord?> FindAsync(string arn, CancellationToken cancellationToken)
    {
        if (_machines.TryGetValue(arn, out var known))
        {
            return known;
        }

        var entry = await store.FindCatalogAsync(MachineKind, arn, cancellationToken);
        return entry is null ? null : Remember(entry);
    }

    /// <exception cref="ApiException">StateMachineDoesNotExist</exception>
    public async ValueTask<StateMachineRecord> GetAsync(string arn, CancellationToken cancellationToken) =>
        await FindAsync(arn, cancellationToken) ?? throw StepFunctionsErrors.StateMachineDoesNotExist(arn);

    /// <summary>The revision that an execution which starts now would keep.</summary>
    public ValueTask<PinnedDefinition> PinAsync(StateMachineRecord machine, CancellationToken cancellationToken)
    {
        return _pins.TryGet((machine.Arn, machine.CurrentRevision), out var pin) && pin.Machine == machine
            ? new ValueTask<PinnedDefinition>(pin.Pinned)
            : new ValueTask<PinnedDefinition>(ReadAsync(machine, cancellationToken));

        async Task<PinnedDefinition> ReadAsync(StateMachineRecord of, CancellationToken cancelled)
        {
            var (revision, definition) = await GetRevisionAsync(of.Arn, of.CurrentRevision, cancelled);
            var pinned = new PinnedDefinition(of, revision, definition);
            _pins.Set((of.Arn, revision.Id), new Pin(of, pinned));
            return pinned;
        }
    }

    /// <summary>A revision, also of a machine that was deleted.</summary>
    public async Task<(StateMachineRevision Revision, StateMachineDefinition Definition)> GetRevisionAsync(
        string arn, string revision, CancellationToken cancellationToken)
    {
        if (_pins.TryGet((arn, revision), out var pin))
        {
            return (pin.Pinned.Revision, pin.Pinned.Definition);
        }

        var entry = await store.FindCatalogAsync(DefinitionKind, RevisionKey(arn, revision), cancellationToken)
            ?? throw new InvalidDataException($"Revision {revision} of '{arn}' is not in the catalog.");
        var read = StateMachineRevision.Read(revision, entry.Value.Span);
        var definition = Parse(arn, read);
        var machine = _machines.GetValueOrDefault(arn) ?? Detached(arn, read);
        _pins.Set((arn, revision), new Pin(machine, new PinnedDefinition(machine, read, definition)));
        return (read, definition);
    }

    /// <exception cref="InvalidDataException">It is no definition any more.</exception>
    public static StateMachineDefinition Parse(string arn, StateMachineRevision revision)
    {
        // It was accepted once: what this server can run is no question any more.
        var parse = DefinitionParser.Parse(revision.Definition, new DefinitionOptions { CanRun = _ => true });
        return parse.Definition
            ?? throw new InvalidDataException($"Revision {revision.Id} of '{arn}' cannot be read: {Tell(parse)}");
    }

    /// <summary>What executions of that machine run: for children of a map run, the item processor of its Map
    /// state.</summary>
    public async Task<StateMachineDefinition> GetDefinitionAsync(
        string arn, string revision, CancellationToken cancellationToken)
    {
        var machineArn = MapRunNames.MachineArn(arn);
        var (_, definition) = await GetRevisionAsync(machineArn, revision, cancellationToken);
        return MapRunNames.LabelIn(arn) is not { } label
            ? definition
            : MapRunNames.FindProcessor(definition, machineArn, label)
                ?? throw new InvalidDataException($"Revision {revision} of '{machineArn}' has no Map for '{arn}'.");
    }

    public DefinitionParse Check(string definition, StateMachineType type) =>
        DefinitionParser.Parse(definition, options with { Type = type });

    /// <exception cref="ApiException">InvalidDefinition</exception>
    public void Validate(string definition, StateMachineType type)
    {
        var parse = Check(definition, type);
        if (parse.LabelRefusal(definition) is { } refusal)
        {
            throw StepFunctionsErrors.InvalidLabel(refusal);
        }

        if (parse.Definition is null)
        {
            throw StepFunctionsErrors.InvalidDefinition(Tell(parse));
        }
    }

    public async Task<IReadOnlyList<StateMachineRecord>> ListAsync(
        string arnPrefix, string? afterArn, int countMax, CancellationToken cancellationToken)
    {
        var entries = await store.ListCatalogAsync(MachineKind, arnPrefix, afterArn, countMax, cancellationToken);
        return [.. entries.Select(Remember)];
    }

    /// <summary>Writes a machine, with a new revision if there is one; that is current once it is durable.</summary>
    public async Task WriteAsync(
        StateMachineRecord machine, StateMachineRevision? revision, CancellationToken cancellationToken)
    {
        var current = revision?.Id ?? machine.CurrentRevision;
        var changes = new List<CatalogChange>
        {
            new(MachineKind, machine.Arn, machine.Version, machine.Write(current)),
        };
        if (revision is not null)
        {
            changes.Add(new CatalogChange(DefinitionKind, RevisionKey(machine.Arn, revision.Id), 0, revision.Write()));
        }

        await store.WriteCatalogAsync(changes, cancellationToken);
        machine.Version++;
        machine.CurrentRevision = current;
        _machines[machine.Arn] = machine;
    }

    /// <summary>Removes a machine. Its revisions stay as long as executions of it may be asked for.</summary>
    public async Task RemoveAsync(StateMachineRecord machine, CancellationToken cancellationToken)
    {
        await store.WriteCatalogAsync(
            [new CatalogChange(MachineKind, machine.Arn, machine.Version, null)], cancellationToken);
        _ = _machines.TryRemove(machine.Arn, out _);
    }

    /// <summary>Forgets what memory says of a machine: a write of it ended nobody knows how.</summary>
    public void Forget(string arn) => _ = _machines.TryRemove(arn, out _);

    private StateMachineRecord Remember(CatalogEntry entry) => _machines.GetOrAdd(
        entry.Key, static (arn, e) => StateMachineRecord.Read(arn, e.Version, e.Value.Span), entry);

    private static StateMachineRecord Detached(string arn, StateMachineRevision revision) =>
        new(arn, arn[(arn.LastIndexOf(':') + 1)..], revision.UpdatedAt)
        {
            CurrentRevision = revision.Id,
            Version = 0,
            IsDeleting = true,
        };

    public static string RevisionKey(string arn, string revision) => $"{arn}#{revision}";

    private static string Tell(DefinitionParse parse) => string.Join(", ", parse.Diagnostics
        .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
        .Select(diagnostic => diagnostic.Location is { } location
            ? $"{diagnostic.Code}: {diagnostic.Message} at {location}"
            : $"{diagnostic.Code}: {diagnostic.Message}"));

    private sealed record Pin(StateMachineRecord Machine, PinnedDefinition Pinned);
}

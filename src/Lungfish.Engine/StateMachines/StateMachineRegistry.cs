using Lungfish.Engine.Api;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Timing;
using Lungfish.States.Model;
using Lungfish.States.Parsing;

namespace Lungfish.Engine.StateMachines;

/// <summary>The state machine operations of the API.</summary>
internal sealed class StateMachineRegistry(
    StateMachineCatalog catalog,
    AwsAccount account,
    EngineClock clock,
    PageTokens pages,
    EngineSurroundings surroundings) : IStateMachines, IDisposable
{
    private readonly SemaphoreSlim _oneWriter = new(1, 1);

    /// <summary>Carries a deletion out, when its beginning is durable.</summary>
    public Action<StateMachineRecord>? DeletionBegan { get; set; }

    public void Dispose() => _oneWriter.Dispose();

    public Task<StateMachineDescription> CreateAsync(NewStateMachine machine, CancellationToken cancellationToken)
    {
        var arn = account.StateMachineArn(ResourceName.Check(machine.Name));
        catalog.Validate(machine.Definition, machine.Type);
        if (machine.Type == StateMachineType.Express)
        {
            throw StepFunctionsErrors.StateMachineTypeNotSupported(
                "EXPRESS state machines are not supported by this server yet.");
        }

        var now = clock.Now;
        var revision = new StateMachineRevision
        {
            Id = surroundings.NewUuid().ToString(),
            IsUpdate = false,
            Definition = machine.Definition,
            RoleArn = machine.RoleArn,
            UpdatedAt = now,
            LoggingConfiguration = MachineConfigurations.Logging(machine.LoggingConfiguration),
            TracingConfiguration = MachineConfigurations.Tracing(machine.TracingConfiguration),
        };
        return AloneAsync(() => CreateAsync(arn, machine, revision, now), cancellationToken);
    }

    public DefinitionParse Validate(string definition, StateMachineType type) => catalog.Check(definition, type);

    public async Task<StateMachineDescription> DescribeAsync(
        string stateMachineArn, CancellationToken cancellationToken)
    {
        var machine = await GetAsync(stateMachineArn, cancellationToken);
        var (revision, definition) =
            await catalog.GetRevisionAsync(machine.Arn, machine.CurrentRevision, cancellationToken);
        return revision.Describe(machine) with { VariableReferences = definition.VariableReferences() };
    }

    public Task<StateMachineUpdated> UpdateAsync(
        string stateMachineArn, StateMachineChange change, CancellationToken cancellationToken) =>
        AloneAsync(() => UpdateAsync(stateMachineArn, change), cancellationToken);

    public async Task DeleteAsync(string stateMachineArn, CancellationToken cancellationToken)
    {
        _ = StatesArn.Parse(stateMachineArn, "stateMachine");
        var machine = await AloneAsync(() => BeginDeletionAsync(stateMachineArn), cancellationToken);
        if (machine is not null)
        {
            DeletionBegan?.Invoke(machine);
        }
    }

    public async Task<Page<StateMachineDescription>> ListAsync(
        int countMax, string? nextToken, CancellationToken cancellationToken)
    {
        const string Query = "ListStateMachines";
        var after = nextToken is null ? null : pages.Open(Query, nextToken);
        var machines = await catalog.ListAsync(account.StateMachineArn(""), after, countMax + 1, cancellationToken);
        var items = new List<StateMachineDescription>(Math.Min(machines.Count, countMax));
        foreach (var machine in machines.Take(countMax))
        {
            var (revision, _) = await catalog.GetRevisionAsync(
                machine.Arn, machine.CurrentRevision, cancellationToken);
            items.Add(revision.Describe(machine));
        }

        return new Page<StateMachineDescription>(
            items, machines.Count > countMax ? pages.Make(Query, items[^1].Arn) : null);
    }

    private async Task<StateMachineRecord> GetAsync(string stateMachineArn, CancellationToken cancellationToken)
    {
        _ = StatesArn.Parse(stateMachineArn, "stateMachine");
        return await catalog.GetAsync(stateMachineArn, cancellationToken);
    }

    private async Task<StateMachineDescription> CreateAsync(
        string arn, NewStateMachine wanted, StateMachineRevision revision, DateTimeOffset now)
    {
        if (await catalog.FindAsync(arn, CancellationToken.None) is not { } existing)
        {
            var machine = new StateMachineRecord(arn, wanted.Name, now)
            {
                CurrentRevision = revision.Id,
                Version = 0,
                Tags = wanted.Tags,
            };
            await WriteAsync(machine, revision);
            return revision.Describe(machine);
        }

        if (existing.IsDeleting)
        {
            throw StepFunctionsErrors.StateMachineDeleting(arn);
        }

        // Documented: another role is ignored. Recorded: the definition is compared as text.
        var (current, _) = await catalog.GetRevisionAsync(arn, existing.CurrentRevision, CancellationToken.None);
        return current.SameContentAs(revision)
            ? current.Describe(existing)
            : throw StepFunctionsErrors.StateMachineAlreadyExists(arn);
    }

    private async Task<StateMachineUpdated> UpdateAsync(string stateMachineArn, StateMachineChange change)
    {
        var machine = await GetAsync(stateMachineArn, CancellationToken.None);
        if (machine.IsDeleting)
        {
            throw StepFunctionsErrors.StateMachineDeleting(stateMachineArn);
        }

        if (change is { Definition: null, RoleArn: null, LoggingConfiguration: null, TracingConfiguration: null })
        {
            throw StepFunctionsErrors.MissingRequiredParameter();
        }

        if (change.Definition is not null)
        {
            catalog.Validate(change.Definition, StateMachineType.Standard);
        }

        var (current, _) = await catalog.GetRevisionAsync(
            machine.Arn, machine.CurrentRevision, CancellationToken.None);
        var next = current with
        {
            Id = surroundings.NewUuid().ToString(),
            IsUpdate = true,
            UpdatedAt = clock.Now,
            Definition = change.Definition ?? current.Definition,
            RoleArn = change.RoleArn ?? current.RoleArn,
            LoggingConfiguration = change.LoggingConfiguration is { } logging
                ? MachineConfigurations.Logging(logging)
                : current.LoggingConfiguration,
            TracingConfiguration = change.TracingConfiguration is { } tracing
                ? MachineConfigurations.Tracing(tracing)
                : current.TracingConfiguration,
        };
        if (next.SameContentAs(current) && next.RoleArn == current.RoleArn)
        {
            return new StateMachineUpdated(next.UpdatedAt, current.ShownId); // Recorded: nothing changes, no new id.
        }

        await WriteAsync(machine, next);
        return new StateMachineUpdated(next.UpdatedAt, next.ShownId);
    }

    /// <returns>Null if there is no such machine.</returns>
    private async Task<StateMachineRecord?> BeginDeletionAsync(string arn)
    {
        var machine = await catalog.FindAsync(arn, CancellationToken.None);
        if (machine is null or { IsDeleting: true })
        {
            return machine;
        }

        machine.IsDeleting = true;
        try
        {
            await WriteAsync(machine, null);
        }
        catch
        {
            machine.IsDeleting = false;
            throw;
        }

        return machine;
    }

    private async Task WriteAsync(StateMachineRecord machine, StateMachineRevision? revision)
    {
        try
        {
            await catalog.WriteAsync(machine, revision, CancellationToken.None);
        }
        catch
        {
            catalog.Forget(machine.Arn); // The store knows what became of it.
            throw;
        }
    }

    private async Task<T> AloneAsync<T>(Func<Task<T>> change, CancellationToken cancellationToken)
    {
        await _oneWriter.WaitAsync(cancellationToken);
        try
        {
            return await change();
        }
        finally
        {
            _ = _oneWriter.Release();
        }
    }
}

using System.Collections.Immutable;
using Lungfish.Json;
using Lungfish.States.Journal;
using Lungfish.States.Model;
using Lungfish.States.Quotas;

namespace Lungfish.States.Deciding;

public enum ExecutionStatus
{
    Running = 0,
    Succeeded = 1,
    Failed = 2,
    TimedOut = 3,
    Aborted = 4,
}

/// <summary>A state machine execution as its facts tell it: immutable, the fold of its journal.</summary>
public sealed record Execution
{
    private static readonly Scope Unborn = new()
    {
        Id = ScopeId.Root,
        Parent = ScopeId.Root,
        Flow = new Flow { StartAt = "", States = ImmutableDictionary<string, State>.Empty },
        LastEventId = 0,
        Value = JsonValue.Null,
    };

    /// <summary>The definition that it started with, and keeps.</summary>
    public required StateMachineDefinition Definition { get; init; }

    /// <summary>Null until the first fact.</summary>
    public ExecutionIdentity? Identity => Birth?.Identity;

    public ExecutionStatus Status => Ending?.Status ?? ExecutionStatus.Running;

    public DateTimeOffset StartedAt => Birth?.At ?? default;

    public DateTimeOffset? StoppedAt => Ending?.At;

    public JsonValue Input => Birth?.Input ?? JsonValue.Null;

    public JsonValue? Output => Ending?.Output;

    public string? Error => Ending?.Error;

    public string? Cause => Ending?.Cause;

    /// <summary>The id of the last history event.</summary>
    public long LastEventId { get; init; }

    /// <summary>Tasks without a result, by id.</summary>
    public ImmutableSortedDictionary<long, PendingTask> PendingTasks { get; init; } =
        ImmutableSortedDictionary<long, PendingTask>.Empty;

    /// <summary>Armed timers with the moment at which each is due.</summary>
    public ImmutableDictionary<TimerId, DateTimeOffset> Timers { get; init; } =
        ImmutableDictionary<TimerId, DateTimeOffset>.Empty;

    /// <summary>True if the decider yielded and wants a <see cref="Continue"/>; recovery sends it too.</summary>
    public bool HasMoreToDo { get; init; }

    /// <summary>The quotas that it went over while they only warn.</summary>
    public QuotaSet ExceededQuotas { get; init; }

    /// <summary>Null until the first fact.</summary>
    internal Birth? Birth { get; init; }

    /// <summary>Null while it runs.</summary>
    internal Ending? Ending { get; init; }

    /// <summary>The top level; beside the others because most executions have no other scope.</summary>
    internal Scope Root { get; init; } = Unborn;

    /// <summary>Branches and iterations, until their Parallel or Map state is left.</summary>
    internal ImmutableDictionary<ScopeId, Scope> Inner { get; init; } = ImmutableDictionary<ScopeId, Scope>.Empty;

    /// <summary>The inner scope that waits for a task or a timer, by the event id in the name of that.</summary>
    internal ImmutableDictionary<long, ScopeId> Waiters { get; init; } = ImmutableDictionary<long, ScopeId>.Empty;

    /// <summary>The size of the variables of all scopes.</summary>
    internal long VariableBytes { get; init; }

    /// <summary>The scopes that are in a Map state with a map run, by the id of its MapRunStarted event.</summary>
    internal ImmutableSortedDictionary<long, ScopeId> MapRuns { get; init; } =
        ImmutableSortedDictionary<long, ScopeId>.Empty;

    internal bool IsRunning => Birth is not null && Ending is null;

    public static Execution Blank(StateMachineDefinition definition) => new() { Definition = definition };

    /// <summary>Map runs that are not over, by the ids of their MapRunStarted events.</summary>
    public IEnumerable<long> OpenMapRuns => MapRuns.Keys;

    public bool HasOpenMapRuns => !MapRuns.IsEmpty;

    public bool IsWaitingForChild(long mapRun, long index) => MapRuns.TryGetValue(mapRun, out var scope)
        && FindScope(scope)?.Visit?.MapRun?.Running.ContainsKey(index) == true;

    /// <summary>What recovery must ask for again: children without an answer, items and results on their way.</summary>
    public IEnumerable<Effect> MapRunEffects => MapRunDecider.Wanted(this);

    /// <summary>What is to be told of a map run that is not over, or null.</summary>
    public MapRunSnapshot? FindMapRun(string arn)
    {
        foreach (var (_, scope) in MapRuns)
        {
            if (FindScope(scope)?.Visit?.MapRun is { } run && run.Plan.Arn == arn && Identity is { } identity)
            {
                return run.Snapshot(identity, MapRunStatus.Running, null);
            }
        }

        return null;
    }

    /// <summary>The execution after one more fact. Total: a fact that was decided once can always be applied.</summary>
    public Execution Apply(Fact fact) => ExecutionFold.Apply(this, fact);

    internal Scope? FindScope(ScopeId id) => id == ScopeId.Root ? Root : Inner.GetValueOrDefault(id);

    /// <summary>The scope that waits for the task or the timer of this event.</summary>
    internal Scope WaiterFor(long eventId) => Waiters.TryGetValue(eventId, out var inner) ? Inner[inner] : Root;

    internal Execution WithTimer(TimerId timer, DateTimeOffset due) =>
        this with { Timers = Timers.SetItem(timer, due) };

    internal Execution With(Scope scope) => scope.Id == ScopeId.Root
        ? this with { Root = scope }
        : this with { Inner = Inner.SetItem(scope.Id, scope) };
}

/// <summary>What never changes. Apart, because an execution is copied with each fact.</summary>
internal sealed record Birth(ExecutionIdentity Identity, DateTimeOffset At, JsonValue Input);

/// <summary>How an execution ended.</summary>
internal sealed record Ending(
    ExecutionStatus Status, DateTimeOffset At, JsonValue? Output, string? Error, string? Cause);

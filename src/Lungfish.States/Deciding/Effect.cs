using Lungfish.Json;
using Lungfish.States.Model;
using Lungfish.States.Quotas;

namespace Lungfish.States.Deciding;

/// <summary>A wish that the shell carries out once the facts beside it are durable.</summary>
public abstract record Effect
{
    private protected Effect() { }
}

/// <summary>Carry this task out. Recovery sends it again for every pending task that has no answer.</summary>
public sealed record ScheduleTask(PendingTask Task) : Effect;

/// <summary>Nobody waits for this task any more.</summary>
public sealed record CancelTask(long TaskId) : Effect;

/// <summary>Send <see cref="TimerDue"/> at that moment; a timer that is set again moves.</summary>
public sealed record SetTimer(TimerId Timer, DateTimeOffset Due) : Effect;

public sealed record CancelTimer(TimerId Timer) : Effect;

/// <summary>The turn was long: send <see cref="Continue"/> after letting others run.</summary>
public sealed record ContinueLater : Effect;

/// <summary>Tell the operator that the execution went over a quota, and goes on because quotas only warn.</summary>
/// <param name="Amount">What it needed then, in the quota's unit.</param>
public sealed record WarnOfQuota(Quota Quota, long Amount) : Effect;

/// <summary>Start this child execution unless it is there, and send <see cref="ChildHasClosed"/> when it has closed.
/// Recovery sends the effect again for every child that is not known to have closed.</summary>
public sealed record StartChild(ChildExecution Child) : Effect;

/// <summary>Abort the child executions of a map run that are still running.</summary>
public sealed record StopChildren(string MapRunArn) : Effect;

/// <summary>Read items and send <see cref="ItemsHaveArrived"/> or <see cref="ItemsCannotBeRead"/>.</summary>
/// <param name="Position">What the page before named; null for the first one.</param>
public sealed record ReadItems(long MapRun, ItemSource Source, string? Position, int CountMax) : Effect;

/// <summary>Write the results of all child executions and send <see cref="ResultsAreWritten"/> or
/// <see cref="ResultsCannotBeWritten"/>.</summary>
public sealed record WriteResults(long MapRun, string MapRunArn, ResultDestination Destination) : Effect;

/// <summary>Keep this as what is known of a map run while its execution is not in memory. Part of the same commit as
/// the facts beside it.</summary>
public sealed record KeepMapRun(MapRunSnapshot Snapshot) : Effect;

/// <summary>A child execution of a map run.</summary>
/// <param name="MapRun">The id of the run's MapRunStarted event.</param>
/// <param name="Index">Its place among the children of the run.</param>
public sealed record ChildExecution(
    long MapRun, long Index, string MapRunArn, ExecutionIdentity Identity, JsonValue Input, int ItemCount);

/// <summary>A timer of one execution.</summary>
/// <param name="EventId">The event that it belongs to: a state's entering, a task's scheduling, the start.</param>
public readonly record struct TimerId(TimerKind Kind, long EventId);

/// <summary>What a timer is for. The numbers are stored.</summary>
public enum TimerKind : byte
{
    ExecutionTimeout = 1,
    Wait = 2,
    Retry = 3,
    TaskTimeout = 4,
    TaskHeartbeat = 5,
}

/// <summary>A task that was scheduled and has no result yet.</summary>
public sealed record PendingTask
{
    /// <summary>The id of the event that scheduled it: unique in its execution, another for each attempt.</summary>
    public required long Id { get; init; }

    public required TaskResource Resource { get; init; }

    public required string StateName { get; init; }

    /// <summary>0 for the first attempt.</summary>
    public required int RetryCount { get; init; }

    /// <summary>What the task is called with, after InputPath and Parameters.</summary>
    public required JsonValue Input { get; init; }

    public required DateTimeOffset ScheduledAt { get; init; }

    public TimeSpan? Timeout { get; init; }

    public TimeSpan? Heartbeat { get; init; }

    public required TaskPhase Phase { get; init; }

    /// <summary>True for activities and <c>.waitForTaskToken</c>: SendTaskSuccess or SendTaskFailure ends it.</summary>
    public bool AnsweredByToken =>
        Resource is ActivityResource or ServiceIntegration { Pattern: IntegrationPattern.WaitForTaskToken };

    /// <summary>True for <c>.sync</c> and <c>.sync:2</c>: what the task has started ends it.</summary>
    public bool AwaitsEndOfWork =>
        Resource is ServiceIntegration { Pattern: IntegrationPattern.Sync or IntegrationPattern.Sync2 };

    /// <summary>True while a handler or a worker is to do something for it: recovery hands it out again.</summary>
    public bool IsToHandOut => Phase == TaskPhase.Scheduled || AwaitsEndOfWork;
}

public enum TaskPhase
{
    /// <summary>To be handed out, or being carried out: recovery hands it out again.</summary>
    Scheduled,

    /// <summary>A worker has it, or the call was made: it waits for the answer alone, or for the end of what the call
    /// has started.</summary>
    AwaitingAnswer,
}

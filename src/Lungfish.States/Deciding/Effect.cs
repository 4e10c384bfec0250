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
}

public enum TaskPhase
{
    /// <summary>To be handed out, or being carried out: recovery hands it out again.</summary>
    Scheduled,

    /// <summary>A worker has it, or the call with the token was made: it waits for the answer alone.</summary>
    AwaitingAnswer,
}

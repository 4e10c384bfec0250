namespace Lungfish.DurableFunctions.Testing;

/// <summary>One event of an execution's history, as GetDurableExecutionHistory tells it. A member that the event has
/// not is null.</summary>
public sealed record HistoryEvent
{
    /// <summary>From 1, without gaps.</summary>
    public required long EventId { get; init; }

    /// <summary>One of <see cref="HistoryEventTypes"/>.</summary>
    public required string EventType { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>The operation that it is about.</summary>
    public string? OperationId { get; init; }

    /// <summary>The operation's name.</summary>
    public string? Name { get; init; }

    /// <summary>The context that the operation belongs to.</summary>
    public string? ParentId { get; init; }

    /// <summary>The operation's sub-type.</summary>
    public string? SubType { get; init; }

    /// <summary>The input of what starts, the result of what succeeds: the text as it was checkpointed.</summary>
    public string? Payload { get; init; }

    /// <summary>Why it failed.</summary>
    public ErrorObject? Error { get; init; }

    /// <summary>Of a step's attempt that has ended: its number, from 1.</summary>
    public int? CurrentAttempt { get; init; }

    /// <summary>Of a step's attempt that has ended: the delay until the next one; null if there will be none.</summary>
    public TimeSpan? NextAttemptDelay { get; init; }

    /// <summary>Of a wait: its length.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Of a wait that starts: when it is over.</summary>
    public DateTimeOffset? ScheduledEndTimestamp { get; init; }

    /// <summary>Of a callback that starts: what it is completed by.</summary>
    public string? CallbackId { get; init; }

    /// <summary>Of a callback that starts: its time-out.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Of a callback that starts: how long it may go without a heartbeat.</summary>
    public TimeSpan? HeartbeatTimeout { get; init; }

    /// <summary>Of a chained invoke that starts: the function as it was named.</summary>
    public string? FunctionName { get; init; }

    /// <summary>Of a chained invoke of a durable function that starts: the execution that it started.</summary>
    public string? DurableExecutionArn { get; init; }

    /// <summary>Of an invocation that has completed: its id.</summary>
    public string? RequestId { get; init; }

    /// <summary>Of an invocation that has completed: when it started.</summary>
    public DateTimeOffset? InvocationStartedAt { get; init; }

    /// <summary>Of an invocation that has completed: when it ended.</summary>
    public DateTimeOffset? InvocationEndedAt { get; init; }

    /// <summary>Number, type and name.</summary>
    public override string ToString() => $"{EventId} {EventType}{(Name is null ? "" : $" '{Name}'")}";
}

/// <summary>The values of <see cref="HistoryEvent.EventType"/>.</summary>
public static class HistoryEventTypes
{
    /// <summary>The execution began.</summary>
    public const string ExecutionStarted = "ExecutionStarted";

    /// <summary>The execution ended with a result.</summary>
    public const string ExecutionSucceeded = "ExecutionSucceeded";

    /// <summary>The execution ended with an error.</summary>
    public const string ExecutionFailed = "ExecutionFailed";

    /// <summary>The execution took too long.</summary>
    public const string ExecutionTimedOut = "ExecutionTimedOut";

    /// <summary>The execution was stopped from outside.</summary>
    public const string ExecutionStopped = "ExecutionStopped";

    /// <summary>A context began.</summary>
    public const string ContextStarted = "ContextStarted";

    /// <summary>A context ended with a result.</summary>
    public const string ContextSucceeded = "ContextSucceeded";

    /// <summary>A context ended with an error.</summary>
    public const string ContextFailed = "ContextFailed";

    /// <summary>A wait began.</summary>
    public const string WaitStarted = "WaitStarted";

    /// <summary>A wait is over.</summary>
    public const string WaitSucceeded = "WaitSucceeded";

    /// <summary>A wait was cancelled.</summary>
    public const string WaitCancelled = "WaitCancelled";

    /// <summary>An attempt of a step began.</summary>
    public const string StepStarted = "StepStarted";

    /// <summary>A step ended with a result, or a condition was polled and is not met.</summary>
    public const string StepSucceeded = "StepSucceeded";

    /// <summary>An attempt of a step failed.</summary>
    public const string StepFailed = "StepFailed";

    /// <summary>A function is invoked.</summary>
    public const string ChainedInvokeStarted = "ChainedInvokeStarted";

    /// <summary>The invoked function returned.</summary>
    public const string ChainedInvokeSucceeded = "ChainedInvokeSucceeded";

    /// <summary>The invoked function failed.</summary>
    public const string ChainedInvokeFailed = "ChainedInvokeFailed";

    /// <summary>The invoked function took too long.</summary>
    public const string ChainedInvokeTimedOut = "ChainedInvokeTimedOut";

    /// <summary>The invoked function was stopped.</summary>
    public const string ChainedInvokeStopped = "ChainedInvokeStopped";

    /// <summary>A callback began to wait.</summary>
    public const string CallbackStarted = "CallbackStarted";

    /// <summary>A callback was completed.</summary>
    public const string CallbackSucceeded = "CallbackSucceeded";

    /// <summary>A callback was failed.</summary>
    public const string CallbackFailed = "CallbackFailed";

    /// <summary>A callback had no answer, or no heartbeat, in time.</summary>
    public const string CallbackTimedOut = "CallbackTimedOut";

    /// <summary>An invocation of the function ended, in whatever way.</summary>
    public const string InvocationCompleted = "InvocationCompleted";

    /// <summary>An extension of Lungfish: an execution that had ended was resumed.</summary>
    public const string ExecutionRedriven = "ExecutionRedriven";
}

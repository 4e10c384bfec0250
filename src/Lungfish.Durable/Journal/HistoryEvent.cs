namespace Lungfish.Durable.Journal;

/// <summary>What is true for ever of one durable execution. Public history events are facts; a few more are
/// internal.</summary>
public abstract record Fact
{
    private protected Fact() { }
}

/// <summary>The event types of GetDurableExecutionHistory, and one of ours. The numbers are stored.</summary>
public enum HistoryEventType
{
    ExecutionStarted = 1,
    ExecutionSucceeded = 2,
    ExecutionFailed = 3,
    ExecutionTimedOut = 4,
    ExecutionStopped = 5,
    ContextStarted = 6,
    ContextSucceeded = 7,
    ContextFailed = 8,
    WaitStarted = 9,
    WaitSucceeded = 10,
    WaitCancelled = 11,
    StepStarted = 12,
    StepSucceeded = 13,
    StepFailed = 14,
    ChainedInvokeStarted = 15,
    ChainedInvokeSucceeded = 16,
    ChainedInvokeFailed = 17,
    ChainedInvokeTimedOut = 18,
    ChainedInvokeStopped = 19,
    CallbackStarted = 20,
    CallbackSucceeded = 21,
    CallbackFailed = 22,
    CallbackTimedOut = 23,
    InvocationCompleted = 24,

    /// <summary>Our extension: a closed execution was resumed.</summary>
    ExecutionRedriven = 25,
}

/// <summary>One event of the history.</summary>
public sealed record HistoryEvent : Fact
{
    /// <summary>1 for the first, then without gaps.</summary>
    public required long EventId { get; init; }

    public required HistoryEventType Type { get; init; }

    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>The operation that it is about; null for events of the execution and of invocations. Those of the
    /// EXECUTION operation have its id.</summary>
    public string? OperationId { get; init; }

    public string? Name { get; init; }

    public string? ParentId { get; init; }

    public string? SubType { get; init; }

    public EventDetails Details { get; init; } = EventDetails.None;
}

/// <summary>The members that the details of any event type can have. Absent ones are null.</summary>
public sealed record EventDetails
{
    public static readonly EventDetails None = new();

    /// <summary>Input or Result.</summary>
    public string? Payload { get; init; }

    public ErrorObject? Error { get; init; }

    /// <summary>Of a closing context.</summary>
    public bool ReplayChildren { get; init; }

    /// <summary>RetryDetails.CurrentAttempt.</summary>
    public int? CurrentAttempt { get; init; }

    /// <summary>RetryDetails.NextAttemptDelaySeconds.</summary>
    public int? NextAttemptDelaySeconds { get; init; }

    /// <summary>Of waits, in seconds.</summary>
    public int? Duration { get; init; }

    public DateTimeOffset? ScheduledEndAt { get; init; }

    public string? CallbackId { get; init; }

    /// <summary>Of callbacks, in seconds; null if it was not set.</summary>
    public int? Timeout { get; init; }

    public int? HeartbeatTimeout { get; init; }

    /// <summary>Of a chained invoke that starts.</summary>
    public ChainedTarget? Target { get; init; }

    /// <summary>Of ExecutionStarted.</summary>
    public DurableIdentity? Identity { get; init; }

    /// <summary>Of InvocationCompleted.</summary>
    public InvocationTimes? Invocation { get; init; }
}

public sealed record InvocationTimes(string RequestId, DateTimeOffset StartedAt, DateTimeOffset EndedAt);

namespace Lungfish.Durable;

public enum OperationType
{
    Execution,
    Context,
    Step,
    Wait,
    Callback,
    ChainedInvoke,
}

public enum OperationStatus
{
    Started,

    /// <summary>A step that waits for its next attempt.</summary>
    Pending,

    /// <summary>A step whose next attempt is due.</summary>
    Ready,

    Succeeded,
    Failed,
    Cancelled,
    TimedOut,
    Stopped,
}

/// <summary>One operation of a durable execution, as it is now. Absent members are null.</summary>
public sealed record Operation
{
    private readonly long _startedAt;
    private readonly long _endedAt;
    private readonly long _nextAttemptAt;
    private readonly long _scheduledEndAt;

    /// <summary>As the SDK chose it; that of the EXECUTION operation is the last segment of the execution's
    /// ARN.</summary>
    public required string Id { get; init; }

    /// <summary>Its place in the order of creation: 0 for the EXECUTION operation, then without gaps but for those that
    /// a redrive leaves.</summary>
    public required int Sequence { get; init; }

    public required OperationType Type { get; init; }

    public required OperationStatus Status { get; init; }

    public required DateTimeOffset StartedAt
    {
        get => new(_startedAt, TimeSpan.Zero);
        init => _startedAt = value.UtcTicks;
    }

    public string? ParentId { get; init; }

    public string? Name { get; init; }

    /// <summary>As it was checkpointed: Step, Wait, Map, ...</summary>
    public string? SubType { get; init; }

    public DateTimeOffset? EndedAt
    {
        get => Moment.ToTime(_endedAt);
        init => _endedAt = Moment.ToTicks(value);
    }

    /// <summary>The payload that it ended with; of a WaitForCondition step its state; of the EXECUTION operation the
    /// input.</summary>
    public string? Payload { get; init; }

    public ErrorObject? Error { get; init; }

    /// <summary>Of a context: its children are replayed to rebuild its result.</summary>
    public bool ReplayChildren { get; init; }

    /// <summary>Of a step: how many attempts have finished.</summary>
    public int Attempt { get; init; }

    /// <summary>Of a pending step.</summary>
    public DateTimeOffset? NextAttemptAt
    {
        get => Moment.ToTime(_nextAttemptAt);
        init => _nextAttemptAt = Moment.ToTicks(value);
    }

    /// <summary>Of a wait.</summary>
    public DateTimeOffset? ScheduledEndAt
    {
        get => Moment.ToTime(_scheduledEndAt);
        init => _scheduledEndAt = Moment.ToTicks(value);
    }

    /// <summary>Of a callback.</summary>
    public CallbackTimers? Callback { get; init; }

    /// <summary>Of a chained invoke.</summary>
    public ChainedTarget? Target { get; init; }

    /// <summary>Grows with every change of any operation of the execution: tells what somebody has not seen
    /// yet.</summary>
    public required long Change { get; init; }

    /// <summary>The change that it began with.</summary>
    internal long Began { get; init; }

    public bool IsOpen => Status is OperationStatus.Started or OperationStatus.Pending or OperationStatus.Ready;
}

/// <param name="CallbackId">What its answer is sent to.</param>
/// <param name="TimeoutAt">Null: never.</param>
/// <param name="HeartbeatSeconds">How long it may be silent; null: for ever.</param>
/// <param name="HeartbeatAt">When it will have been silent for too long.</param>
public sealed record CallbackTimers(
    string CallbackId, DateTimeOffset? TimeoutAt, int? HeartbeatSeconds, DateTimeOffset? HeartbeatAt);

/// <summary>What a chained invoke invokes.</summary>
/// <param name="FunctionName">As the function named it.</param>
/// <param name="Input">Null: none was given.</param>
/// <param name="FunctionArn">Qualified; null if there is no such function.</param>
/// <param name="DurableExecutionArn">Of the execution that it starts, chosen when the operation started; null for a
/// function that is not durable.</param>
/// <param name="IsSent">The invoke has been handed to the shell: no sooner than the caller's invocation has returned,
/// or has been busy for a while.</param>
public sealed record ChainedTarget(
    string FunctionName,
    string? Input,
    string? TenantId,
    string? FunctionArn,
    string? ExecutedVersion,
    string? DurableExecutionArn,
    bool IsSent);

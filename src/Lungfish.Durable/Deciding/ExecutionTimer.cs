namespace Lungfish.Durable.Deciding;

/// <summary>What a timer is for, in the order in which those of one moment go off.</summary>
internal enum TimerKind
{
    Wait,
    StepRetry,
    CallbackTimeout,
    CallbackHeartbeat,
    SendInvoke,
    InvocationRetry,
    ExecutionTimeout,
}

/// <param name="Sequence">Of the operation; 0 for the execution's own timers.</param>
internal readonly record struct ExecutionTimer(DateTimeOffset At, TimerKind Kind, int Sequence)
    : IComparable<ExecutionTimer>
{
    /// <summary>A chained invoke starts when the caller's invocation has returned, because callers expect to have
    /// returned before its end; a caller that is busy with other branches holds it up no longer than this.</summary>
    public static readonly TimeSpan SendInvokeDelay = TimeSpan.FromSeconds(0.5);

    /// <summary>The timers of an operation in this state: that they follow from it leaves none behind.</summary>
    public static (ExecutionTimer? First, ExecutionTimer? Second) Of(Operation operation) => operation switch
    {
        { Type: OperationType.Wait, Status: OperationStatus.Started, ScheduledEndAt: { } end } =>
            (new(end, TimerKind.Wait, operation.Sequence), null),
        { Type: OperationType.Step, Status: OperationStatus.Pending, NextAttemptAt: { } next } =>
            (new(next, TimerKind.StepRetry, operation.Sequence), null),
        { Type: OperationType.ChainedInvoke, Status: OperationStatus.Started, Target.IsSent: false } =>
            (new(operation.StartedAt + SendInvokeDelay, TimerKind.SendInvoke, operation.Sequence), null),
        { Type: OperationType.Callback, Status: OperationStatus.Started, Callback: { } callback } =>
            (Armed(callback.TimeoutAt, TimerKind.CallbackTimeout, operation),
                Armed(callback.HeartbeatAt, TimerKind.CallbackHeartbeat, operation)),
        _ => (null, null),
    };

    public int CompareTo(ExecutionTimer other)
    {
        var order = At.CompareTo(other.At);
        order = order != 0 ? order : Kind.CompareTo(other.Kind);
        return order != 0 ? order : Sequence.CompareTo(other.Sequence);
    }

    private static ExecutionTimer? Armed(DateTimeOffset? at, TimerKind kind, Operation operation) =>
        at is { } moment ? new(moment, kind, operation.Sequence) : null;
}

using System.Collections.Immutable;
using System.Diagnostics;
using Lungfish.Durable.Journal;
using static Lungfish.Durable.Journal.HistoryEventType;

namespace Lungfish.Durable.Deciding;

/// <summary>What facts change of the operations of an execution.</summary>
internal static class OperationFold
{
    public static DurableExecution Apply(DurableExecution execution, Fact fact) => fact switch
    {
        HistoryEvent e => ApplyEvent(execution, e),
        RetryDelayEnded ended => execution.Put(execution.BySequence[ended.Sequence] with
        {
            Status = OperationStatus.Ready,
            NextAttemptAt = null,
            Change = execution.LastChange + 1,
        }),
        HeartbeatReceived heartbeat => Beat(execution, execution.BySequence[heartbeat.Sequence], heartbeat.At),
        InvokeSent sent => Send(execution, execution.BySequence[sent.Sequence]),
        OperationsReset reset => reset.Sequences.Aggregate(
            execution, (rest, sequence) => Forget(rest, rest.BySequence[sequence])),
        _ => throw new UnreachableException($"No fold for {fact.GetType().Name}."),
    };

    /// <summary>The execution with this operation in its new state, whatever follows from that included: if it is a
    /// new change of it, the function is to be shown it.</summary>
    /// <param name="e">The event that says so; null: it is no event.</param>
    private static DurableExecution Put(this DurableExecution execution, Operation operation, HistoryEvent? e = null)
    {
        var before = execution.Find(operation.Sequence);
        return execution with
        {
            LastEventId = e?.EventId ?? execution.LastEventId,
            LastChange = Math.Max(execution.LastChange, operation.Change),
            Unshown = operation.Change > execution.LastChange
                ? execution.Unshown.Add(operation.Sequence)
                : execution.Unshown,
            BySequence = execution.BySequence.SetItem(operation.Sequence, operation),
            SequenceById = before is null
                ? execution.SequenceById.Add(operation.Id, operation.Sequence)
                : execution.SequenceById,
            NextSequence = Math.Max(execution.NextSequence, operation.Sequence + 1),
            Timers = WithTimers(WithoutTimers(execution, before), operation),
            UnsentInvokes = IsUnsent(operation) == (before is not null && IsUnsent(before))
                ? execution.UnsentInvokes
                : IsUnsent(operation)
                    ? execution.UnsentInvokes.Add(operation.Sequence)
                    : execution.UnsentInvokes.Remove(operation.Sequence),
            AwaitedCount = execution.AwaitedCount + Awaited(operation) - Awaited(before),
            WrittenCharacters = execution.WrittenCharacters + Written(e?.Details),
        };
    }

    public static long Characters(ErrorObject? error)
    {
        if (error is null)
        {
            return 0;
        }

        var frames = error.StackTrace.IsDefault ? [] : error.StackTrace;
        return (error.ErrorType?.Length ?? 0L) + (error.ErrorMessage?.Length ?? 0) + (error.ErrorData?.Length ?? 0)
            + frames.Sum(frame => (long)frame.Length);
    }

    private static DurableExecution ApplyEvent(DurableExecution execution, HistoryEvent e) => e.Type switch
    {
        StepStarted => execution.Find(e.OperationId ?? "") is { } step
            ? execution.Put(step with { Status = OperationStatus.Started, Change = execution.LastChange + 1 }, e)
            : Begin(execution, e, OperationType.Step),
        ContextStarted => Begin(execution, e, OperationType.Context),
        WaitStarted => Begin(execution, e, OperationType.Wait),
        CallbackStarted => Begin(execution, e, OperationType.Callback),
        ChainedInvokeStarted => Begin(execution, e, OperationType.ChainedInvoke),

        StepSucceeded or StepFailed when e.Details.NextAttemptDelaySeconds is { } delay =>
            Postpone(execution, e, delay),
        StepSucceeded or ContextSucceeded or WaitSucceeded or HistoryEventType.CallbackSucceeded
            or ChainedInvokeSucceeded => Close(execution, e, OperationStatus.Succeeded),
        StepFailed or ContextFailed or HistoryEventType.CallbackFailed or ChainedInvokeFailed =>
            Close(execution, e, OperationStatus.Failed),
        CallbackTimedOut or ChainedInvokeTimedOut => Close(execution, e, OperationStatus.TimedOut),
        ChainedInvokeStopped => Close(execution, e, OperationStatus.Stopped),
        WaitCancelled => Close(execution, e, OperationStatus.Cancelled),
        _ => throw new UnreachableException($"No fold for {e.Type}."),
    };

    private static DurableExecution Begin(DurableExecution execution, HistoryEvent e, OperationType type) =>
        execution.Put(new Operation
        {
            Id = e.OperationId ?? throw new UnreachableException("An operation has an id."),
            Sequence = execution.NextSequence,
            Type = type,
            Status = OperationStatus.Started,
            StartedAt = e.Timestamp,
            ParentId = e.ParentId,
            Name = e.Name,
            SubType = e.SubType,
            ScheduledEndAt = e.Details.ScheduledEndAt,
            Callback = e.Details.CallbackId is { } callbackId
                ? new CallbackTimers(
                    callbackId,
                    After(e.Timestamp, e.Details.Timeout),
                    e.Details.HeartbeatTimeout,
                    After(e.Timestamp, e.Details.HeartbeatTimeout))
                : null,
            Target = e.Details.Target,
            Began = execution.LastChange + 1,
            Change = execution.LastChange + 1,
        }, e);

    private static DurableExecution Postpone(DurableExecution execution, HistoryEvent e, int delaySeconds) =>
        execution.Put(Find(execution, e) with
        {
            Status = OperationStatus.Pending,
            Attempt = e.Details.CurrentAttempt ?? 0,
            NextAttemptAt = e.Timestamp.AddSeconds(delaySeconds),
            Payload = e.Details.Payload,
            Error = e.Details.Error,
            Change = execution.LastChange + 1,
        }, e);

    private static DurableExecution Close(DurableExecution execution, HistoryEvent e, OperationStatus status)
    {
        var operation = Find(execution, e);
        return execution.Put(operation with
        {
            Status = status,
            EndedAt = e.Timestamp,
            Attempt = e.Details.CurrentAttempt ?? operation.Attempt,
            Payload = e.Details.Payload,
            Error = e.Details.Error,
            ReplayChildren = e.Details.ReplayChildren,
            Change = execution.LastChange + 1,
        }, e);
    }

    /// <summary>No change that anybody is shown.</summary>
    private static DurableExecution Beat(DurableExecution execution, Operation operation, DateTimeOffset at) =>
        operation.Callback is { } callback
            ? execution.Put(operation with
            {
                Callback = callback with { HeartbeatAt = After(at, callback.HeartbeatSeconds) },
            })
            : throw new UnreachableException("Only callbacks have heartbeats.");

    /// <summary>No change that anybody is shown.</summary>
    private static DurableExecution Send(DurableExecution execution, Operation operation) =>
        operation.Target is { } target
            ? execution.Put(operation with { Target = target with { IsSent = true } })
            : throw new UnreachableException("Only chained invokes are sent.");

    private static DurableExecution Forget(DurableExecution execution, Operation operation) => execution with
    {
        BySequence = execution.BySequence.Remove(operation.Sequence),
        SequenceById = execution.SequenceById.Remove(operation.Id),
        Unshown = execution.Unshown.Remove(operation.Sequence),
        Timers = WithoutTimers(execution, operation),
        UnsentInvokes = execution.UnsentInvokes.Remove(operation.Sequence),
        AwaitedCount = execution.AwaitedCount - Awaited(operation),
    };

    private static ImmutableSortedSet<ExecutionTimer> WithoutTimers(
        DurableExecution execution, Operation? operation)
    {
        var timers = execution.Timers;
        if (operation is not null)
        {
            var (first, second) = ExecutionTimer.Of(operation);
            timers = first is { } one ? timers.Remove(one) : timers;
            timers = second is { } other ? timers.Remove(other) : timers;
        }

        return timers;
    }

    private static ImmutableSortedSet<ExecutionTimer> WithTimers(
        ImmutableSortedSet<ExecutionTimer> timers, Operation operation)
    {
        var (first, second) = ExecutionTimer.Of(operation);
        timers = first is { } one ? timers.Add(one) : timers;
        return second is { } other ? timers.Add(other) : timers;
    }

    private static bool IsUnsent(Operation operation) =>
        operation is { Type: OperationType.ChainedInvoke, Status: OperationStatus.Started, Target.IsSent: false };

    /// <summary>1 if something outside of the function will change it.</summary>
    private static int Awaited(Operation? operation) => operation switch
    {
        { Type: OperationType.Step, Status: OperationStatus.Pending } => 1,
        { Type: OperationType.Step or OperationType.Context or OperationType.Execution } => 0,
        { Status: OperationStatus.Started } => 1,
        _ => 0,
    };

    private static long Written(EventDetails? details) => details is null
        ? 0
        : (details.Payload?.Length ?? 0L) + (details.Target?.Input?.Length ?? 0) + Characters(details.Error);

    private static DateTimeOffset? After(DateTimeOffset at, int? seconds) =>
        seconds is { } given ? at.AddSeconds(given) : null;

    private static Operation Find(DurableExecution execution, HistoryEvent e) =>
        execution.Find(e.OperationId ?? "") ?? throw new UnreachableException($"There is no {e.OperationId}.");
}

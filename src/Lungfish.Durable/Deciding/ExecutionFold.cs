using System.Diagnostics;
using Lungfish.Durable.Journal;
using static Lungfish.Durable.Journal.HistoryEventType;

namespace Lungfish.Durable.Deciding;

/// <summary>What each fact changes of a durable execution.</summary>
internal static class ExecutionFold
{
    public static DurableExecution Apply(DurableExecution execution, Fact fact) => fact switch
    {
        HistoryEvent e => ApplyEvent(execution, e),
        InvocationStarted started => StartInvocation(execution, started),
        InvocationRetryScheduled retry => execution with
        {
            Failures = execution.Failures + 1,
            RetryAt = retry.RetryAt,
            Timers = execution.Timers.Add(new(retry.RetryAt, TimerKind.InvocationRetry, 0)),
        },
        CheckpointAccepted accepted => Accept(execution, accepted),
        RetryDelayEnded or HeartbeatReceived or InvokeSent or OperationsReset => OperationFold.Apply(execution, fact),
        _ => throw new UnreachableException($"No fold for {fact.GetType().Name}."),
    };

    private static DurableExecution ApplyEvent(DurableExecution execution, HistoryEvent e) => e.Type switch
    {
        ExecutionStarted => Start(execution, e),
        ExecutionSucceeded => End(execution, e, DurableStatus.Succeeded),
        ExecutionFailed => End(execution, e, DurableStatus.Failed),
        ExecutionTimedOut => End(execution, e, DurableStatus.TimedOut),
        ExecutionStopped => End(execution, e, DurableStatus.Stopped),
        ExecutionRedriven => Resume(execution, e),
        InvocationCompleted => execution with
        {
            LastEventId = e.EventId,
            Running = null,
            Checkpoints = 0,
            LastCheckpoint = null,
            // One that failed is counted by the fact that schedules the next try.
            Failures = e.Details.Error is null ? 0 : execution.Failures,
        },
        _ => OperationFold.Apply(execution, e),
    };

    private static DurableExecution Start(DurableExecution execution, HistoryEvent e)
    {
        var identity = e.Details.Identity ?? throw new UnreachableException("An execution starts with an identity.");
        return execution with
        {
            LastEventId = e.EventId,
            Identity = identity,
            StartedAt = e.Timestamp,
            Input = e.Details.Payload,
            WrittenCharacters = e.Details.Payload?.Length ?? 0,
            Timers = execution.Timers.Add(TimeoutOf(identity, e.Timestamp)),
        };
    }

    /// <summary>Open operations stay as they were: a redrive finds them so.</summary>
    private static DurableExecution End(DurableExecution execution, HistoryEvent e, DurableStatus status) =>
        execution with
        {
            LastEventId = e.EventId,
            Status = status,
            EndedAt = e.Timestamp,
            Result = e.Details.Payload,
            Error = e.Details.Error,
            Running = null,
            Checkpoints = 0,
            RetryAt = null,
            LastCheckpoint = null, // That of a checkpoint which ends the execution is set after this.
            Timers = execution.Timers.Clear(),
        };

    private static DurableExecution Resume(DurableExecution execution, HistoryEvent e)
    {
        var timers = execution.Timers.ToBuilder();
        foreach (var operation in execution.BySequence.Values)
        {
            var (first, second) = ExecutionTimer.Of(operation);
            AddTo(timers, first);
            AddTo(timers, second);
        }

        AddTo(timers, TimeoutOf(execution.Identity, e.Timestamp));
        return execution with
        {
            LastEventId = e.EventId,
            Status = DurableStatus.Running,
            EndedAt = null,
            Result = null,
            Error = null,
            Failures = 0,
            LastCheckpoint = null,
            Timers = timers.ToImmutable(),
        };

        static void AddTo(ICollection<ExecutionTimer> timers, ExecutionTimer? timer)
        {
            if (timer is { } set)
            {
                timers.Add(set);
            }
        }
    }

    private static ExecutionTimer TimeoutOf(DurableIdentity? identity, DateTimeOffset from) =>
        new(from.AddSeconds(identity?.ExecutionTimeoutSeconds ?? 0), TimerKind.ExecutionTimeout, 0);

    private static DurableExecution StartInvocation(DurableExecution execution, InvocationStarted started) =>
        execution with
        {
            Running = new Invocation(
                started.Number,
                started.RequestId,
                started.At,
                [.. execution.Unshown.Select(sequence => execution.BySequence[sequence].Id)]),
            LastInvocation = started.Number,
            Checkpoints = 0,
            Unshown = execution.Unshown.Clear(),
            LastCheckpoint = null,
            RetryAt = null,
            Timers = execution.RetryAt is { } retryAt
                ? execution.Timers.Remove(new(retryAt, TimerKind.InvocationRetry, 0))
                : execution.Timers,
        };

    private static DurableExecution Accept(DurableExecution execution, CheckpointAccepted accepted) => execution with
    {
        Checkpoints = execution.Running is null ? 0 : accepted.Token.Checkpoint + 1,
        Failures = execution.Unshown.IsEmpty ? execution.Failures : 0, // Polling is no progress.
        Unshown = execution.Unshown.Clear(),
        LastCheckpoint = accepted.ClientToken is { } clientToken
            ? new LastCheckpoint(accepted.Token, clientToken, accepted.At, execution.Unshown)
            : null,
    };
}

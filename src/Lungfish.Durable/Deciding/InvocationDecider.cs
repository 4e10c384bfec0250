using System.Diagnostics;
using Lungfish.Durable.Journal;

namespace Lungfish.Durable.Deciding;

/// <summary>When the function's code runs, and what its end leads to.</summary>
internal static class InvocationDecider
{
    // Nobody documents how AWS tries again. Those who follow a history give up after 30 s without an event: all tries
    // together take little more than that.
    private static readonly TimeSpan RetryDelayMax = TimeSpan.FromSeconds(5);

    private static readonly ErrorObject NothingPending = new()
    {
        ErrorType = "InvalidParameterValueException",
        ErrorMessage = "The function returned PENDING, but nothing is pending that could resume the execution: no "
            + "wait, no callback, no chained invoke and no retry of a step.",
    };

    /// <summary>Invokes the function if the server changed something that it was not shown.</summary>
    /// <remarks>While a failed invocation waits to be tried again nothing else starts one: many wake-ups would use
    /// up the tries of a function that is broken for a moment.</remarks>
    public static void WakeUp(Turn turn)
    {
        var execution = turn.Execution;
        if (execution is { IsOver: false, Running: null, RetryAt: null, Unshown.IsEmpty: false })
        {
            Invoke(turn);
        }
    }

    public static void Invoke(Turn turn)
    {
        Debug.Assert(turn.Execution is { Running: null, IsOver: false }, "One invocation runs at a time.");
        var number = turn.Execution.LastInvocation + 1;
        turn.Record(new InvocationStarted(
            number, turn.Chance.Uuid(turn.Identity.Arn, "invocation", number), turn.Now));
        turn.Want(new InvokeFunction(Running(turn), turn.Execution));
    }

    public static Refusal? WhenEnded(Turn turn, InvocationEnded ended)
    {
        if (turn.Execution.Running?.Number != ended.Number)
        {
            return null; // A zombie: its execution has ended, or another invocation has taken over.
        }

        Complete(turn, ended.Outcome switch
        {
            InvocationFaulted faulted => faulted.Error,
            InvocationLost lost => lost.Error,
            _ => null,
        });
        switch (ended.Outcome)
        {
            case ReturnedSuccess success:
                EndDecider.Succeed(turn, success.Result is { Length: > 0 } result ? result : null);
                break;
            case ReturnedFailure failure:
                EndDecider.Fail(turn, failure.Error ?? ErrorObject.Empty);
                break;
            case ReturnedNonsense nonsense:
                EndDecider.Fail(turn, nonsense.Error);
                break;
            case ReturnedPending when turn.Execution is { Unshown.IsEmpty: true, AwaitedCount: 0 }:
                EndDecider.Fail(turn, NothingPending);
                break;
            case ReturnedPending:
                break; // What it was not shown wakes it up at once.
            case InvocationFaulted faulted:
                RetryLater(turn, faulted.Error);
                break;
            case InvocationLost:
                Invoke(turn);
                break;
            default:
                throw new UnreachableException($"No decision for {ended.Outcome.GetType().Name}.");
        }

        return null;
    }

    /// <summary>Adds the event of the running invocation's end, and sends what waited for it.</summary>
    public static void Complete(Turn turn, ErrorObject? error)
    {
        var invocation = Running(turn);
        turn.EmitOfInvocation(
            HistoryEventType.InvocationCompleted,
            new EventDetails
            {
                Error = error,
                Invocation = new InvocationTimes(invocation.RequestId, invocation.StartedAt, turn.Now),
            });
        ChainedInvokeDecider.SendAll(turn);
    }

    private static void RetryLater(Turn turn, ErrorObject error)
    {
        var failures = turn.Execution.Failures + 1;
        if (failures >= turn.Limits.FailuresMax)
        {
            EndDecider.Fail(turn, error);
            return;
        }

        var delay = TimeSpan.FromSeconds(Math.Min(Math.Pow(2, failures - 1), RetryDelayMax.TotalSeconds));
        turn.Record(new InvocationRetryScheduled(turn.Now + delay));
    }

    private static Invocation Running(Turn turn) =>
        turn.Execution.Running ?? throw new UnreachableException("No invocation runs.");
}

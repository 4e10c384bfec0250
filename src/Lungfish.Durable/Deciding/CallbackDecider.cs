using Lungfish.Durable.Journal;

namespace Lungfish.Durable.Deciding;

/// <summary>Callbacks: an operation that somebody outside ends.</summary>
internal static class CallbackDecider
{
    private static readonly Refusal Closed = new(
        RefusalCodes.CallbackTimeout, "The callback has timed out or has been completed already.");

    public static Refusal? WhenSucceeded(Turn turn, Deciding.CallbackSucceeded succeeded)
    {
        if (succeeded.Payload is { } payload && !Texts.FitsUtf8(payload, turn.Limits.CallbackResultBytesMax))
        {
            return Refusal.Invalid($"The result is longer than {turn.Limits.CallbackResultBytesMax} bytes.");
        }

        return Close(
            turn,
            succeeded.Sequence,
            HistoryEventType.CallbackSucceeded,
            new EventDetails { Payload = succeeded.Payload });
    }

    public static Refusal? WhenFailed(Turn turn, Deciding.CallbackFailed failed) =>
        Texts.FitsUtf8(failed.Error, turn.Limits.ErrorBytesMax)
            ? Close(
                turn, failed.Sequence, HistoryEventType.CallbackFailed, new EventDetails { Error = failed.Error })
            : Refusal.Invalid($"The error is longer than {turn.Limits.ErrorBytesMax} bytes.");

    public static Refusal? WhenHeartbeat(Turn turn, CallbackHeartbeat heartbeat)
    {
        var (callback, refusal) = FindOpen(turn, heartbeat.Sequence);
        if (callback?.Callback?.HeartbeatSeconds is not null)
        {
            turn.Record(new HeartbeatReceived(heartbeat.Sequence, turn.Now));
        }

        return refusal;
    }

    public static void TimeOut(Turn turn, ExecutionTimer timer)
    {
        var callback = turn.Execution.BySequence[timer.Sequence];
        var error = timer.Kind == TimerKind.CallbackTimeout
            ? new ErrorObject { ErrorType = "Callback.Timeout", ErrorMessage = "The callback timed out." }
            : new ErrorObject
            {
                ErrorType = "Callback.Heartbeat",
                ErrorMessage = "The callback timed out: no heartbeat came in time.",
            };
        _ = turn.Emit(HistoryEventType.CallbackTimedOut, callback, new EventDetails { Error = error });
        turn.Want(new WithdrawCallback(timer.Sequence));
    }

    private static Refusal? Close(Turn turn, int sequence, HistoryEventType type, EventDetails details)
    {
        var (callback, refusal) = FindOpen(turn, sequence);
        if (callback is not null)
        {
            _ = turn.Emit(type, callback, details);
            turn.Want(new WithdrawCallback(sequence));
        }

        return refusal;
    }

    private static (Operation? Callback, Refusal? Refusal) FindOpen(Turn turn, int sequence)
    {
        var operation = turn.Execution.Find(sequence);
        if (operation is { Type: not OperationType.Callback } || sequence >= turn.Execution.NextSequence)
        {
            return (null, Refusal.Invalid("There is no such callback."));
        }

        // One whose time is up has timed out, although the timer's own message may still be on its way; one that a
        // redrive has reset is gone.
        return operation is { IsOpen: true, Callback: { } callback } && !turn.Execution.IsOver
            && !(callback.TimeoutAt <= turn.Now) && !(callback.HeartbeatAt <= turn.Now)
            ? (operation, null)
            : (null, Closed);
    }
}

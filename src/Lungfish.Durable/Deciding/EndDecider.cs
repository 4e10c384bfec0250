using Lungfish.Durable.Journal;

namespace Lungfish.Durable.Deciding;

/// <summary>How a durable execution ends.</summary>
internal static class EndDecider
{
    public static void Succeed(Turn turn, string? result) =>
        End(turn, HistoryEventType.ExecutionSucceeded, new EventDetails { Payload = result });

    public static void Fail(Turn turn, ErrorObject error) =>
        End(turn, HistoryEventType.ExecutionFailed, new EventDetails { Error = error });

    public static void TimeOut(Turn turn) => End(turn, HistoryEventType.ExecutionTimedOut, new EventDetails
    {
        Error = new ErrorObject
        {
            ErrorType = "Execution.Timeout",
            ErrorMessage = $"The execution took longer than {turn.Identity.ExecutionTimeoutSeconds} s.",
        },
    });

    /// <summary>The running code is not interrupted: its token is worth nothing any more.</summary>
    public static Refusal? WhenStopped(Turn turn, Stop stop)
    {
        if (stop.Error is { } error && !Texts.FitsUtf8(error, turn.Limits.EndErrorBytesMax))
        {
            return Refusal.Invalid($"The error is longer than {turn.Limits.EndErrorBytesMax} bytes.");
        }

        if (!turn.Execution.IsOver)
        {
            End(turn, HistoryEventType.ExecutionStopped, new EventDetails { Error = stop.Error });
        }

        return null; // Stopping is idempotent.
    }

    private static void End(Turn turn, HistoryEventType type, EventDetails details)
    {
        foreach (var callback in turn.Execution.OpenCallbacks)
        {
            turn.Want(new WithdrawCallback(callback.Sequence));
        }

        foreach (var invoke in turn.Execution.SentInvokes)
        {
            turn.Want(new AbandonInvoke(invoke));
        }

        turn.DropWanted<InvokeFunction>(); // A retry may have been due just before the end.
        turn.EmitOfExecution(type, details);
    }
}

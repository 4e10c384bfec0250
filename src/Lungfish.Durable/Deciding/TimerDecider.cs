using System.Diagnostics;
using Lungfish.Durable.Journal;

namespace Lungfish.Durable.Deciding;

/// <summary>What happens by itself when its time has come.</summary>
internal static class TimerDecider
{
    public static Refusal? WhenDue(Turn turn)
    {
        CompleteDue(turn);

        // All that was due before the execution's own time-out still counts.
        if (FindDue(turn) is { Kind: TimerKind.ExecutionTimeout })
        {
            EndDecider.TimeOut(turn);
        }

        return null;
    }

    /// <summary>Does what is due but ending the execution, in the order of the moments.</summary>
    public static void CompleteDue(Turn turn)
    {
        while (FindDue(turn) is { Kind: not TimerKind.ExecutionTimeout } timer)
        {
            GoOff(turn, timer);
        }
    }

    private static ExecutionTimer? FindDue(Turn turn)
    {
        var timers = turn.Execution.Timers;
        return !timers.IsEmpty && timers.Min is var first && first.At <= turn.Now ? first : null;
    }

    private static void GoOff(Turn turn, ExecutionTimer timer)
    {
        switch (timer.Kind)
        {
            case TimerKind.Wait:
                var wait = turn.Execution.BySequence[timer.Sequence];
                _ = turn.Emit(
                    HistoryEventType.WaitSucceeded, wait, new EventDetails { Duration = WaitSeconds(wait) });
                break;
            case TimerKind.StepRetry:
                turn.Record(new RetryDelayEnded(timer.Sequence));
                break;
            case TimerKind.CallbackTimeout or TimerKind.CallbackHeartbeat:
                CallbackDecider.TimeOut(turn, timer);
                break;
            case TimerKind.SendInvoke:
                ChainedInvokeDecider.Send(turn, timer.Sequence);
                break;
            case TimerKind.InvocationRetry:
                InvocationDecider.Invoke(turn);
                break;
            default:
                throw new UnreachableException($"No decision for a timer of kind {timer.Kind}.");
        }
    }

    private static int WaitSeconds(Operation wait) => wait.ScheduledEndAt is { } end
        ? checked((int)(end - wait.StartedAt).TotalSeconds)
        : throw new UnreachableException("A wait has an end.");
}

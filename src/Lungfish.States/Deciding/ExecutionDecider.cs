using System.Diagnostics;
using Lungfish.States.Journal;
using Lungfish.States.Quotas;

namespace Lungfish.States.Deciding;

/// <summary>Decides what follows for a state machine execution from what happened. Pure: changes nothing.</summary>
public static class ExecutionDecider
{
    /// <summary>How many states one turn may go through before others get their turn.</summary>
    private const int StepsMax = 500;

    public static Decision Decide(
        Execution execution, Message message, DateTimeOffset now, Seed seed, ISurroundings surroundings)
    {
        var turn = new Turn(execution, now, seed, surroundings);
        if (message is Start start)
        {
            WhenStarted(turn, start);
        }
        else if (execution.IsRunning)
        {
            Handle(turn, message);
        }

        RunOn(turn, isContinuation: message is Continue);
        return turn.ToDecision();
    }

    /// <summary>Answers a message; what can go on without anything from outside is left to the caller.</summary>
    internal static void Handle(Turn turn, Message message)
    {
        switch (message)
        {
            case TaskTaken taken:
                TaskDecider.WhenTaken(turn, taken);
                break;
            case TaskSubmitted submitted:
                TaskDecider.WhenSubmitted(turn, submitted);
                break;
            case TaskSucceeded succeeded:
                TaskDecider.WhenSucceeded(turn, succeeded);
                break;
            case TaskFailed failed:
                TaskDecider.WhenFailed(turn, failed);
                break;
            case TaskHeartbeat heartbeat:
                TaskDecider.WhenHeartbeat(turn, heartbeat);
                break;
            case TimerDue due:
                WhenTimerDue(turn, due.Timer);
                break;
            case Stop stop:
                NoteLongTexts(turn, stop.Error, stop.Cause);
                // Recorded: it follows no event, and its details are those that the caller gave.
                turn.EndExecution(
                    HistoryEventType.ExecutionAborted, 0, new() { Error = stop.Error, Cause = stop.Cause });
                break;
            case ChildHasClosed closed:
                MapRunDecider.WhenChildClosed(turn, closed);
                break;
            case ItemsHaveArrived arrived:
                MapRunDecider.WhenItemsArrived(turn, arrived);
                break;
            case ItemsCannotBeRead failed:
                MapRunDecider.WhenFailed(turn, failed.MapRun, ErrorNames.ItemReaderFailed, failed.Cause);
                break;
            case ResultsAreWritten written:
                MapRunDecider.WhenResultsWritten(turn, written);
                break;
            case ResultsCannotBeWritten failed:
                MapRunDecider.WhenFailed(turn, failed.MapRun, ErrorNames.ResultWriterFailed, failed.Cause);
                break;
            case UpdateMapRun update:
                MapRunDecider.WhenUpdated(turn, update);
                break;
            case Continue:
                FindReady(turn);
                break;
            default:
                throw new UnreachableException($"No decision for {message.GetType().Name}.");
        }
    }

    private static void WhenStarted(Turn turn, Start start)
    {
        Debug.Assert(turn.Execution.Birth is null, "An execution starts once.");
        var details = new EventDetails
        {
            Identity = start.Identity,
            Input = start.Input,
            InputText = start.InputText,
        };
        _ = turn.Emit(ScopeId.Root, HistoryEventType.ExecutionStarted, 0, details);
        if (turn.Execution.Definition.Timeout is { } timeout)
        {
            turn.Want(new SetTimer(new(TimerKind.ExecutionTimeout, 1), turn.Now + timeout));
        }

        // Where quotas are strict, the edge has refused it; where they only warn, this is the place to note it.
        _ = turn.Quotas.Refuses(Quota.PayloadBytes, start.Input);
        turn.MakeReady(ScopeId.Root);
    }

    /// <summary>Notes what the edge refuses where quotas are strict.</summary>
    internal static void NoteLongTexts(Turn turn, string? error, string? cause)
    {
        _ = turn.Quotas.Refuses(Quota.ErrorCharacters, error?.Length ?? 0);
        _ = turn.Quotas.Refuses(Quota.CauseCharacters, cause?.Length ?? 0);
    }

    private static void WhenTimerDue(Turn turn, TimerId timer)
    {
        // The timer may have been moved, or what it was for may be over, while this message was on its way.
        if (!turn.Execution.Timers.TryGetValue(timer, out var due) || due > turn.Now)
        {
            return;
        }

        switch (timer.Kind)
        {
            case TimerKind.ExecutionTimeout:
                // Measured: the stop date is the start date plus the limit exactly, however late this is.
                turn.EndExecution(
                    HistoryEventType.ExecutionTimedOut, 0, new() { Error = ErrorNames.Timeout }, timestamp: due);
                break;
            case TimerKind.Wait:
                WaitDecider.WhenDue(turn, turn.Execution.WaiterFor(timer.EventId));
                break;
            case TimerKind.Retry:
                StateDecider.Attempt(turn, turn.Execution.WaiterFor(timer.EventId).Id);
                break;
            case TimerKind.TaskTimeout:
                TaskDecider.WhenTimedOut(turn, timer.EventId, FailureKind.TaskTimeout);
                break;
            case TimerKind.TaskHeartbeat:
                TaskDecider.WhenTimedOut(turn, timer.EventId, FailureKind.HeartbeatTimeout);
                break;
            default:
                throw new UnreachableException($"No decision for a timer of kind {timer.Kind}.");
        }
    }

    /// <summary>Everything that an earlier turn left to do.</summary>
    private static void FindReady(Turn turn)
    {
        foreach (var scope in turn.Execution.Inner.Values.Prepend(turn.Execution.Root))
        {
            if (StateDecider.CanGoOn(scope))
            {
                turn.MakeReady(scope.Id);
            }
        }
    }

    /// <summary>Runs on until every branch waits for something outside, or the turn has been long.</summary>
    private static void RunOn(Turn turn, bool isContinuation)
    {
        for (var steps = 0; steps < StepsMax && turn.TryTakeReady(out var scope); steps++)
        {
            StateDecider.Step(turn, scope);
        }

        if (!turn.Execution.IsRunning)
        {
            return;
        }

        // What an earlier turn left to do is left still, unless this turn came to do just that.
        var hadMoreToDo = turn.Execution.HasMoreToDo;
        var hasMoreToDo = turn.HasReady || (hadMoreToDo && !isContinuation);
        if (hasMoreToDo != hadMoreToDo)
        {
            turn.Record(new TurnYielded(hasMoreToDo));
        }

        if (turn.HasReady && (isContinuation || !hadMoreToDo))
        {
            turn.Want(new ContinueLater());
        }
    }
}

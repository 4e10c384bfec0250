using System.Collections.Immutable;
using Lungfish.Json;
using Lungfish.States.Journal;
using Lungfish.States.Model;
using static Lungfish.States.Journal.HistoryEventType;

namespace Lungfish.States.Deciding;

/// <summary>Where a failure goes: to a retry, to a catcher, out of the branch, to the end of the execution.</summary>
internal static class FailureDecider
{
    /// <param name="failingEventId">The event that what comes of it follows.</param>
    public static void Fail(Turn turn, Scope scope, StateFailure failure, long failingEventId)
    {
        turn.Inspector?.Failed(failure);
        if (failure.Kind == FailureKind.Terminal)
        {
            // Measured: no ...StateFailed and no ...Aborted, not even in a branch.
            EndExecution(turn, failure, failingEventId);
            return;
        }

        failingEventId = Announce(turn, scope, failure, failingEventId);
        if (!failure.OfBranch)
        {
            // An ItemSelector may fail while earlier iterations run. Siblings of a failed branch are cut off already.
            CutOthers(turn, turn.GetScope(scope.Id), except: null, failingEventId);
        }

        var visit = StateDecider.GetVisit(scope);
        if (FindRetrier(turn, visit, failure) is { } retrier)
        {
            Retry(turn, scope, visit, retrier, failingEventId);
            return;
        }

        var lastEventId = EndFailed(turn, scope, failingEventId);
        if (FindCatcher(turn, visit.State, failure) is { } catcher)
        {
            Catch(turn, scope, catcher, failure, failingEventId, lastEventId);
        }
        else
        {
            LeaveFailed(turn, scope, failure, lastEventId);
        }
    }

    /// <summary>A failed evaluation has an event of its own, once for each attempt, in the scope where it happened.
    /// </summary>
    /// <returns>The id of the last event.</returns>
    private static long Announce(Turn turn, Scope scope, StateFailure failure, long failingEventId)
    {
        if (failure is not { Kind: FailureKind.Evaluation, OfBranch: false })
        {
            return failingEventId;
        }

        var visit = StateDecider.GetVisit(scope);
        return turn.Emit(scope.Id, EvaluationFailed, EvaluationFollows(scope, visit, failingEventId), new()
        {
            Name = visit.State.Name,
            Error = failure.Error,
            Cause = failure.Cause,
            Location = failure.Location,
        });
    }

    /// <summary>At the top level it follows what the state's entering follows, unless something came after that: so
    /// it was recorded for Output, Assign, Arguments and Items. In Wait states it was recorded, and in branches and
    /// iterations measured, to follow the entering.</summary>
    /// <remarks>In 2026 it was measured to follow the entering everywhere. The recordings are the larger body of
    /// evidence, so they count here: this is the place to change that.</remarks>
    private static long EvaluationFollows(Scope scope, Visit visit, long failingEventId) =>
        failingEventId == visit.EnteredEventId && scope.Id == ScopeId.Root && visit.State is not WaitState
            ? visit.EnteredAfterEventId
            : failingEventId;

    /// <summary>Tells that a Parallel or Map state has failed.</summary>
    private static long EndFailed(Turn turn, Scope scope, long failingEventId) =>
        FailedType(StateDecider.GetVisit(scope).State) is { } failedType
            ? turn.Emit(scope.Id, failedType, failingEventId)
            : failingEventId;

    private static void LeaveFailed(Turn turn, Scope scope, StateFailure failure, long failingEventId)
    {
        if (scope.Id == ScopeId.Root)
        {
            EndExecution(turn, failure, failingEventId);
        }
        else
        {
            LeaveBranch(turn, scope, failure, failingEventId);
        }
    }

    private static void EndExecution(Turn turn, StateFailure failure, long failingEventId) =>
        turn.EndExecution(
            ExecutionFailed, failingEventId, new() { Error = failure.Error, Cause = failure.Cause });

    /// <summary>The first retrier that matches, unless it is used up: then no later one is tried (measured).</summary>
    private static int? FindRetrier(Turn turn, Visit visit, StateFailure failure)
    {
        var retriers = Retriers(visit.State);
        for (var i = 0; i < retriers.Length; i++)
        {
            if (failure.Matches(retriers[i].ErrorEquals))
            {
                turn.Inspector?.MatchedRetrier(i);
                var made = visit.RetriesMade.IsEmpty ? 0 : visit.RetriesMade[i];
                return made < retriers[i].AttemptsMax ? i : null;
            }
        }

        return null;
    }

    private static void Retry(Turn turn, Scope scope, Visit visit, int index, long failingEventId)
    {
        var retrier = Retriers(visit.State)[index];
        var made = visit.RetriesMade.IsEmpty ? 0 : visit.RetriesMade[index];
        var due = turn.Now + DelayOf(retrier, made, turn.DiceFor(failingEventId));
        turn.Record(new RetryScheduled(scope.Id, index, due, failingEventId));
        turn.Want(new SetTimer(new(TimerKind.Retry, visit.EnteredEventId), due));
    }

    private static TimeSpan DelayOf(Retrier retrier, int made, Dice dice)
    {
        // Documented: one of 99,999,999 seconds is the longest interval. A power that overflows is infinity, and cut.
        var delayMax = retrier.DelayMax ?? TimeSpan.FromSeconds(99_999_999);
        // No delay stays none, whatever power it is multiplied with.
        var seconds = retrier.Interval == TimeSpan.Zero
            ? 0
            : retrier.Interval.TotalSeconds * Math.Pow(retrier.BackoffRate, made);
        var delay = seconds < delayMax.TotalSeconds ? TimeSpan.FromSeconds(seconds) : delayMax;
        return retrier.FullJitter ? delay * dice.Fraction() : delay;
    }

    private static Catcher? FindCatcher(Turn turn, State state, StateFailure failure)
    {
        var catchers = Catchers(state);
        for (var i = 0; i < catchers.Length; i++)
        {
            if (failure.Matches(catchers[i].ErrorEquals))
            {
                turn.Inspector?.MatchedCatcher(i);
                return catchers[i];
            }
        }

        return null;
    }

    /// <param name="failingEventId">What failed, before the state itself was told to have failed.</param>
    private static void Catch(
        Turn turn, Scope scope, Catcher catcher, StateFailure failure, long failingEventId, long lastEventId)
    {
        scope = turn.GetScope(scope.Id);
        var data = new StateData(turn, scope, StateDecider.GetVisit(scope));

        // Recorded: the state's own ResultPath and OutputPath do not apply.
        var exit = data.ExitBy(catcher, ErrorOutput(failure));
        if (exit.Failure is not { } notCaught)
        {
            StateDecider.LeaveWith(turn, scope, exit, catcher.Next, lastEventId);
        }
        else if (notCaught.Kind == FailureKind.Evaluation)
        {
            // Measured: it follows what the catcher was for, and the state is told to have failed once more. The
            // catchers of this state have had their turn.
            var announced = Announce(turn, scope, notCaught, failingEventId);
            LeaveFailed(turn, turn.GetScope(scope.Id), notCaught, EndFailed(turn, scope, announced));
        }
        else
        {
            Fail(turn, scope, notCaught with { Kind = FailureKind.Terminal }, lastEventId);
        }
    }

    /// <remarks>Recorded in callback/*no_error_field: null for what was not given; in
    /// error_handling/*test_invoke_timeout: an empty cause for a timeout.</remarks>
    private static JsonObject ErrorOutput(StateFailure failure)
    {
        var isTimeout = failure.Kind is FailureKind.TaskTimeout or FailureKind.HeartbeatTimeout;
        return JsonObject.Of(
            ("Error", failure.Error is { } error ? error : JsonValue.Null),
            ("Cause", (failure.Cause ?? (isTimeout ? "" : null)) is { } cause ? cause : JsonValue.Null));
    }

    /// <summary>Fails the Parallel or Map state around: the other branches are cut off.</summary>
    private static void LeaveBranch(Turn turn, Scope scope, StateFailure failure, long failingEventId)
    {
        var parent = turn.GetScope(scope.Parent);
        var state = StateDecider.GetVisit(parent).State;
        if (failure.Kind is FailureKind.TaskTimeout or FailureKind.HeartbeatTimeout)
        {
            TaskDecider.TimeOutSiblings(turn, parent);
        }

        if (state is MapState)
        {
            turn.Emit(parent.Id, MapIterationFailed, failingEventId, Iteration(state, scope.Id.Index));
        }

        if (StateDecider.GetVisit(scope).State is TaskState)
        {
            // Recorded in callback/*no_error_field: the state that failed shows as aborted too.
            turn.Emit(scope.Id, TaskStateAborted, failingEventId);
        }

        CutOthers(turn, parent, scope.Id, failingEventId);
        Fail(turn, turn.GetScope(parent.Id), failure with { OfBranch = true }, failingEventId);
    }

    private static void CutOthers(Turn turn, Scope parent, ScopeId? except, long failingEventId)
    {
        if (parent.Visit is not { Fan: { } fan } visit)
        {
            return;
        }

        for (var i = 0; i < fan.Started; i++)
        {
            if (fan.ScopeOf(i) == except || turn.Execution.FindScope(fan.ScopeOf(i)) is not { HasEnded: false })
            {
                continue;
            }

            if (visit.State is MapState)
            {
                turn.Emit(parent.Id, MapIterationAborted, failingEventId, Iteration(visit.State, i));
            }

            Cut(turn, fan.ScopeOf(i), failingEventId);
        }
    }

    /// <summary>Cuts off the state that a scope is in, and what runs inside it.</summary>
    private static void Cut(Turn turn, ScopeId id, long failingEventId)
    {
        if (turn.Execution.FindScope(id) is not { Visit: { } visit } scope)
        {
            return;
        }

        if (visit.TaskId != 0)
        {
            TaskDecider.Cancel(turn, visit.TaskId);
        }

        CancelIfArmed(turn, new(TimerKind.Wait, visit.EnteredEventId));
        CancelIfArmed(turn, new(TimerKind.Retry, visit.EnteredEventId));
        if (visit.MapRun is not null)
        {
            MapRunDecider.Abandon(turn, scope, MapRunStatus.Aborted);
            turn.Emit(id, MapRunAborted, failingEventId);
        }

        if (AbortedType(visit.State) is { } abortedType)
        {
            turn.Emit(id, abortedType, failingEventId);
        }

        CutOthers(turn, scope, except: null, failingEventId);
    }

    public static void CancelIfArmed(Turn turn, TimerId timer)
    {
        if (turn.Execution.Timers.ContainsKey(timer))
        {
            turn.Want(new CancelTimer(timer));
        }
    }

    private static EventDetails Iteration(State state, int index) => new() { Name = state.Name, Index = index };

    public static ImmutableArray<Retrier> Retriers(State state) => state switch
    {
        TaskState task => task.Retry,
        ParallelState parallel => parallel.Retry,
        MapState map => map.Retry,
        _ => [],
    };

    private static ImmutableArray<Catcher> Catchers(State state) => state switch
    {
        TaskState task => task.Catch,
        ParallelState parallel => parallel.Catch,
        MapState map => map.Catch,
        _ => [],
    };

    private static HistoryEventType? FailedType(State state) => state switch
    {
        ParallelState => ParallelStateFailed,
        MapState => MapStateFailed,
        _ => null,
    };

    private static HistoryEventType? AbortedType(State state) => state switch
    {
        TaskState => TaskStateAborted,
        WaitState => WaitStateAborted,
        ParallelState => ParallelStateAborted,
        MapState => MapStateAborted,
        _ => null,
    };
}

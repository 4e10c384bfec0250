using System.Diagnostics;
using Lungfish.States.Journal;
using Lungfish.States.Model;
using Lungfish.States.Quotas;
using static Lungfish.States.Journal.HistoryEventType;

namespace Lungfish.States.Deciding;

/// <summary>What is the same for states of every type: entering, attempting, leaving.</summary>
internal static class StateDecider
{
    /// <summary>True if the scope waits for nothing outside: a state to enter, iterations to start.</summary>
    public static bool CanGoOn(Scope scope) => scope.Next is not null
        || scope.Visit?.Fan is { CanStartMore: true }
        || scope.Visit?.MapRun is { CanStartMore: true };

    /// <summary>Enters the scope's next state and does what it does, or starts one more iteration or child.</summary>
    public static void Step(Turn turn, ScopeId id)
    {
        if (turn.Execution.FindScope(id) is not { } scope)
        {
            return; // A sibling failed meanwhile, and this one was cut off.
        }

        if (scope.Next is { } name)
        {
            turn.Emit(id, EnteredType(scope.Flow.States[name]), new() { Name = name, Input = scope.Value });
            Attempt(turn, id);
        }
        else if (scope.Visit?.Fan is { CanStartMore: true })
        {
            MapDecider.StartIteration(turn, scope);
        }
        else if (scope.Visit?.MapRun is { CanStartMore: true } run)
        {
            MapRunDecider.StartNext(turn, scope, run);
        }
    }

    /// <summary>Does the work of the state that the scope is in: the first time, or again after a failure.</summary>
    public static void Attempt(Turn turn, ScopeId id)
    {
        if (turn.HasEnded)
        {
            return;
        }

        var scope = turn.GetScope(id);
        var visit = GetVisit(scope);
        switch (visit.State)
        {
            case PassState pass:
                PassDecider.Attempt(turn, scope, visit, pass);
                break;
            case TaskState task:
                TaskDecider.Attempt(turn, scope, visit, task);
                break;
            case ChoiceState choice:
                ChoiceDecider.Attempt(turn, scope, visit, choice);
                break;
            case WaitState wait:
                WaitDecider.Attempt(turn, scope, visit, wait);
                break;
            case SucceedState succeed:
                SucceedDecider.Attempt(turn, scope, visit, succeed);
                break;
            case FailState fail:
                FailDecider.Attempt(turn, scope, visit, fail);
                break;
            case ParallelState parallel:
                ParallelDecider.Attempt(turn, scope, visit, parallel);
                break;
            case MapState map:
                MapDecider.Attempt(turn, scope, visit, map);
                break;
            default:
                throw new UnreachableException($"No decision for a {visit.State.GetType().Name}.");
        }
    }

    /// <summary>Fails the state at its last event: a field could not be evaluated.</summary>
    public static void FailWith(Turn turn, Scope scope, StateFailure? failure) => FailureDecider.Fail(
        turn, scope, failure ?? throw new UnreachableException("Neither a value nor a failure."), scope.LastEventId);

    /// <summary>Leaves the state if its output could be evaluated, else fails it.</summary>
    public static void LeaveWith(Turn turn, Scope scope, StateExit exit, string? next) =>
        LeaveWith(turn, scope, exit, next, scope.LastEventId);

    /// <param name="lastEventId">What a failure of the evaluation follows.</param>
    public static void LeaveWith(Turn turn, Scope scope, StateExit exit, string? next, long lastEventId)
    {
        if (exit.Output is not { } output)
        {
            var failure = exit.Failure ?? throw new UnreachableException("Neither a value nor a failure.");
            FailureDecider.Fail(turn, scope, failure, lastEventId);
            return;
        }

        var state = GetVisit(scope).State;
        if (turn.Quotas.Refuses(Quota.PayloadBytes, output))
        {
            // Recorded in error_handling/*test_start_large_input: it ends the execution, and the cause is bare.
            var failure = StateFailure.DataLimitExceeded(state.Name, FailureKind.Terminal);
            FailureDecider.Fail(turn, scope, failure, lastEventId);
            return;
        }

        var details = new EventDetails
        {
            Name = state.Name,
            Output = output,
            Next = next,
            Assigned = exit.Assigned is { Count: > 0 } assigned ? assigned : null,
        };
        turn.Emit(scope.Id, ExitedType(state), details);
        if (next is not null)
        {
            turn.MakeReady(scope.Id);
        }
        else if (!turn.HasEnded)
        {
            EndFlow(turn, turn.GetScope(scope.Id));
        }
    }

    private static void EndFlow(Turn turn, Scope scope)
    {
        if (scope.Id == ScopeId.Root)
        {
            turn.EndExecution(ExecutionSucceeded, scope.LastEventId, new() { Output = scope.Value });
            return;
        }

        var parent = turn.GetScope(scope.Parent);
        switch (parent.Visit?.State)
        {
            case ParallelState parallel:
                ParallelDecider.WhenBranchEnded(turn, parent, parallel);
                break;
            case MapState map:
                MapDecider.WhenIterationEnded(turn, parent, map, scope);
                break;
            default:
                throw new UnreachableException($"Nothing runs {scope.Id}.");
        }
    }

    public static Visit GetVisit(Scope scope) =>
        scope.Visit ?? throw new UnreachableException($"{scope.Id} is in no state.");

    public static HistoryEventType EnteredType(State state) => state switch
    {
        PassState => PassStateEntered,
        TaskState => TaskStateEntered,
        ChoiceState => ChoiceStateEntered,
        WaitState => WaitStateEntered,
        SucceedState => SucceedStateEntered,
        FailState => FailStateEntered,
        ParallelState => ParallelStateEntered,
        MapState => MapStateEntered,
        _ => throw new UnreachableException($"No event for a {state.GetType().Name}."),
    };

    private static HistoryEventType ExitedType(State state) => state switch
    {
        PassState => PassStateExited,
        TaskState => TaskStateExited,
        ChoiceState => ChoiceStateExited,
        WaitState => WaitStateExited,
        SucceedState => SucceedStateExited,
        ParallelState => ParallelStateExited,
        MapState => MapStateExited,
        _ => throw new UnreachableException($"No exit from a {state.GetType().Name}."),
    };
}

using System.Collections.Immutable;
using Lungfish.Json;
using Lungfish.States.Journal;
using Lungfish.States.Model;
using Lungfish.States.Quotas;

namespace Lungfish.States.Deciding;

internal static class ParallelDecider
{
    public static void Attempt(Turn turn, Scope scope, Visit visit, ParallelState state)
    {
        var data = new StateData(turn, scope, visit);
        var input = data.Arguments(data.Input());
        if (input.Value is { } value && turn.Quotas.Refuses(Quota.PayloadBytes, value))
        {
            input = StateFailure.DataLimitExceeded(state.Name, FailureKind.Terminal);
        }

        if (input.Value is not { } branchInput)
        {
            StateDecider.FailWith(turn, scope, input.Failure);
            return;
        }

        turn.Emit(scope.Id, HistoryEventType.ParallelStateStarted, new() { Input = branchInput });
        if (turn.GetScope(scope.Id).Visit?.Fan is { } fan)
        {
            for (var i = 0; i < fan.Count; i++)
            {
                turn.MakeReady(fan.ScopeOf(i));
            }
        }
    }

    public static void WhenBranchEnded(Turn turn, Scope scope, ParallelState state)
    {
        var visit = StateDecider.GetVisit(scope);
        if (visit.Fan is { HasEnded: true } fan)
        {
            FanResult.Leave(turn, scope, visit, fan, HistoryEventType.ParallelStateSucceeded, state.Next);
        }
    }
}

/// <summary>What a Parallel and a Map state do once all branches or iterations have ended.</summary>
internal static class FanResult
{
    public static void Leave(
        Turn turn, Scope scope, Visit visit, Fan fan, HistoryEventType succeeded, string? next)
    {
        // Recorded: the exit follows what this event follows; measured: a failure to evaluate the output follows it.
        var succeededEventId = turn.Emit(scope.Id, succeeded, scope.LastEventId);
        if (turn.HasEnded)
        {
            return;
        }

        var outputs = ImmutableArray.CreateBuilder<JsonValue>(fan.Count);
        for (var i = 0; i < fan.Count; i++)
        {
            outputs.Add(turn.GetScope(fan.ScopeOf(i)).Value);
        }

        var result = new JsonArray(outputs.MoveToImmutable());
        var exit = turn.Quotas.Refuses(Quota.PayloadBytes, result)
            ? StateFailure.DataLimitExceeded(visit.State.Name, FailureKind.Terminal)
            : new StateData(turn, scope, visit).ExitWith(result);
        StateDecider.LeaveWith(turn, scope, exit, next, succeededEventId);
    }
}

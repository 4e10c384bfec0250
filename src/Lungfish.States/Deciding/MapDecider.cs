using Lungfish.Json;
using Lungfish.States.Journal;
using Lungfish.States.Model;
using static Lungfish.States.Journal.HistoryEventType;

namespace Lungfish.States.Deciding;

internal static class MapDecider
{
    public static void Attempt(Turn turn, Scope scope, Visit visit, MapState state)
    {
        var data = new StateData(turn.Execution, turn.DiceForNext, scope, visit);
        var input = data.Select(state.Data.InputPath, visit.Input);
        var items = Items(data, state, input);
        var (concurrencyMax, badConcurrency) = Concurrency(data, state, input);
        var failure = badConcurrency ?? items.Failure;
        if (failure is not null || input.Value is not { } effective || items.Value is not JsonArray array)
        {
            FailureDecider.Fail(turn, scope, failure ?? throw NoItems(), scope.LastEventId);
            return;
        }

        var details = new EventDetails
        {
            Length = array.Count,
            Input = effective,
            Items = array,
            ConcurrencyMax = concurrencyMax,
        };
        turn.Emit(scope.Id, MapStateStarted, details);
        if (array.Count == 0)
        {
            Leave(turn, turn.GetScope(scope.Id), state);
        }
        else
        {
            turn.MakeReady(scope.Id);
        }
    }

    public static void StartIteration(Turn turn, Scope scope)
    {
        var visit = StateDecider.GetVisit(scope);
        var state = (MapState)visit.State;
        if (visit.Fan is not { Items: { } items } fan)
        {
            throw NoItems();
        }

        var index = fan.Started;
        var item = items[index];
        var data = new StateData(turn.Execution, turn.DiceForNext, scope, visit).ForItem(index, item);
        var input = state.Data.Parameters is null ? item : data.Compose(state.Data.Parameters, fan.Input);
        if (input.Value is { } value && StateDecider.IsTooLarge(value))
        {
            input = StateFailure.DataLimitExceeded(state.Name, FailureKind.Terminal);
        }

        if (input.Value is not { } itemInput)
        {
            FailureDecider.Fail(turn, scope, input.Failure ?? throw NoItems(), scope.LastEventId);
            return;
        }

        turn.Emit(scope.Id, MapIterationStarted, new() { Name = state.Name, Index = index, Input = itemInput });
        turn.MakeReady(fan.ScopeOf(index));
        if (StateDecider.CanGoOn(turn.GetScope(scope.Id)))
        {
            turn.MakeReady(scope.Id);
        }
    }

    /// <param name="scope">That of the Map state.</param>
    /// <param name="iteration">That of the iteration.</param>
    public static void WhenIterationEnded(Turn turn, Scope scope, MapState state, Scope iteration)
    {
        turn.Emit(
            scope.Id,
            MapIterationSucceeded,
            iteration.LastEventId,
            new() { Name = state.Name, Index = iteration.Id.Index });
        if (turn.HasEnded)
        {
            return;
        }

        scope = turn.GetScope(scope.Id);
        if (scope.Visit?.Fan is { HasEnded: true })
        {
            Leave(turn, scope, state);
        }
        else if (StateDecider.CanGoOn(scope))
        {
            turn.MakeReady(scope.Id);
        }
    }

    private static void Leave(Turn turn, Scope scope, MapState state)
    {
        var visit = StateDecider.GetVisit(scope);
        if (visit.Fan is { } fan)
        {
            FanResult.Leave(turn, scope, visit, fan, state.Data, MapStateSucceeded, state.Next);
        }
    }

    private static Evaluated Items(StateData data, MapState state, Evaluated input)
    {
        var items = data.Select(new PathField(state.ItemsPath), input);
        if (items.Value is null or JsonArray)
        {
            return items;
        }

        // Recorded in test_state/*: bare.
        return StateFailure.Runtime($"Reference path \"{state.ItemsPath.Text}\" must point to array.");
    }

    private static (long Max, StateFailure? Failure) Concurrency(StateData data, MapState state, Evaluated input)
    {
        if (state.MaxConcurrency.Path is not { } path || input.Value is not { } document)
        {
            return (state.MaxConcurrency.Literal, null);
        }

        var found = data.Find(path, document);
        return found.Value switch
        {
            null => (0, found.Failure),
            JsonNumber number when number.TryGetInt64(out var max) && max is >= 0 and <= int.MaxValue => (max, null),

            // Recorded in scenarios/*test_max_concurrency_path: objects print as {}.
            { } value => (0, data.RuntimeError(
                $"The MaxConcurrencyPath field refers to value \"{Shown(value)}\" which is not a valid integer: "
                + path.Text)),
        };
    }

    private static string Shown(JsonValue value) => value switch
    {
        JsonString text => text.Value,
        JsonObject => "{}",
        _ => value.ToText(),
    };

    private static System.Diagnostics.UnreachableException NoItems() => new("A Map without items.");
}

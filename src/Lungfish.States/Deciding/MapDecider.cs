using Lungfish.Json;
using Lungfish.States.Journal;
using Lungfish.States.Jsonata;
using Lungfish.States.JsonPath;
using Lungfish.States.Model;
using Lungfish.States.Quotas;
using static Lungfish.States.Journal.HistoryEventType;

namespace Lungfish.States.Deciding;

internal static class MapDecider
{
    public static readonly NumberField<long> Concurrency = new(
        "MaxConcurrencyPath",
        "integer",
        NumberFields.ToInteger,
        (data, field) => data.Integer(field, 0, int.MaxValue),
        max => max is >= 0 and <= int.MaxValue,
        OutOfRange: null);

    public static void Attempt(Turn turn, Scope scope, Visit visit, MapState state)
    {
        var data = new StateData(turn, scope, visit);
        var input = data.Input();
        if (state.Distributed is { } distributed)
        {
            MapRunDecider.Begin(turn, scope, state, distributed, data, input);
            return;
        }

        var items = Items(data, state, input);
        var concurrency = Concurrency.Read(data, state.MaxConcurrency, input);
        var failure = concurrency.Failure ?? items.Failure ?? MapTolerance.FindFailure(data, state, input);
        if (failure is not null || input.Value is not { } effective || items.Value is not JsonArray array)
        {
            StateDecider.FailWith(turn, scope, failure);
            return;
        }

        var details = new EventDetails
        {
            Length = array.Count,
            Input = effective,
            Items = array,
            ConcurrencyMax = concurrency.Value,
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
        var data = new StateData(turn, scope, visit).ForItem(new MapItem(index, item));
        var input = state.ItemSelector is null ? item : data.Compose(state.ItemSelector, fan.Input);
        if (input.Value is { } value && turn.Quotas.Refuses(Quota.PayloadBytes, value))
        {
            input = StateFailure.DataLimitExceeded(state.Name, FailureKind.Terminal);
        }

        if (input.Value is not { } itemInput)
        {
            StateDecider.FailWith(turn, scope, input.Failure);
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
            FanResult.Leave(turn, scope, visit, fan, MapStateSucceeded, state.Next);
        }
    }

    /// <summary>What is iterated: an array, or where the Map is distributed also an object.</summary>
    public static Evaluated Items(StateData data, MapState state, Evaluated input) => state.Items switch
    {
        ItemsAtPath at => ItemsAt(data, state, at.Path, input),
        ComputedItems { Items: { } items } => ComputedItems(data, state, items),
        _ => CanIterate(state, input.Value) ? input : NoArray(data, input.Value ?? JsonValue.Null),
    };

    private static bool CanIterate(MapState state, JsonValue? items) =>
        items is null or JsonArray || (items is JsonObject && state.Distributed is not null);

    private static Evaluated ItemsAt(StateData data, MapState state, PathExpression path, Evaluated input)
    {
        var items = input.Value is { } document ? data.Find(path, document) : input;
        return CanIterate(state, items.Value)
            ? items

            // Recorded in test_state/*: bare.
            : StateFailure.Runtime(
                $"Reference path \"{(path.ReadsContext ? path.Text[1..] : path.Text)}\" must point to array.");
    }

    private static Evaluated ComputedItems(StateData data, MapState state, JsonataTemplate template)
    {
        var items = state.Distributed is null ? data.Compute(template, JsonKind.Array) : data.Compute(template);
        return CanIterate(state, items.Value) ? items : NoArray(data, items.Value ?? JsonValue.Null);
    }

    // Recorded in scenarios/*test_map_state_items_input_types: without a location.
    private static Evaluated NoArray(StateData data, JsonValue value) =>
        data.EvaluationError(new($"Map state input must be an array but was: {value.ToText()}", null));

    private static System.Diagnostics.UnreachableException NoItems() => new("A Map without items.");
}

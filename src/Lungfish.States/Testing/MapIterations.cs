using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Model;

namespace Lungfish.States.Testing;

/// <summary>What the iterations of a Map, or its child executions, would begin with.</summary>
internal sealed record MapIterations
{
    /// <summary>How many items there are.</summary>
    public long Count { get; private init; }

    /// <summary>What ItemSelector makes of each item; null without one.</summary>
    public JsonArray? Selected { get; private init; }

    /// <summary>The batches; null without an ItemBatcher.</summary>
    public JsonArray? Batched { get; private init; }

    /// <summary>What the ItemReader is called with; null without one.</summary>
    public JsonValue? ReaderParameters { get; private init; }

    public StateFailure? Failure { get; private init; }

    public static MapIterations Inline(StateData data, MapState state, JsonValue input, JsonArray items)
    {
        if (state.ItemSelector is null)
        {
            return new MapIterations { Count = items.Count };
        }

        var selected = new JsonArray.Builder();
        for (var i = 0; i < items.Count; i++)
        {
            var composed = data.ForItem(new MapItem(i, items[i])).Compose(state.ItemSelector, input);
            if (composed.Value is not { } value)
            {
                return new MapIterations { Failure = composed.Failure };
            }

            selected.Add(value);
        }

        return new MapIterations { Count = items.Count, Selected = selected.Build() };
    }

    /// <param name="origin">Where the items were read from; null if they are in the state's input.</param>
    public static MapIterations OfChildren(
        Turn turn, Scope scope, MapState state, DistributedMap map, JsonValue input, JsonValue items, string? origin)
    {
        var data = new StateData(turn, scope, StateDecider.GetVisit(scope));
        var planner = new MapRunPlanner(data, state, map, input);
        var plan = planner.Make(arn: "", items, concurrencyMax: 0);
        if (planner.Failure is { } notPlanned)
        {
            return new MapIterations { Failure = notPlanned };
        }

        var wanted = plan.ItemsMax > 0 ? MapRunDecider.Limited(items, plan.ItemsMax) : items;
        var run = new MapRun
        {
            Id = 0,
            StartedAt = turn.Now,
            Plan = plan,
            Limits = plan.Limits,
            Items = ItemBuffer.Empty.Add(wanted, origin ?? MapItem.StateData),
            AllRead = true,
        };
        var single = run with { Plan = plan with { IsBatched = false } };
        var selected = state.ItemSelector is null ? default : InputsOf(turn, scope, state, single);
        var batched = map.Batcher is null ? default : InputsOf(turn, scope, state, run);
        return new MapIterations
        {
            Count = run.Items.Count,
            Selected = selected.Inputs,
            Batched = batched.Inputs,
            ReaderParameters = plan.ReaderParameters,
            Failure = selected.Failure ?? batched.Failure,
        };
    }

    private static (JsonArray? Inputs, StateFailure? Failure) InputsOf(
        Turn turn, Scope scope, MapState state, MapRun run)
    {
        var inputs = new JsonArray.Builder();
        while (run.Items.Count > 0)
        {
            var (input, count) = new MapRunBatch(turn, scope, state, run).Next();
            if (input.Value is not { } value)
            {
                return (null, input.Failure);
            }

            inputs.Add(value);
            run = run with { Items = run.Items.Drop(count) };
        }

        return (inputs.Build(), null);
    }
}

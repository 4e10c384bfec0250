using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Model;

namespace Lungfish.States.Testing;

/// <summary>What the fields of a Map give before it begins to iterate, and what its iterations then come to.</summary>
internal readonly record struct MapFields(StateFailure? Failure, TestRefusal? Refusal)
{
    /// <summary>Evaluates the fields by which a Map iterates, as it does itself, and shows what they give.</summary>
    public static MapFields Evaluate(Turn turn, StateData data, MapState state, Evaluated input, StateTestSetup setup)
    {
        var items = MapDecider.Items(data, state, input);
        var concurrency = MapDecider.Concurrency(data, state, input);
        var count = MapTolerance.Count(data, state.ToleratedFailureCount, input);
        var percentage = MapTolerance.Percentage(data, state.ToleratedFailurePercentage, input);
        var failure = items.Failure ?? concurrency.Failure ?? count.Failure ?? percentage.Failure;
        if (failure is not null || AsArray(items.Value) is not { } array)
        {
            return new MapFields(failure ?? throw NoItems(), null);
        }

        var (inputs, notSelected) = Select(data, state, input, array);
        turn.Inspector?.BeforeIterations(seen => seen with
        {
            AfterItemsPath = state.Data is JsonPathFlow ? array : null,
            AfterItemSelector = state.ItemSelector is null ? null : inputs,
            MaxConcurrency = concurrency.Value,
            ToleratedFailureCount = count.Value,
            ToleratedFailurePercentage = percentage.Value,
        });
        return notSelected is not null
            ? new MapFields(notSelected, null)
            : Judge(setup.Configuration.MapIterationFailureCount ?? 0, array.Count, count.Value, percentage.Value);
    }

    /// <summary>A distributed Map also iterates the members of an object.</summary>
    private static JsonArray? AsArray(JsonValue? items) => items is JsonObject members
        ? JsonArray.Of(members.Select(member => new MapItem(0, member.Value, member.Key).Whole))
        : items as JsonArray;

    /// <summary>The inputs of the iterations.</summary>
    private static (JsonArray? Inputs, StateFailure? Failure) Select(
        StateData data, MapState state, Evaluated input, JsonArray items)
    {
        if (state.ItemSelector is null)
        {
            return (items, null);
        }

        var inputs = new JsonArray.Builder();
        for (var i = 0; i < items.Count; i++)
        {
            var selected = data.ForItem(new MapItem(i, items[i])).Compose(state.ItemSelector, input);
            if (selected.Value is not { } value)
            {
                return (null, selected.Failure ?? throw NoItems());
            }

            inputs.Add(value);
        }

        return (inputs.Build(), null);
    }

    /// <remarks>Recorded in state_configuration/*failure_count: a Map without a threshold is not failed by failures
    /// that are only counted.</remarks>
    private static MapFields Judge(int failed, int iterations, long? count, double? percentage)
    {
        if (failed > iterations)
        {
            return new MapFields(null, TestRefusal.Invalid(
                "Map iteration failure count must be less than or equal to the number of Map iterations"));
        }

        return failed > count || failed * 100.0 > percentage * iterations
            ? new MapFields(
                new StateFailure(
                    "States.ExceedToleratedFailureThreshold",
                    "The specified tolerated failure threshold was exceeded",
                    FailureKind.State),
                null)
            : default;
    }

    private static System.Diagnostics.UnreachableException NoItems() => new("Neither items nor a failure.");
}

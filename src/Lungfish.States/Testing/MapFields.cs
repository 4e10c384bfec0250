using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Model;

namespace Lungfish.States.Testing;

/// <summary>What the fields of a Map give before it begins to iterate: any of these keeps the mock from being
/// used.</summary>
/// <param name="Failure">The Map fails.</param>
/// <param name="Refusal">The test does not fit what the fields give.</param>
/// <param name="Wanted">The items have to be read first.</param>
internal readonly record struct MapFields(StateFailure? Failure, TestRefusal? Refusal, ItemSource? Wanted)
{
    /// <summary>Evaluates the fields by which a Map iterates, as it does itself, and shows what they give.</summary>
    /// <param name="read">What the ItemReader has read; null if it has not yet, or there is none.</param>
    public static MapFields Evaluate(
        Turn turn, Scope scope, MapState state, StateTestSetup setup, ItemsHaveArrived? read)
    {
        var data = new StateData(turn, scope, StateDecider.GetVisit(scope));
        var input = data.Input();
        var reader = state.Distributed?.Reader;
        var items = reader is null ? MapDecider.Items(data, state, input) : read?.Items ?? JsonArray.Empty;
        var concurrency = MapDecider.Concurrency.Read(data, state.MaxConcurrency, input);
        var count = MapTolerance.Count.Read(data, state.ToleratedFailureCount, input);
        var percentage = MapTolerance.Percentage.Read(data, state.ToleratedFailurePercentage, input);
        var failure = items.Failure ?? concurrency.Failure ?? count.Failure ?? percentage.Failure;
        if (failure is not null || items.Value is not { } known || input.Value is not { } effective)
        {
            return Fails(failure ?? input.Failure ?? throw NoItems());
        }

        var iterations = state.Distributed is { } map
            ? MapIterations.OfChildren(turn, scope, state, map, effective, known, read?.Origin)
            : MapIterations.Inline(data, state, effective, (JsonArray)known);
        if (reader is not null && read is null && iterations.ReaderParameters is { } parameters)
        {
            return new MapFields(null, null, new ItemSource(reader.Resource, parameters, reader.Config));
        }

        turn.Inspector?.BeforeIterations(seen => seen with
        {
            AfterItemsPath = reader is null && state.Data is JsonPathFlow ? known : null,
            AfterItemsPointer = read is not null && reader?.Config.ItemsPointer is not null ? known : null,
            AfterItemSelector = iterations.Selected,
            AfterItemBatcher = iterations.Batched,
            MaxConcurrency = concurrency.Value,
            ToleratedFailureCount = count.Value,
            ToleratedFailurePercentage = percentage.Value,
        });
        return iterations.Failure is { } notIterated
            ? Fails(notIterated)
            : Judge(setup.Configuration.MapIterationFailureCount ?? 0, iterations.Count, count.Value, percentage.Value);
    }

    private static MapFields Fails(StateFailure failure) => new(failure, null, null);

    /// <remarks>Recorded in state_configuration/*failure_count: a Map without a threshold is not failed by failures
    /// that are only counted.</remarks>
    private static MapFields Judge(int failed, long iterations, long? count, double? percentage)
    {
        if (failed > iterations)
        {
            return new MapFields(null, TestRefusal.Invalid(
                "Map iteration failure count must be less than or equal to the number of Map iterations"), null);
        }

        var hasThreshold = count is not null || percentage is not null;
        var limits = new MapRunLimits(0, count ?? 0, percentage ?? 0);
        return hasThreshold && limits.AreExceededBy(failed, iterations)
            ? Fails(StateFailure.TooManyFailed())
            : default;
    }

    private static System.Diagnostics.UnreachableException NoItems() => new("Neither items nor a failure.");
}

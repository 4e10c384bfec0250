using System.Collections.Immutable;
using Lungfish.Json;
using Lungfish.States.Model;
using Lungfish.States.Quotas;

namespace Lungfish.States.Deciding;

/// <summary>The result of a distributed Map whose results are not written elsewhere, in the order of the items.
/// </summary>
internal static class MapRunResults
{
    /// <summary>What one child gives. Measured: a tolerated failure stands in its place.</summary>
    public static JsonValue PlaceOf(ChildHasClosed child)
    {
        if (child.Status == ExecutionStatus.Succeeded)
        {
            return child.Output ?? JsonValue.Null;
        }

        var place = new JsonObject.Builder();
        place.Set("Status", Name(child.Status));
        if (child.Error is { } error)
        {
            place.Set("Error", error);
        }

        if (child.Cause is { } cause)
        {
            place.Set("Cause", cause);
        }

        return place.Build();
    }

    public static Evaluated Collect(Turn turn, MapState state, MapRun run)
    {
        if (!run.HasResults)
        {
            return StateFailure.DataLimitExceeded(state.Name, FailureKind.Terminal);
        }

        var isFlat = state.Distributed?.Writer?.Config.Transformation == "FLATTEN";
        var results = ImmutableArray.CreateBuilder<JsonValue>(run.Results.Count);
        foreach (var (_, result) in run.Results)
        {
            if (isFlat && result is JsonArray inner)
            {
                foreach (var item in inner) // AddRange would take the array as one value.
                {
                    results.Add(item);
                }
            }
            else
            {
                results.Add(result);
            }
        }

        var array = new JsonArray(results.ToImmutable());
        return turn.Quotas.Refuses(Quota.PayloadBytes, array)
            ? StateFailure.DataLimitExceeded(state.Name, FailureKind.Terminal)
            : array;
    }

    private static string Name(ExecutionStatus status) => status switch
    {
        ExecutionStatus.TimedOut => "TIMED_OUT",
        ExecutionStatus.Aborted => "ABORTED",
        _ => "FAILED",
    };
}

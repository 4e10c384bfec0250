using System.Text.Json.Nodes;

namespace Lungfish.Conformance.Matching;

/// <summary>Compares histories, exactly or as far as the order is AWS's own (rule 9 of the recordings'
/// README).</summary>
internal static class HistoryMatcher
{
    // Their predecessor depends on which branch or iteration happened to finish last.
    private static readonly HashSet<string> s_joins = new(StringComparer.Ordinal)
    {
        "ParallelStateSucceeded", "ParallelStateExited", "ParallelStateFailed",
        "MapStateSucceeded", "MapStateExited", "MapStateFailed", "MapIterationStarted",
        "MapRunStarted", "MapRunSucceeded", "MapRunFailed",
    };

    public static IReadOnlyList<string> Compare(
        JsonArray expected, JsonArray actual, Func<Bindings> newBindings, string? mode)
    {
        var compared =
            string.Equals(mode, "parallel-normalized", StringComparison.Ordinal) ? NormaliseParallel(actual) : actual;
        var differences = ValueMatcher.Compare(expected, compared, newBindings(), "history");
        if (differences.Count == 0 || mode is null)
        {
            return differences;
        }

        if (expected.Count != compared.Count)
        {
            return differences;
        }

        var missing =
            ValueMatcher.MatchInAnyOrder(WithoutIds(expected), WithoutIds(compared), newBindings(), out var matched);
        return matched switch
        {
            true when mode is "concurrent"
                && !EdgesOf(expected).SequenceEqual(EdgesOf(compared), StringComparer.Ordinal) =>
                ["history: the same events, but some follow another type of event", .. differences],
            true => [],
            _ => [$"history, in any order: no event like {ValueMatcher.Short(missing)}", .. differences],
        };
    }

    /// <summary>What the recorder did to the events inside Parallel states: their ids are gone.</summary>
    /// <remarks>
    /// It replaced the events since the start once more at each of the state's own events, in the list that it was
    /// walking. So a ParallelStateSucceeded is lost when ParallelStateExited follows, and the event after that is not
    /// looked at. Order is not kept here either: what is compared in any order needs none.
    /// </remarks>
    private static JsonArray NormaliseParallel(JsonArray history)
    {
        var events = history.Select(item => item?.DeepClone()).ToList();
        List<JsonNode?> inside = [];
        var isInside = false;
        var start = 0;
        for (var i = 0; i < events.Count; i++)
        {
            switch (TypeOf(events[i]))
            {
                case "ParallelStateStarted":
                    (isInside, inside, start) = (true, [], i + 1);
                    break;
                case "ParallelStateSucceeded" or "ParallelStateAborted" or "ParallelStateExited"
                    or "ParallelStateFailed":
                    events.RemoveRange(start, i - start);
                    events.InsertRange(start, inside);
                    isInside = false;
                    break;
                default:
                    if (isInside && events[i] is JsonObject members)
                    {
                        members["id"] = new JsonArray(0);
                        members["previousEventId"] = 0;
                        inside.Add(members);
                    }

                    break;
            }
        }

        return new JsonArray([.. events]);
    }

    private static JsonArray WithoutIds(JsonArray history) => new([.. history.Select(item =>
    {
        var copy = item?.DeepClone();
        (copy as JsonObject)?.Remove("id");
        (copy as JsonObject)?.Remove("previousEventId");
        return copy;
    })]);

    private static IEnumerable<string> EdgesOf(JsonArray history)
    {
        var types = new Dictionary<string, string>(StringComparer.Ordinal) { ["0"] = "-" };
        foreach (var item in history)
        {
            types[item?["id"]?.ToJsonString() ?? ""] = TypeOf(item);
        }

        return history
            .Where(item => !s_joins.Contains(TypeOf(item)))
            .Select(item =>
                $"{types.GetValueOrDefault(item?["previousEventId"]?.ToJsonString() ?? "", "?")} > {TypeOf(item)}")
            .Order(StringComparer.Ordinal);
    }

    private static string TypeOf(JsonNode? historyEvent) => historyEvent?["type"]?.GetValue<string>() ?? "";
}

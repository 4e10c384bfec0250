using System.Text.Json.Nodes;

namespace Lungfish.DurableConformance.Matching;

/// <summary>What holds of every history, whatever a requirement lists.</summary>
internal static class HistoryRules
{
    private static readonly string[] s_ownEnds = ["ExecutionSucceeded", "ExecutionFailed"];

    private static readonly string[] s_ends = [.. s_ownEnds, "ExecutionTimedOut", "ExecutionStopped"];

    /// <param name="ended">The execution is over.</param>
    public static IEnumerable<string> FindBreaches(JsonArray events, bool ended)
    {
        var before = double.MinValue;
        foreach (var (i, item) in events.Index())
        {
            var type = JsonValues.FindText(item?["EventType"]) ?? "an event without type";
            var at = item?["EventTimestamp"]?.GetValue<double>() ?? double.NaN;
            if (item?["EventId"]?.GetValue<int>() != i + 1)
            {
                yield return $"EventIds are to be 1, 2, 3 ...: {type} at place {i + 1} has {item?["EventId"]}";
            }

            if (!(at >= before))
            {
                yield return $"event {i + 1} {type}: at {at}, earlier than the event before it";
            }

            if (item?[$"{type}Details"] is not JsonObject)
            {
                yield return $"event {i + 1} {type}: no {type}Details";
            }

            before = at;
        }

        if (TypeAt(events, 0) is not "ExecutionStarted")
        {
            yield return "the first event is not ExecutionStarted";
        }

        var terminals = events.Count(item => s_ends.Contains(JsonValues.FindText(item?["EventType"])));
        if (terminals != (ended ? 1 : 0))
        {
            yield return $"{terminals} events end the execution";
        }
        else if (ended && !s_ends.Contains(TypeAt(events, events.Count - 1)))
        {
            yield return "the last event is not the execution's end";
        }
        else if (ended && s_ownEnds.Contains(TypeAt(events, events.Count - 1))
            && TypeAt(events, events.Count - 2) is not "InvocationCompleted")
        {
            yield return "the execution ended by itself, and not with an invocation";
        }
    }

    private static string? TypeAt(JsonArray events, int index) =>
        index >= 0 && index < events.Count ? JsonValues.FindText(events[index]?["EventType"]) : null;
}

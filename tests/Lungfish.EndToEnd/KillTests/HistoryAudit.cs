using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Lungfish.EndToEnd.KillTests;

/// <summary>What must be true of every history, whatever happened to the server.</summary>
internal static class HistoryAudit
{
    // Timestamps are in milliseconds on the wire.
    private const double SecondsOfRounding = 0.001;

    /// <summary>Names every rule that the events break.</summary>
    public static IEnumerable<string> Check(JsonArray events, Regex types) =>
        CheckNumbers(events).Concat(CheckTypes(events, types)).Concat(CheckTimes(events));

    private static IEnumerable<string> CheckNumbers(JsonArray events)
    {
        foreach (var (index, item) in events.Index())
        {
            var id = Number(item, "id");
            if (id != index + 1)
            {
                yield return $"event {index + 1} has the id {id}";
            }

            var previous = Number(item, "previousEventId");
            if (previous < 0 || previous >= id)
            {
                yield return $"event {id} follows {previous}";
            }
        }
    }

    private static IEnumerable<string> CheckTypes(JsonArray events, Regex types)
    {
        var sequence = string.Join(' ', events.Select(item => item?["type"]?.GetValue<string>()));
        if (!types.IsMatch(sequence))
        {
            yield return $"the events are {sequence}";
        }

        var entered = events.Count(item => TypeOf(item).EndsWith("StateEntered", StringComparison.Ordinal));
        var exited = events.Count(item => TypeOf(item).EndsWith("StateExited", StringComparison.Ordinal));
        if (entered != exited)
        {
            yield return $"{entered} states were entered and {exited} left";
        }
    }

    private static IEnumerable<string> CheckTimes(JsonArray events)
    {
        var times =
            events.ToDictionary(item => Number(item, "id"), item => item?["timestamp"]?.GetValue<double>() ?? 0);
        foreach (var item in events)
        {
            var id = Number(item, "id");
            if (times.TryGetValue(id - 1, out var before) && times[id] < before - SecondsOfRounding)
            {
                yield return $"event {id} is earlier than the one before it";
            }

            // All waits of this test are of one second.
            if (TypeOf(item) is "WaitStateExited"
                && times.TryGetValue(Number(item, "previousEventId"), out var entered)
                && times[id] - entered < 1 - SecondsOfRounding)
            {
                yield return $"the wait that ends with event {id} took {times[id] - entered} s";
            }
        }
    }

    private static long Number(JsonNode? item, string name) => item?[name]?.GetValue<long>() ?? -1;

    private static string TypeOf(JsonNode? item) => item?["type"]?.GetValue<string>() ?? "";
}

using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Lungfish.DurableConformance.Requirements;

namespace Lungfish.DurableConformance.Matching;

/// <summary>Compares what a function wrote with the records that a requirement lists.</summary>
internal static class LogMatcher
{
    /// <summary>The records of one execution: lines that are JSON objects and name it.</summary>
    public static IReadOnlyList<JsonObject> RecordsOf(string executionArn, IEnumerable<string> lines) =>
        [.. lines.Select(FindObject).OfType<JsonObject>().Where(record =>
            JsonValues.FindText(record["durableExecutionArn"]) == executionArn
            || JsonValues.FindText(record["executionArn"]) == executionArn)];

    /// <param name="expected">What a requirement lists.</param>
    /// <param name="records">In the order in which they were written.</param>
    /// <param name="placeholders">With what the history has bound.</param>
    public static IReadOnlyList<string> Compare(
        IReadOnlyList<LogExpectation> expected, IReadOnlyList<JsonObject> records, Placeholders placeholders)
    {
        var differences = new List<string>();
        foreach (var item in expected)
        {
            var found = PlacesOf(item.Match, records, placeholders);
            var label = $"log {JsonValues.Show(placeholders.Fill(item.Match))}";
            if (found.Count < item.CountMin || found.Count > item.CountMax)
            {
                var wanted = item.CountMin == item.CountMax
                    ? $"{item.CountMin}"
                    : item.CountMax == int.MaxValue ? $"at least {item.CountMin}" : $"at most {item.CountMax}";
                differences.Add($"{label}: expected {wanted}, got {found.Count}");
            }

            if (found.Count == 0)
            {
                continue; // Nothing to order; whether that is right, the count has told.
            }

            differences.AddRange(item.After
                .Where(anchor => !AreInOrder(PlacesOf(anchor, records, placeholders), found))
                .Select(anchor => $"{label}: not after {JsonValues.Show(placeholders.Fill(anchor))}"));
            differences.AddRange(item.Before
                .Where(anchor => !AreInOrder(found, PlacesOf(anchor, records, placeholders)))
                .Select(anchor => $"{label}: not before {JsonValues.Show(placeholders.Fill(anchor))}"));
        }

        return differences;
    }

    /// <summary>False also if an anchor is nowhere: it orders nothing then, which cannot be meant.</summary>
    private static bool AreInOrder(IReadOnlyList<int> earlier, IReadOnlyList<int> later) =>
        earlier.Count > 0 && later.Count > 0 && earlier[^1] <= later[0];

    private static List<int> PlacesOf(
        JsonObject match, IReadOnlyList<JsonObject> records, Placeholders placeholders) =>
        [.. records.Index()
            .Where(record => match.All(member => record.Item.TryGetPropertyValue(member.Key, out var value)
                && IsMatch(placeholders.Fill(member.Value), value)))
            .Select(record => record.Index)];

    private static bool IsMatch(JsonNode? expected, JsonNode? actual) => JsonValues.FindText(expected) switch
    {
        ['/', .. var pattern, '/'] =>
            Regex.IsMatch(JsonValues.TextOf(actual), pattern, RegexOptions.None, TimeSpan.FromSeconds(1)),
        { } text => JsonValues.TextOf(actual).Trim() == text.Trim(),
        null => JsonValues.AreEqual(expected, actual),
    };

    private static JsonObject? FindObject(string line)
    {
        if (!line.AsSpan().TrimStart().StartsWith("{"))
        {
            return null;
        }

        try
        {
            return JsonNode.Parse(line) as JsonObject;
        }
        catch (JsonException)
        {
            return null; // A line of text that begins with a brace.
        }
    }
}

using System.Text;
using System.Text.Json.Nodes;
using Lungfish.DurableConformance.Matching;

namespace Lungfish.DurableConformance.Running;

/// <summary>Shows what was expected and what came, event by event, for a person who reads a failure.</summary>
internal static class SideBySide
{
    private const int LeftWidth = 70;
    private const int TextMax = 160;

    // They differ from run to run and tell nothing of what went wrong.
    private static readonly string[] s_noise = ["EventId", "EventType", "EventTimestamp"];

    public static string Show(IReadOnlyList<JsonObject> expected, JsonArray actual, Placeholders placeholders)
    {
        var text = new StringBuilder();
        _ = text.Append("     ").Append("expected".PadRight(LeftWidth)).AppendLine("| got");
        var last = Math.Max(expected.Select(IdOf).DefaultIfEmpty(0).Max(), actual.Count);
        for (var id = 1; id <= last; id++)
        {
            var left = LineOf(expected.FirstOrDefault(item => IdOf(item) == id), placeholders);
            var right = LineOf(actual.FirstOrDefault(item => IdOf(item) == id) as JsonObject, placeholders);
            _ = text.Append(CultureInfo.InvariantCulture, $"{id,4} ")
                .Append(left.PadRight(LeftWidth)).Append("| ").AppendLine(right);
        }

        return text.ToString();
    }

    private static string LineOf(JsonObject? item, Placeholders placeholders)
    {
        if (item is null)
        {
            return "";
        }

        var rest = new JsonObject(item
            .Where(member => !s_noise.Contains(member.Key))
            .Select(member => KeyValuePair.Create(
                member.Key.EndsWith("Details", StringComparison.Ordinal) ? "Details" : member.Key,
                placeholders.Fill(member.Value))));
        var line = $"{item["EventType"]} {JsonValues.Show(rest)}";
        return line.Length <= TextMax ? line : line[..TextMax] + "...";
    }

    private static int IdOf(JsonNode? item) => item?["EventId"]?.GetValue<int>() ?? 0;
}

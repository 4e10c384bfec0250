using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Lungfish.DurableConformance.Matching;

/// <summary>Compares a history with the events that a requirement lists.</summary>
/// <remarks>An event is found by its EventId; events that are not listed do not matter. Of a listed one each member
/// must be there: <c>${NAME}</c> is the same value wherever it stands, <c>${/pattern/}</c> is searched in the value,
/// <c>*</c> and <c>{}</c> take anything.</remarks>
internal sealed class EventMatcher
{
    private readonly Placeholders _placeholders;
    private readonly List<string> _differences = [];

    private EventMatcher(Placeholders placeholders) => _placeholders = placeholders;

    public static IReadOnlyList<string> Compare(
        IReadOnlyList<JsonObject> expected, JsonArray actual, Placeholders placeholders)
    {
        var matcher = new EventMatcher(placeholders);
        foreach (var item in expected)
        {
            var id = item["EventId"]?.GetValue<int>() ?? throw new InvalidDataException("An event without EventId.");
            var path = $"event {id} {item["EventType"]}";
            if (actual.FirstOrDefault(candidate => candidate?["EventId"]?.GetValue<int>() == id) is { } found)
            {
                matcher.Visit(item, found, path);
            }
            else
            {
                matcher._differences.Add($"{path}: there is none");
            }
        }

        return matcher._differences;
    }

    private void Visit(JsonNode? expected, JsonNode? actual, string path)
    {
        switch (expected)
        {
            case JsonObject { Count: 0 }:
                break;
            case JsonObject map when actual is JsonObject members:
                foreach (var (name, value) in map)
                {
                    if (members.TryGetPropertyValue(name, out var member))
                    {
                        Visit(value, member, $"{path}.{name}");
                    }
                    else
                    {
                        _differences.Add($"{path}.{name}: missing");
                    }
                }

                break;
            case JsonArray list when actual is JsonArray items:
                VisitItems(list, items, path);
                break;
            case JsonValue value when value.TryGetValue<string>(out var text):
                VisitText(text, actual, path);
                break;
            default:
                Demand(JsonValues.AreEqual(expected, actual), expected, actual, path);
                break;
        }
    }

    private void VisitItems(JsonArray expected, JsonArray actual, string path)
    {
        Demand(expected.Count == actual.Count, expected, actual, path);
        foreach (var (i, item) in expected.Take(actual.Count).Index())
        {
            Visit(item, actual[i], $"{path}[{i}]");
        }
    }

    private void VisitText(string expected, JsonNode? actual, string path)
    {
        if (expected is "*")
        {
            return;
        }

        if (Placeholders.FindName(expected) is { } name)
        {
            if (!_placeholders.TryBind(name, actual, out var before))
            {
                _differences.Add(
                    $"{path}: {expected} is {JsonValues.Show(before)} elsewhere, got {JsonValues.Show(actual)}");
            }
        }
        else if (expected is ['$', '{', '/', .. var pattern, '/', '}'])
        {
            Demand(
                Regex.IsMatch(JsonValues.TextOf(actual), pattern, RegexOptions.None, TimeSpan.FromSeconds(1)),
                expected,
                actual,
                path);
        }
        else
        {
            JsonNode filled = _placeholders.Fill(expected);
            Demand(JsonValues.AreEqual(filled, actual), filled, actual, path);
        }
    }

    private void Demand(bool holds, JsonNode? expected, JsonNode? actual, string path)
    {
        if (!holds)
        {
            _differences.Add($"{path}: expected {JsonValues.Show(expected)}, got {JsonValues.Show(actual)}");
        }
    }
}

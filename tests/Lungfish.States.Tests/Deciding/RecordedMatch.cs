using System.Text.RegularExpressions;
using Lungfish.Json;

namespace Lungfish.States.Tests.Deciding;

/// <summary>Compares with recorded values as the recordings' README says: placeholders match, and are bound.</summary>
internal sealed partial class RecordedMatch
{
    private readonly Dictionary<string, string> _bound;

    public RecordedMatch() => _bound = [];

    private RecordedMatch(RecordedMatch other) => _bound = new(other._bound);

    /// <returns>The first difference, or null.</returns>
    public string? Differs(JsonValue expected, JsonValue? actual, string path = "$") => (expected, actual) switch
    {
        (JsonString text, _) when actual is not null && MatchesText(text.Value, actual) => null,
        (JsonObject e, JsonObject a) => DiffersInMember(e, a, path),
        (JsonArray e, JsonArray a) when e.Count == a.Count => e
            .Select((item, i) => Differs(item, a[i], $"{path}[{i}]"))
            .FirstOrDefault(difference => difference is not null),
        (not JsonString, JsonString text) when TryParse(text.Value) is { } parsed => Differs(expected, parsed, path),
        (JsonString or JsonObject or JsonArray, _) => Difference(expected, actual, path),
        _ => expected.Equals(actual) ? null : Difference(expected, actual, path),
    };

    /// <summary>In any order: what is left over on the recorded side, or null.</summary>
    public string? DiffersInAnyOrder(IEnumerable<JsonValue> expected, IReadOnlyCollection<JsonValue> actual)
    {
        var left = actual.ToList();
        foreach (var e in expected)
        {
            var at = left.FindIndex(a => new RecordedMatch(this).Differs(e, a) is null);
            if (at < 0)
            {
                return $"No event like {e}";
            }

            _ = Differs(e, left[at]); // Binds.
            left.RemoveAt(at);
        }

        return left.Count == 0 ? null : $"Beyond the recorded: {left[0]}";
    }

    /// <summary>As the recordings: a text in an object that begins with a brace becomes its JSON value.</summary>
    public static JsonValue Decoded(JsonValue value) => value switch
    {
        JsonObject obj => JsonObject.Of(obj.Select(m => KeyValuePair.Create(m.Key, DecodedMember(m.Value)))),
        JsonArray array => JsonArray.Of(array.Select(item => item is JsonObject ? Decoded(item) : item)),
        _ => value,
    };

    /// <summary>What the recorder did to the events inside Parallel states: it sorted them, and lost some.</summary>
    public static List<JsonValue> NormalizeParallel(IEnumerable<JsonValue> history)
    {
        var events = history.ToList();
        List<JsonValue> inside = [];
        var (start, isInside) = (0, false);
        for (var i = 0; i < events.Count; i++)
        {
            switch ((((JsonObject)events[i])["type"] as JsonString)?.Value)
            {
                case "ParallelStateSucceeded":
                case "ParallelStateAborted":
                case "ParallelStateExited":
                case "ParallelStateFailed":
                    events.RemoveRange(start, Math.Max(0, i - start));
                    events.InsertRange(start, inside);
                    isInside = false;
                    break;
                case "ParallelStateStarted":
                    (isInside, inside, start) = (true, [], i + 1);
                    break;
                default:
                    if (isInside)
                    {
                        inside.Add(events[i]);
                    }

                    break;
            }
        }

        return events;
    }

    public static JsonValue? Parsed(JsonValue? text) => text is JsonString { Value: var json } ? TryParse(json) : text;

    private static JsonValue DecodedMember(JsonValue value) => value is JsonString { Value: ['{', ..] } text
        ? TryParse(text.Value) ?? value
        : Decoded(value);

    private static JsonValue? TryParse(string text)
    {
        try
        {
            return JsonValue.Parse(text);
        }
        catch (JsonParseException)
        {
            return null;
        }
    }

    private string? DiffersInMember(JsonObject expected, JsonObject actual, string path)
    {
        foreach (var (name, value) in expected)
        {
            if (Differs(value, actual[name], $"{path}.{name}") is { } difference)
            {
                return difference;
            }
        }

        var more = actual.FirstOrDefault(m => expected[m.Key] is null);
        return more.Key is null ? null : $"{path}.{more.Key}: unexpected {more.Value}";
    }

    private bool MatchesText(string expected, JsonValue actual)
    {
        if (AnyPlaceholder().IsMatch(expected))
        {
            return true;
        }

        if (actual is not JsonString { Value: var text })
        {
            return false;
        }

        if (expected is ['[' or '{', ..] && TryParse(expected) is { } e && TryParse(text) is { } a)
        {
            return Differs(e, a) is null;
        }

        return MatchesPattern(expected, text) || MatchesPattern(expected, Iso8601().Replace(text, "date"));
    }

    private bool MatchesPattern(string expected, string actual)
    {
        List<string> names = [];
        var pattern = string.Concat(Placeholder().Split(expected).Select((part, i) => i % 2 == 0
            ? Regex.Escape(part)
            : PatternOf(part, names)));
        var match = Regex.Match(actual, $@"\A{pattern}\z", RegexOptions.Singleline, TimeSpan.FromSeconds(5));
        if (match.Success)
        {
            for (var i = 0; i < names.Count; i++)
            {
                _bound[names[i]] = match.Groups[$"g{i}"].Value;
            }
        }

        return match.Success;
    }

    private string PatternOf(string name, List<string> names)
    {
        if (name.StartsWith("any:", StringComparison.Ordinal))
        {
            return ".*?";
        }

        if (_bound.TryGetValue(name, out var value))
        {
            return Regex.Escape(value);
        }

        if (names.IndexOf(name) is var at && at >= 0)
        {
            return $@"\k<g{at}>";
        }

        names.Add(name);
        return $"(?<g{names.Count - 1}>.+?)";
    }

    private static string Difference(JsonValue expected, JsonValue? actual, string path) =>
        $"{path}: expected {expected}, got {actual}";

    [GeneratedRegex(@"\A<any:[^>]*>\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AnyPlaceholder();

    [GeneratedRegex(@"<(?<name>[A-Za-z][A-Za-z0-9_:.-]*)>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Placeholder();

    [GeneratedRegex(
        @"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:?[0-9]{2})?",
        RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex Iso8601();
}

using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lungfish.Conformance.Matching;

/// <summary>Compares an answer with a recorded value and says where they differ (rules 5 to 8 of the recordings'
/// README).</summary>
internal sealed class ValueMatcher(Bindings bindings, bool anyOrder = false)
{
    private const int DifferencesMax = 12;

    // Headers of AWS's own SDK calls.
    private static readonly string[] s_ignoredKeys = ["SdkHttpMetadata", "SdkResponseMetadata"];

    private readonly List<string> _differences = [];

    public static IReadOnlyList<string> Compare(
        JsonNode? expected, JsonNode? actual, Bindings bindings, string path, bool anyOrder = false)
    {
        var matcher = new ValueMatcher(bindings, anyOrder);
        matcher.Visit(expected, actual, path);
        return matcher._differences;
    }

    /// <summary>Finds for each expected item one of the actual ones, in any order.</summary>
    /// <returns>The first expected item that has none, or null with <paramref name="matched"/> set.</returns>
    public static JsonNode? MatchInAnyOrder(JsonArray expected, JsonArray actual, Bindings bindings, out bool matched)
    {
        var left = actual.ToList();
        matched = false;
        foreach (var item in expected)
        {
            var found = left.FindIndex(candidate => Accepts(item, candidate, bindings));
            if (found < 0)
            {
                return item;
            }

            left.RemoveAt(found);
        }

        matched = left.Count == 0;
        return null;
    }

    private static bool Accepts(JsonNode? expected, JsonNode? actual, Bindings bindings)
    {
        var fork = bindings.Fork();
        if (Compare(expected, actual, fork, "$").Count > 0)
        {
            return false;
        }

        bindings.Adopt(fork);
        return true;
    }

    private void Visit(JsonNode? expected, JsonNode? actual, string path)
    {
        if (_differences.Count >= DifferencesMax)
        {
            return;
        }

        switch (expected)
        {
            case JsonObject expectedObject:
                VisitObject(expectedObject, actual, path);
                break;
            case JsonArray expectedArray:
                VisitArray(expectedArray, actual, path);
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                if (!TextMatches(value.GetValue<string>(), actual))
                {
                    Differ(path, expected, actual);
                }

                break;
            default:
                if (!ScalarsEqual(expected, actual))
                {
                    Differ(path, expected, actual);
                }

                break;
        }
    }

    private void VisitObject(JsonObject expected, JsonNode? actual, string path)
    {
        if (actual is not JsonObject actualObject)
        {
            Differ(path, expected, actual);
            return;
        }

        foreach (var (key, value) in expected.Where(
            member => !s_ignoredKeys.Contains(member.Key, StringComparer.Ordinal)))
        {
            if (actualObject.TryGetPropertyValue(key, out var actualValue))
            {
                Visit(value, actualValue, $"{path}.{key}");
            }
            else
            {
                _differences.Add($"{path}.{key}: missing, expected {Short(value)}");
            }
        }

        var unexpected = actualObject.Where(member =>
            !expected.ContainsKey(member.Key) && !s_ignoredKeys.Contains(member.Key, StringComparer.Ordinal));
        _differences.AddRange(unexpected.Select(member => $"{path}.{member.Key}: unexpected {Short(member.Value)}"));
    }

    private void VisitArray(JsonArray expected, JsonNode? actual, string path)
    {
        if (actual is not JsonArray actualArray)
        {
            Differ(path, expected, actual);
        }
        else if (expected.Count != actualArray.Count)
        {
            _differences.Add($"{path}: expected {expected.Count} items, got {actualArray.Count}: {Short(actual)}");
        }
        else if (anyOrder && expected.Count > 1)
        {
            MatchInAnyOrder(expected, actualArray, bindings, out var matched);
            if (!matched)
            {
                Differ(path, expected, actual);
            }
        }
        else
        {
            for (var i = 0; i < expected.Count; i++)
            {
                Visit(expected[i], actualArray[i], $"{path}[{i}]");
            }
        }
    }

    private bool TextMatches(string expected, JsonNode? actual)
    {
        if (TextMatcher.IsAnything(expected))
        {
            return true;
        }

        if (actual is not JsonValue value || value.GetValueKind() != JsonValueKind.String)
        {
            return false;
        }

        var text = value.GetValue<string>();
        var expectedJson = JsonText.FindObjectOrArray(expected);
        var actualJson = expectedJson is null ? null : JsonText.FindObjectOrArray(text);
        return expectedJson is not null && actualJson is not null && expectedJson.GetType() == actualJson.GetType()
            ? Compare(expectedJson, actualJson, bindings, "$").Count == 0
            : TextMatcher.Matches(expected, text, bindings);
    }

    private static bool ScalarsEqual(JsonNode? expected, JsonNode? actual)
    {
        if (expected is null || actual is null)
        {
            return expected is null && actual is null;
        }

        var kind = expected.GetValueKind();
        return kind == actual.GetValueKind()
            && (kind != JsonValueKind.Number || NumbersEqual(expected.ToJsonString(), actual.ToJsonString()));
    }

    // 1 and 1.0 are equal; texts are compared first because large integers lose digits as doubles.
    private static bool NumbersEqual(string expected, string actual) =>
        string.Equals(expected, actual, StringComparison.Ordinal)
        || double.Parse(expected, CultureInfo.InvariantCulture).Equals(
            double.Parse(actual, CultureInfo.InvariantCulture));

    private void Differ(string path, JsonNode? expected, JsonNode? actual) =>
        _differences.Add($"{path}: expected {Short(expected)} got {Short(actual)}");

    public static string Short(JsonNode? value)
    {
        const int lengthMax = 240;
        var text = value?.ToJsonString(JsonText.Readable) ?? "null";
        return text.Length <= lengthMax ? text : text[..lengthMax] + "…";
    }
}

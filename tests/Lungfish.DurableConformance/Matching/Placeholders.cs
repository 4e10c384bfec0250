using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Lungfish.DurableConformance.Matching;

/// <summary>What the names in a requirement stand for: drawn before the invocation, or found in the history.</summary>
internal sealed partial class Placeholders
{
    private readonly Dictionary<string, JsonNode?> _values = new(StringComparer.Ordinal);

    /// <summary>Draws what <c>Variables</c> asks for: <c>${GEN_STR:8}</c> is a random text of eight.</summary>
    public static Placeholders Draw(JsonObject variables)
    {
        var drawn = new Placeholders();
        foreach (var (name, value) in variables)
        {
            var text = value?.ToString() ?? "";
            drawn._values[name] = DrawPattern.Match(text) is { Success: true } match
                ? RandomNumberGenerator.GetString(
                    "abcdefghijklmnopqrstuvwxyz0123456789",
                    int.Parse(match.Groups["length"].ValueSpan, CultureInfo.InvariantCulture))
                : text;
        }

        return drawn;
    }

    /// <summary>The same names with the same values; what it binds is not seen here.</summary>
    public Placeholders Fork()
    {
        var fork = new Placeholders();
        foreach (var (name, value) in _values)
        {
            fork._values[name] = value;
        }

        return fork;
    }

    /// <summary>Binds a name where it is met first.</summary>
    /// <returns>False: it stands for <paramref name="before"/> already, which is another value.</returns>
    public bool TryBind(string name, JsonNode? value, out JsonNode? before)
    {
        if (_values.TryGetValue(name, out before))
        {
            return JsonValues.AreEqual(before, value);
        }

        _values[name] = value?.DeepClone();
        return true;
    }

    /// <summary>Puts in what is known; other names stay as they are.</summary>
    public JsonNode? Fill(JsonNode? template) => template switch
    {
        JsonObject map => new JsonObject(map.Select(member => KeyValuePair.Create(member.Key, Fill(member.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Fill)]),
        JsonValue value when value.TryGetValue<string>(out var text) => Fill(text),
        _ => template?.DeepClone(),
    };

    public string Fill(string template) => ReferencePattern.Replace(
        template,
        match => _values.TryGetValue(match.Groups["name"].Value, out var value)
            ? value?.ToString() ?? "null"
            : match.Value);

    /// <summary>The name if the text is nothing but a placeholder.</summary>
    public static string? FindName(string text) =>
        ReferencePattern.Match(text) is { Success: true } match && match.Length == text.Length
            ? match.Groups["name"].Value
            : null;

    [GeneratedRegex(@"^\$\{GEN_STR:(?<length>[0-9]+)\}$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DrawPattern { get; }

    [GeneratedRegex(@"\$\{(?<name>[A-Za-z_][A-Za-z0-9_]*)\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ReferencePattern { get; }
}

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lungfish.Conformance.Matching;

/// <summary>JSON inside of texts, as the recordings show it.</summary>
internal static class JsonText
{
    public static JsonSerializerOptions Readable { get; } =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The value of a text that is a JSON object or array, or null.</summary>
    public static JsonNode? FindObjectOrArray(string text) => text is ['{' or '[', ..] ? Find(text) : null;

    /// <summary>The value of a JSON text, or null if it is none (or says null).</summary>
    public static JsonNode? Find(string text)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = 512 });
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The value of a JSON text, or the text itself.</summary>
    public static JsonNode? ParseOrKeep(JsonNode? value)
    {
        if (value is not JsonValue scalar || !scalar.TryGetValue<string>(out var text))
        {
            return value?.DeepClone();
        }

        return string.Equals(text, "null", StringComparison.Ordinal) ? null : Find(text) ?? scalar.DeepClone();
    }

    /// <summary>A copy in which members that are texts of JSON objects are those objects; once, not within
    /// them.</summary>
    public static JsonNode? AsRecorded(JsonNode? value) => value switch
    {
        JsonObject members =>
            new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, MemberAsRecorded(member.Value)))),
        _ => value?.DeepClone(),
    };

    private static JsonNode? MemberAsRecorded(JsonNode? value) => value switch
    {
        JsonObject => AsRecorded(value),
        JsonArray items => new JsonArray([.. items.Select(AsRecorded)]),
        JsonValue scalar when scalar.TryGetValue<string>(out var text) && text.StartsWith('{') =>
            Find(text) ?? scalar.DeepClone(),
        _ => value?.DeepClone(),
    };
}

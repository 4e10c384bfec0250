using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lungfish.DurableConformance.Matching;

internal static class JsonValues
{
    private static readonly JsonSerializerOptions s_readable =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether both are the same value; 1 and 1.0 are.</summary>
    public static bool AreEqual(JsonNode? one, JsonNode? other) =>
        JsonElement.DeepEquals(JsonSerializer.SerializeToElement(one), JsonSerializer.SerializeToElement(other));

    /// <summary>A text as it is, anything else as JSON.</summary>
    public static string TextOf(JsonNode? value) =>
        value is JsonValue scalar && scalar.TryGetValue<string>(out var text) ? text : Show(value);

    public static string Show(JsonNode? value) => value?.ToJsonString(s_readable) ?? "null";

    public static string? FindText(JsonNode? value) =>
        value is JsonValue scalar && scalar.TryGetValue<string>(out var text) ? text : null;
}

using System.Text.Json.Nodes;

namespace Lungfish.DurableConformance.Running;

/// <summary>JSON text with a space after colons and commas, as Python writes it.</summary>
/// <remarks>Payloads are opaque texts to the service, and the requirements were written for a runner in Python: 7-11
/// expects the very text that such a one sends.</remarks>
internal static class PythonJson
{
    public static string Write(JsonNode? value) => value switch
    {
        JsonObject map => $"{{{string.Join(", ", map.Select(
            member => $"{JsonValue.Create(member.Key).ToJsonString()}: {Write(member.Value)}"))}}}",
        JsonArray list => $"[{string.Join(", ", list.Select(Write))}]",
        null => "null",
        _ => value.ToJsonString(),
    };
}

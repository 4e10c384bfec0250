using System.Text.Encodings.Web;
using System.Text.Json;
using Lungfish.Json;

namespace Lungfish.Simulation.Programs;

/// <summary>JSON as people read it.</summary>
internal static class Pretty
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // For a terminal, not for a browser.
    };

    public static string Print(JsonValue value)
    {
        using var document = JsonDocument.Parse(value.ToText());
        return JsonSerializer.Serialize(document.RootElement, s_options);
    }
}

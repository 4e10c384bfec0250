using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lungfish.Json;

namespace Lungfish.Deployment;

/// <summary>JSON for people: two spaces, as the plugin writes definitions.</summary>
public static class IndentedJson
{
    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 500,
    };

    public static string Write(JsonValue value)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Options))
        using (var document = JsonDocument.Parse(value.ToUtf8(), new JsonDocumentOptions { MaxDepth = 500 }))
        {
            document.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}

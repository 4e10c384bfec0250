using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lungfish.FunctionHost;

/// <summary>An exception in the form that the public .NET runtime answers it in.</summary>
internal static class ErrorText
{
    // The text is shown to people as it is: quotes stay quotes.
    private static readonly JsonSerializerOptions Plain = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static byte[] Of(Exception exception) => JsonSerializer.SerializeToUtf8Bytes(ToJson(exception), Plain);

    private static JsonObject ToJson(Exception exception)
    {
        var error = new JsonObject
        {
            ["errorType"] = exception.GetType().Name,
            ["errorMessage"] = exception.Message,
            ["stackTrace"] = new JsonArray([.. (exception.StackTrace ?? "")
                .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(line => (JsonNode)line)]),
        };
        if (exception.InnerException is { } cause)
        {
            error["cause"] = ToJson(cause);
        }

        return error;
    }
}

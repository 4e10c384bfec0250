using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lungfish.Functions;

/// <summary>What a caller tells a function about itself, beside the payload.</summary>
public static class ClientContext
{
    /// <summary>The JSON text behind the base64 of a request, in ASCII: it travels in a header.</summary>
    /// <exception cref="Lungfish.Engine.ApiException">It is not base64 of a JSON object.</exception>
    public static string Decode(string base64)
    {
        try
        {
            var text = Encoding.UTF8.GetString(Convert.FromBase64String(base64));
            if (JsonNode.Parse(text) is JsonObject context)
            {
                return context.ToJsonString();
            }
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            // Refused below.
        }

        throw LambdaErrors.InvalidRequestContent("Client context must be a valid Base64-encoded JSON object.");
    }
}

/// <summary>The <c>X-Amzn-Trace-Id</c> header of answers.</summary>
public static class TraceHeader
{
    /// <summary>The root and the sampling decision; recorded answers spell them in lower case.</summary>
    public static string Of(string traceId)
    {
        var sampled = Find(traceId, "Sampled=", out var isThere);
        return $"root={Find(traceId, "Root=", out _)};sampled={(isThere ? sampled : "0")}";
    }

    private static ReadOnlySpan<char> Find(ReadOnlySpan<char> traceId, string name, out bool isThere)
    {
        foreach (var part in traceId.Split(';'))
        {
            if (traceId[part].StartsWith(name, StringComparison.OrdinalIgnoreCase))
            {
                isThere = true;
                return traceId[part][name.Length..];
            }
        }

        isThere = false;
        return default;
    }
}

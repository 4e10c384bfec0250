using System.Text.Json;

namespace Lungfish.Functions.Invoking;

/// <summary>What the payload of an invocation must keep to.</summary>
internal static class PayloadRules
{
    // Documented: "For synchronous invocations, the maximum payload size is 6 MB. For asynchronous ones 1 MB."
    private const int BytesMax = 6_291_456;
    private const int AsyncBytesMax = 1_048_576;
    private const int DepthMax = 1000;

    public static void CheckSize(ReadOnlyMemory<byte> payload, InvocationType type)
    {
        var bytesMax = type == InvocationType.Event ? AsyncBytesMax : BytesMax;
        if (payload.Length > bytesMax)
        {
            throw LambdaErrors.PayloadTooLarge(bytesMax);
        }
    }

    public static void CheckIsJson(ReadOnlyMemory<byte> payload)
    {
        var reader = new Utf8JsonReader(payload.Span, new JsonReaderOptions { MaxDepth = DepthMax });
        try
        {
            while (reader.Read())
            {
                // Only whether it is JSON is of interest: the function parses it itself.
            }
        }
        catch (JsonException e)
        {
            throw LambdaErrors.InvalidRequestContent(e.Message);
        }
    }
}

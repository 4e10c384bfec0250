using System.Buffers;
using System.Text.Json;
using Lungfish.Durable;
using Lungfish.Functions;
using Lungfish.Functions.Durable;

namespace Lungfish.Server.Lambda.Durable;

/// <summary>A request whose body is an ErrorObject, or nothing.</summary>
internal static class ErrorBody
{
    private const int BytesMax = 1024 * 1024;

    /// <returns>Null: there is no body.</returns>
    public static ValueTask<ErrorObject?> ReadAsync(DurableCall call, CancellationToken cancellationToken) =>
        call.ReadBodyAsync(BytesMax, Read, cancellationToken);

    private static ErrorObject? Read(ReadOnlySequence<byte> body)
    {
        if (body.IsEmpty)
        {
            return null;
        }

        try
        {
            var reader = new Utf8JsonReader(body);
            _ = reader.Read();
            var error = reader.TokenType == JsonTokenType.Null ? null : ErrorReader.ReadObject(ref reader);
            _ = reader.Read(); // Nothing may follow.
            return error;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw LambdaErrors.InvalidParameter($"Could not parse request body into json: {e.Message}");
        }
    }
}

using System.Text;
using System.Text.Json;
using Lungfish.Durable;
using Lungfish.Durable.Deciding;
using Lungfish.Functions.Invoking;

namespace Lungfish.Functions.Durable;

/// <summary>Reads what an invocation of a durable function came to.</summary>
internal static class OutcomeReader
{
    private const int ShownMax = 200;

    public static InvocationOutcome Read(FunctionOutcome outcome) => outcome.IsError
        ? new InvocationFaulted(ErrorReader.ReadFunctionError(outcome.Payload.Span))
        : ReadAnswer(outcome.Payload.Span);

    private static InvocationOutcome ReadAnswer(ReadOnlySpan<byte> payload)
    {
        try
        {
            return ReadStrictly(payload);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Nonsense(payload, e.Message);
        }
    }

    private static InvocationOutcome ReadStrictly(ReadOnlySpan<byte> payload)
    {
        var reader = new Utf8JsonReader(payload, new JsonReaderOptions { MaxDepth = 1000 });
        _ = reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return Nonsense(payload, "it is no object");
        }

        string? status = null;
        string? result = null;
        ErrorObject? error = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("Status"u8))
            {
                status = ErrorReader.ReadText(ref reader, "Status");
            }
            else if (reader.ValueTextEquals("Result"u8))
            {
                result = ErrorReader.ReadText(ref reader, "Result");
            }
            else if (reader.ValueTextEquals("Error"u8))
            {
                _ = reader.Read();
                error = reader.TokenType == JsonTokenType.Null ? null : ErrorReader.ReadObject(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return (status, result, error) switch
        {
            ("SUCCEEDED", _, null) => new ReturnedSuccess(result),
            ("FAILED", null or "", _) => new ReturnedFailure(error),
            ("PENDING", null or "", null) => new ReturnedPending(),
            ("SUCCEEDED", _, _) => Nonsense(payload, "it has an Error though its Status is SUCCEEDED"),
            ("FAILED", _, _) => Nonsense(payload, "it has a Result though its Status is FAILED"),
            ("PENDING", _, _) => Nonsense(payload, "it has a Result or an Error though its Status is PENDING"),
            (null, _, _) => Nonsense(payload, "it has no Status"),
            _ => Nonsense(payload, $"its Status is {status}"),
        };
    }

    private static ReturnedNonsense Nonsense(ReadOnlySpan<byte> payload, string why)
    {
        var shown = Encoding.UTF8.GetString(payload[..Math.Min(payload.Length, ShownMax)]);
        var end = payload.Length > ShownMax ? "..." : "";
        return new(new ErrorObject
        {
            ErrorType = "Runtime.InvalidDurableOutput",
            ErrorMessage = $"The function's answer is not that of a durable function: {why}. "
                + "A durable function answers {\"Status\": \"SUCCEEDED\", \"FAILED\" or \"PENDING\", ...}, "
                + "which a durable execution SDK does "
                + $"when the handler is wrapped by it. The answer was: {shown}{end}",
        });
    }
}

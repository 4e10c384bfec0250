using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Lungfish.Durable;

namespace Lungfish.Functions.Durable;

/// <summary>Reads errors in the forms that functions and callers write them in.</summary>
public static class ErrorReader
{
    /// <summary>An ErrorObject of the API; the reader stands at its brace and ends at the closing one.</summary>
    /// <exception cref="JsonException">It is none; the text says which member and why.</exception>
    public static ErrorObject ReadObject(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("Error must be an object");
        }

        var error = ErrorObject.Empty;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("ErrorMessage"u8))
            {
                error = error with { ErrorMessage = ReadText(ref reader, "ErrorMessage") };
            }
            else if (reader.ValueTextEquals("ErrorType"u8))
            {
                error = error with { ErrorType = ReadText(ref reader, "ErrorType") };
            }
            else if (reader.ValueTextEquals("ErrorData"u8))
            {
                error = error with { ErrorData = ReadText(ref reader, "ErrorData") };
            }
            else if (reader.ValueTextEquals("StackTrace"u8))
            {
                error = error with { StackTrace = ReadTexts(ref reader, "StackTrace") };
            }
            else
            {
                reader.Skip();
            }
        }

        return error;
    }

    /// <summary>What a function's process or the platform answered about a failed invocation:
    /// <c>{"errorType","errorMessage","stackTrace"}</c>, in Node <c>trace</c>.</summary>
    public static ErrorObject ReadFunctionError(ReadOnlySpan<byte> payload)
    {
        try
        {
            return ReadFunctionErrorStrictly(payload);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Runtimes may answer any bytes as an error; people still want to see them.
            return new ErrorObject { ErrorType = "Unhandled", ErrorMessage = Encoding.UTF8.GetString(payload) };
        }
    }

    /// <summary>The value of the member that the reader stands at; null if it is null.</summary>
    /// <exception cref="JsonException">It is no string.</exception>
    public static string? ReadText(ref Utf8JsonReader reader, string name)
    {
        _ = reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.Null => null,
            JsonTokenType.String => reader.GetString(),
            _ => throw new JsonException($"{name} must be a string"),
        };
    }

    private static ErrorObject ReadFunctionErrorStrictly(ReadOnlySpan<byte> payload)
    {
        var reader = new Utf8JsonReader(payload);
        _ = reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("no object");
        }

        var error = ErrorObject.Empty;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("errorMessage"u8))
            {
                error = error with { ErrorMessage = ReadText(ref reader, "errorMessage") };
            }
            else if (reader.ValueTextEquals("errorType"u8))
            {
                error = error with { ErrorType = ReadText(ref reader, "errorType") };
            }
            else if (reader.ValueTextEquals("stackTrace"u8) || reader.ValueTextEquals("trace"u8))
            {
                error = error with { StackTrace = ReadTexts(ref reader, "stackTrace") };
            }
            else
            {
                reader.Skip();
            }
        }

        return error;
    }

    private static ImmutableArray<string> ReadTexts(ref Utf8JsonReader reader, string name)
    {
        _ = reader.Read();
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return default;
            case not JsonTokenType.StartArray:
                throw new JsonException($"{name} must be an array of strings");
        }

        var lines = ImmutableArray.CreateBuilder<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            lines.Add(reader.TokenType == JsonTokenType.String
                ? reader.GetString() ?? ""
                : throw new JsonException($"{name} must be an array of strings"));
        }

        return lines.ToImmutable();
    }
}

using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Lungfish.Json;

/// <summary>The text is not JSON. <see cref="Line"/> and <see cref="Column"/> count from 1; the column in bytes.</summary>
public sealed class JsonParseException : Exception
{
    public JsonParseException(string message, long line, long column)
        : base(message)
    {
        Line = line;
        Column = column;
    }

    public long Line { get; }

    public long Column { get; }
}

internal static class JsonParser
{
    /// <summary>Deep enough for any workflow, and far from the end of any stack that writes values recursively.</summary>
    private const int DepthMax = 500;

    public static JsonValue Parse(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = DepthMax });
        try
        {
            if (!reader.Read())
            {
                throw new JsonParseException("The text is empty.", 1, 1);
            }

            var value = ReadValue(ref reader);
            while (reader.Read())
            {
                // Trailing tokens: the reader throws by itself.
            }

            return value;
        }
        catch (JsonException e)
        {
            throw new JsonParseException(e.Message, (e.LineNumber ?? 0) + 1, (e.BytePositionInLine ?? 0) + 1);
        }
        catch (InvalidOperationException e)
        {
            // Utf8JsonReader.GetString refuses lone surrogates and bad UTF-8 that way.
            throw new JsonParseException(e.Message, 1, reader.TokenStartIndex + 1);
        }
    }

    private static JsonValue ReadValue(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Null => JsonValue.Null,
        JsonTokenType.True => JsonValue.True,
        JsonTokenType.False => JsonValue.False,
        JsonTokenType.String => new JsonString(reader.GetString() ?? ""),
        JsonTokenType.Number => ReadNumber(ref reader),
        JsonTokenType.StartArray => ReadArray(ref reader),
        _ => ReadObject(ref reader),
    };

    private static JsonNumber ReadNumber(ref Utf8JsonReader reader)
    {
        if (reader.TryGetInt64(out var whole) && reader.ValueSpan.Length > 0 && !(whole == 0 && reader.ValueSpan[0] == '-'))
        {
            return new JsonNumber(whole);
        }

        var text = Encoding.ASCII.GetString(reader.ValueSpan);
        return new JsonNumber(double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture), text);
    }

    private static JsonArray ReadArray(ref Utf8JsonReader reader)
    {
        var items = ImmutableArray.CreateBuilder<JsonValue>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(ReadValue(ref reader));
        }

        return items.Count == 0 ? JsonArray.Empty : new JsonArray(items.DrainToImmutable());
    }

    private static JsonObject ReadObject(ref Utf8JsonReader reader)
    {
        var members = new JsonObject.Builder();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString() ?? "";
            _ = reader.Read();
            members.Set(name, ReadValue(ref reader));
        }

        return members.Build();
    }
}

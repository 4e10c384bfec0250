using System.Globalization;
using System.Text;
using System.Text.Json;
using Lungfish.Json;

namespace Lungfish.Jsonata.Library;

/// <summary>JSON as <c>$parse</c> of Step Functions reads it: strings may stand in single quotes, a name may not be
/// repeated, a number must be one that a double holds, and minus zero is zero. Measured there.</summary>
internal static class LenientJson
{
    /// <exception cref="JsonataFault">D3137: the text is no such JSON.</exception>
    public static JsonValue Parse(string text)
    {
        try
        {
            var json = Normalize(text);
            CheckNames(json);
            return JsonValue.Parse(json);
        }
        catch (JsonParseException e)
        {
            throw Fault(e.Message);
        }
        catch (JsonException e)
        {
            throw Fault(e.Message);
        }
    }

    private static JsonataFault Fault(string message) =>
        JsonataFault.Saying("D3137", $"Argument of function parse must be JSON: {message}");

    /// <summary>Puts strings into double quotes, and looks at the numbers.</summary>
    private static string Normalize(string text)
    {
        var json = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length;)
        {
            var c = text[i];
            var end = c switch
            {
                '"' or '\'' => CopyString(text, i, json),
                '-' or (>= '0' and <= '9') => CopyNumber(text, i, json),
                _ => i,
            };
            if (end == i)
            {
                json.Append(c);
                end++;
            }

            i = end;
        }

        return json.ToString();
    }

    private static int CopyString(string text, int start, StringBuilder json)
    {
        var quote = text[start];
        json.Append('"');
        for (var i = start + 1; i < text.Length; i++)
        {
            var c = text[i];
            if (c == quote)
            {
                json.Append('"');
                return i + 1;
            }

            if (c == '\\' && i + 1 < text.Length)
            {
                json.Append(text[i + 1] == '\'' ? "'" : text.Substring(i, 2));
                i++;
            }
            else
            {
                json.Append(c == '"' ? "\\\"" : c.ToString());
            }
        }

        return text.Length; // Without an end; the parser says so.
    }

    private static int CopyNumber(string text, int start, StringBuilder json)
    {
        var end = start + 1;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] is '.' or 'e' or 'E' or '+' or '-'))
        {
            end++;
        }

        var digits = text[start..end];
        if (double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
        {
            if (!double.IsFinite(value))
            {
                throw Fault($"the number {digits} is too large");
            }

            digits = value == 0 && digits[0] == '-' ? digits[1..] : digits;
        }

        json.Append(digits);
        return end;
    }

    private static void CheckNames(string json)
    {
        var reader = new Utf8JsonReader(
            Encoding.UTF8.GetBytes(json), new JsonReaderOptions { MaxDepth = JsonValue.DepthMax });
        var open = new Stack<HashSet<string>>();
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    open.Push(new HashSet<string>(StringComparer.Ordinal));
                    break;
                case JsonTokenType.EndObject:
                    open.Pop();
                    break;
                case JsonTokenType.PropertyName when reader.GetString() is { } name && !open.Peek().Add(name):
                    throw Fault($"the name {((JsonValue)name).ToText()} is repeated");
            }
        }
    }
}

using System.Buffers;
using System.Text;

namespace Lungfish.Json;

/// <summary>Compact UTF-8 text. Only quote, backslash and control characters are escaped, lone surrogates as \uXXXX.</summary>
internal static class JsonWriter
{
    public static void Write(JsonValue value, IBufferWriter<byte> output)
    {
        switch (value)
        {
            case JsonNull:
                output.Write("null"u8);
                break;
            case JsonBoolean boolean:
                output.Write(boolean.Value ? "true"u8 : "false"u8);
                break;
            case JsonNumber number:
                WriteAscii(number.Text, output);
                break;
            case JsonString text:
                WriteString(text.Value, output);
                break;
            case JsonArray array:
                WriteArray(array, output);
                break;
            case JsonObject obj:
                WriteObject(obj, output);
                break;
        }
    }

    public static long MeasureString(string text)
    {
        long length = 2;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c < 0x80)
            {
                length += EscapedLength(c);
            }
            else if (c < 0x800)
            {
                length += 2;
            }
            else if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                length += 4;
                i++;
            }
            else
            {
                length += char.IsSurrogate(c) ? 6 : 3;
            }
        }

        return length;
    }

    public static void WriteString(string text, IBufferWriter<byte> output)
    {
        output.Write("\""u8);
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var pair = char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            if (pair)
            {
                i++;
                continue;
            }

            if (c is not ('"' or '\\') && c >= 0x20 && !char.IsSurrogate(c))
            {
                continue;
            }

            _ = Encoding.UTF8.GetBytes(text.AsSpan(start, i - start), output);
            WriteEscape(c, output);
            start = i + 1;
        }

        _ = Encoding.UTF8.GetBytes(text.AsSpan(start), output);
        output.Write("\""u8);
    }

    private static void WriteArray(JsonArray array, IBufferWriter<byte> output)
    {
        output.Write("["u8);
        for (var i = 0; i < array.Count; i++)
        {
            if (i > 0)
            {
                output.Write(","u8);
            }

            Write(array[i], output);
        }

        output.Write("]"u8);
    }

    private static void WriteObject(JsonObject obj, IBufferWriter<byte> output)
    {
        output.Write("{"u8);
        var first = true;
        foreach (var (name, value) in obj)
        {
            if (!first)
            {
                output.Write(","u8);
            }

            first = false;
            WriteString(name, output);
            output.Write(":"u8);
            Write(value, output);
        }

        output.Write("}"u8);
    }

    private static int EscapedLength(char c) => c switch
    {
        '"' or '\\' or '\b' or '\f' or '\n' or '\r' or '\t' => 2,
        < ' ' => 6,
        _ => 1,
    };

    private static void WriteEscape(char c, IBufferWriter<byte> output)
    {
        var escape = c switch
        {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\b' => "\\b",
            '\f' => "\\f",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            _ => $"\\u{(int)c:x4}",
        };
        WriteAscii(escape, output);
    }

    private static void WriteAscii(string text, IBufferWriter<byte> output)
    {
        var span = output.GetSpan(text.Length);
        output.Advance(Encoding.ASCII.GetBytes(text, span));
    }
}

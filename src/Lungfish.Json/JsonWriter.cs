using System.Buffers.Text;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Lungfish.Json;

/// <summary>Compact UTF-8 text. Escaped are quote, backslash, controls, and surrogates that stand alone.</summary>
/// <remarks>Writes into a span of exactly the measured length: no growing, no second copy.</remarks>
internal ref struct JsonWriter
{
    private readonly Span<byte> _output;
    private int _at;

    private JsonWriter(Span<byte> output) => _output = output;

    public static void Write(JsonValue value, Span<byte> output)
    {
        var writer = new JsonWriter(output);
        writer.WriteAny(value);
        Debug.Assert(writer._at == output.Length, "A value is as long as it was measured.");
    }

    private void WriteAny(JsonValue root)
    {
        if (TryWriteFlat(root))
        {
            return;
        }

        List<Frame> open = [];
        Open(root, open);
        while (open.Count > 0)
        {
            ref var frame = ref CollectionsMarshal.AsSpan(open)[^1];
            if (frame.Next == frame.Count)
            {
                Put(frame.Object is null ? (byte)']' : (byte)'}');
                open.RemoveAt(open.Count - 1);
            }
            else if (WriteNext(ref frame) is { } inner)
            {
                Open(inner, open);
            }
        }
    }

    /// <summary>Writes on in a container up to its end or to a child that is a container; returns that child.</summary>
    private JsonValue? WriteNext(ref Frame frame)
    {
        while (frame.Next < frame.Count)
        {
            if (frame.Next > 0)
            {
                Put((byte)',');
            }

            JsonValue value;
            var i = frame.Next++;
            if (frame.Object is { } obj)
            {
                (var name, value) = obj.Members[i];
                WriteText(name);
                Put((byte)':');
            }
            else
            {
                value = frame.Items[i];
            }

            if (!TryWriteFlat(value))
            {
                return value;
            }
        }

        return null;
    }

    private void Open(JsonValue container, List<Frame> open)
    {
        if (container is JsonObject obj)
        {
            Put((byte)'{');
            open.Add(new Frame { Object = obj, Count = obj.Count });
        }
        else if (container is JsonArray array)
        {
            Put((byte)'[');
            open.Add(new Frame { Items = array.Items, Count = array.Count });
        }
    }

    /// <summary>Writes anything but a container with something in it.</summary>
    private bool TryWriteFlat(JsonValue value)
    {
        switch (value)
        {
            case JsonString text:
                WriteText(text.Value);
                return true;
            case JsonNumber number:
                WriteNumber(number);
                return true;
            case JsonNull:
                Put("null"u8);
                return true;
            case JsonBoolean boolean:
                Put(boolean.Value ? "true"u8 : "false"u8);
                return true;
            case JsonArray { Count: 0 }:
                Put("[]"u8);
                return true;
            case JsonObject { Count: 0 }:
                Put("{}"u8);
                return true;
            default:
                return false;
        }
    }

    private void WriteNumber(JsonNumber number)
    {
        if (number.IsPlainWhole(out var whole))
        {
            _ = Utf8Formatter.TryFormat(whole, _output[_at..], out var length);
            _at += length;
        }
        else
        {
            _at += Encoding.ASCII.GetBytes(number.Text, _output[_at..]);
        }
    }

    private void WriteText(string text)
    {
        Put((byte)'"');
        var rest = text.AsSpan();
        while (rest.IndexOfAny(JsonMeasure.NeedsCare) is >= 0 and var plain)
        {
            _at += Encoding.UTF8.GetBytes(rest[..plain], _output[_at..]);
            rest = rest[plain..];
            if (char.IsHighSurrogate(rest[0]) && rest.Length > 1 && char.IsLowSurrogate(rest[1]))
            {
                _at += Encoding.UTF8.GetBytes(rest[..2], _output[_at..]);
                rest = rest[2..];
            }
            else
            {
                WriteEscape(rest[0]);
                rest = rest[1..];
            }
        }

        _at += Encoding.UTF8.GetBytes(rest, _output[_at..]);
        Put((byte)'"');
    }

    private void WriteEscape(char c)
    {
        var letter = c switch
        {
            '"' or '\\' => (byte)c,
            '\b' => (byte)'b',
            '\f' => (byte)'f',
            '\n' => (byte)'n',
            '\r' => (byte)'r',
            '\t' => (byte)'t',
            _ => (byte)'u',
        };
        Put((byte)'\\');
        Put(letter);
        if (letter == 'u')
        {
            _ = Utf8Formatter.TryFormat((uint)c, _output[_at..], out var length, new('x', 4));
            _at += length;
        }
    }

    private void Put(byte value) => _output[_at++] = value;

    private void Put(ReadOnlySpan<byte> text)
    {
        text.CopyTo(_output[_at..]);
        _at += text.Length;
    }

    private struct Frame
    {
        public JsonObject? Object;
        public SharedList<JsonValue> Items;
        public int Count;
        public int Next;
    }
}

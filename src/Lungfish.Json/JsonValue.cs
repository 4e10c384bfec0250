using System.Buffers;
using System.Text;

namespace Lungfish.Json;

/// <summary>What a <see cref="JsonValue"/> is.</summary>
public enum JsonKind
{
    Null,
    Boolean,
    Number,
    String,
    Array,
    Object,
}

/// <summary>An immutable JSON value. Values share structure: a changed copy costs the path to the change.</summary>
/// <remarks>Equality is deep; object members compare without order and numbers by value (1 equals 1.0).</remarks>
public abstract class JsonValue : IEquatable<JsonValue>
{
    private protected JsonValue() { } // Closed: the six kinds of RFC 8259.

    private long _utf8Length = -1;

    public static JsonValue Null => JsonNull.Instance;

    public static JsonValue True => JsonBoolean.TrueInstance;

    public static JsonValue False => JsonBoolean.FalseInstance;

    public abstract JsonKind Kind { get; }

    /// <summary>The length of <see cref="ToText"/> in UTF-8 bytes; measured once, without writing the text.</summary>
    public long Utf8Length => _utf8Length >= 0 ? _utf8Length : _utf8Length = MeasureUtf8();

    public static implicit operator JsonValue(string value) => new JsonString(value);

    public static implicit operator JsonValue(bool value) => value ? True : False;

    public static implicit operator JsonValue(int value) => new JsonNumber(value);

    public static implicit operator JsonValue(long value) => new JsonNumber(value);

    public static implicit operator JsonValue(double value) => new JsonNumber(value);

    /// <exception cref="JsonParseException">The text is not one JSON value.</exception>
    public static JsonValue Parse(string text) => JsonParser.Parse(Encoding.UTF8.GetBytes(text));

    /// <exception cref="JsonParseException">The bytes are not one JSON value in UTF-8.</exception>
    public static JsonValue Parse(ReadOnlySpan<byte> utf8) => JsonParser.Parse(utf8);

    /// <summary>Compact JSON text: no white space, members in order, only what must be escaped is.</summary>
    public string ToText() => Encoding.UTF8.GetString(ToUtf8());

    public byte[] ToUtf8()
    {
        var buffer = new ArrayBufferWriter<byte>((int)Math.Min(Utf8Length, 1 << 30));
        WriteTo(buffer);
        return buffer.WrittenSpan.ToArray();
    }

    public void WriteTo(IBufferWriter<byte> output) => JsonWriter.Write(this, output);

    public abstract bool Equals(JsonValue? other);

    public override bool Equals(object? obj) => obj is JsonValue other && Equals(other);

    /// <summary>The same for equal values, in every process.</summary>
    public override int GetHashCode() => ComputeHash();

    public override string ToString() => ToText();

    private protected abstract int ComputeHash();

    private protected abstract long MeasureUtf8();
}

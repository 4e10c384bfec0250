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
/// <remarks>
/// Equality is deep; object members compare without order and numbers by value (1 equals 1.0). Nothing here
/// recurses over the value, so that any depth is safe; values may be read by many threads.
/// </remarks>
public abstract class JsonValue : IEquatable<JsonValue>
{
    /// <summary>How deep a text from outside may be nested. AWS's parser has the same limit.</summary>
    public const int DepthMax = 1000;

    private protected JsonValue() { } // Closed: the six kinds of RFC 8259.

    public static JsonValue Null => JsonNull.Instance;

    public static JsonValue True => JsonBoolean.TrueInstance;

    public static JsonValue False => JsonBoolean.FalseInstance;

    public abstract JsonKind Kind { get; }

    /// <summary>The length of <see cref="ToText"/> in UTF-8 bytes; an array or object measures itself once.</summary>
    public long Utf8Length => JsonMeasure.Of(this);

    public static implicit operator JsonValue(string value) => new JsonString(value);

    public static implicit operator JsonValue(bool value) => value ? True : False;

    public static implicit operator JsonValue(int value) => JsonNumber.Of(value);

    public static implicit operator JsonValue(long value) => JsonNumber.Of(value);

    public static implicit operator JsonValue(double value) => new JsonNumber(value);

    /// <summary>Reads a text. A repeated member name keeps its first place and its last value.</summary>
    /// <param name="text">Lone surrogates in it are kept.</param>
    /// <param name="depthMax">What this program wrote itself may be deeper than what it takes from outside.</param>
    /// <exception cref="JsonParseException">The text is not one JSON value, or nested too deeply.</exception>
    public static JsonValue Parse(string text, int depthMax = DepthMax) =>
        JsonParser.Parse(LoneSurrogates.ToUtf8(text), depthMax);

    /// <inheritdoc cref="Parse(string, int)"/>
    /// <exception cref="JsonParseException">The bytes are not one JSON value, or nested too deeply.</exception>
    public static JsonValue Parse(ReadOnlySpan<byte> utf8, int depthMax = DepthMax) => JsonParser.Parse(utf8, depthMax);

    /// <summary>Compact JSON text: no white space, members in order, only what must be escaped is.</summary>
    public string ToText()
    {
        var length = TextLength();
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            JsonWriter.Write(this, buffer.AsSpan(0, length));
            return Encoding.UTF8.GetString(buffer, 0, length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public byte[] ToUtf8()
    {
        var bytes = new byte[TextLength()];
        JsonWriter.Write(this, bytes);
        return bytes;
    }

    public void WriteTo(IBufferWriter<byte> output)
    {
        var length = TextLength();
        JsonWriter.Write(this, output.GetSpan(length)[..length]);
        output.Advance(length);
    }

    public bool Equals(JsonValue? other) => JsonEquality.AreEqual(this, other);

    public override bool Equals(object? obj) => obj is JsonValue other && Equals(other);

    /// <summary>The same for equal values, in every process.</summary>
    public override int GetHashCode() => JsonEquality.Hash(this, 0);

    public override string ToString() => ToText();

    private int TextLength() => Utf8Length is var length && length <= Array.MaxLength
        ? (int)length
        : throw new InvalidOperationException("The text would be longer than an array can be.");
}

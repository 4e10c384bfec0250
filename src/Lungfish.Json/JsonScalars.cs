using System.Globalization;

namespace Lungfish.Json;

public sealed class JsonNull : JsonValue
{
    internal static readonly JsonNull Instance = new();

    private JsonNull() { }

    public override JsonKind Kind => JsonKind.Null;

    public override bool Equals(JsonValue? other) => other is JsonNull;

    private protected override int ComputeHash() => 1;

    private protected override long MeasureUtf8() => 4;
}

public sealed class JsonBoolean : JsonValue
{
    internal static readonly JsonBoolean TrueInstance = new(true);
    internal static readonly JsonBoolean FalseInstance = new(false);

    private JsonBoolean(bool value) => Value = value;

    public bool Value { get; }

    public override JsonKind Kind => JsonKind.Boolean;

    public override bool Equals(JsonValue? other) => other is JsonBoolean boolean && boolean.Value == Value;

    private protected override int ComputeHash() => Value ? 3 : 2;

    private protected override long MeasureUtf8() => Value ? 4 : 5;
}

/// <summary>A number with the digits it was written with: <c>0.0</c> stays <c>0.0</c>.</summary>
public sealed class JsonNumber : JsonValue
{
    public JsonNumber(long value)
    {
        Value = value;
        Text = value.ToString(CultureInfo.InvariantCulture);
    }

    /// <exception cref="ArgumentOutOfRangeException">JSON has no text for NaN and infinities.</exception>
    public JsonNumber(double value)
    {
        if (!double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, "JSON numbers are finite.");
        }

        Value = value;
        Text = NumberText.Of(value);
    }

    internal JsonNumber(double value, string text)
    {
        Value = value;
        Text = text;
    }

    public double Value { get; }

    /// <summary>The number as JSON text.</summary>
    public string Text { get; }

    public override JsonKind Kind => JsonKind.Number;

    /// <summary>True if the value is a whole number that fits; 1.0 and 1e3 are whole.</summary>
    public bool TryGetInt64(out long value)
    {
        if (long.TryParse(Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value))
        {
            return true;
        }

        if (Math.Floor(Value) == Value && Math.Abs(Value) < 9.2e18)
        {
            value = (long)Value;
            return true;
        }

        return false;
    }

    public override bool Equals(JsonValue? other) =>
        other is JsonNumber number && (number.Value == Value || string.Equals(number.Text, Text, StringComparison.Ordinal));

    private protected override int ComputeHash() => Value.GetHashCode();

    private protected override long MeasureUtf8() => Text.Length;
}

public sealed class JsonString : JsonValue
{
    public JsonString(string value) => Value = value;

    public string Value { get; }

    public override JsonKind Kind => JsonKind.String;

    public override bool Equals(JsonValue? other) =>
        other is JsonString text && string.Equals(text.Value, Value, StringComparison.Ordinal);

    private protected override int ComputeHash() => StableHash.Of(Value);

    private protected override long MeasureUtf8() => JsonWriter.MeasureString(Value);
}

internal static class StableHash
{
    /// <summary>FNV-1a: string.GetHashCode differs from process to process.</summary>
    public static int Of(string text)
    {
        unchecked
        {
            var hash = (int)2166136261;
            foreach (var c in text)
            {
                hash = (hash ^ c) * 16777619;
            }

            return hash;
        }
    }
}

internal static class NumberText
{
    /// <summary>The shortest text that reads back as the same double, without a fraction where it is whole.</summary>
    public static string Of(double value)
    {
        if (value == Math.Floor(value) && Math.Abs(value) < 1e15)
        {
            return ((long)value).ToString(CultureInfo.InvariantCulture);
        }

        return value.ToString("R", CultureInfo.InvariantCulture);
    }
}

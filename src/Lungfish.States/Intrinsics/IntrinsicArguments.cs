using System.Globalization;
using Lungfish.Json;
using Lungfish.States.JsonPath;
using Lungfish.States.Quotas;

namespace Lungfish.States.Intrinsics;

/// <summary>What a function is called with. A member that asks for a kind throws if the argument is another.</summary>
internal readonly struct IntrinsicArguments(JsonValue[] values, PathRoots roots)
{
    public int Count => values.Length;

    public ReadOnlySpan<JsonValue> From(int first) => values.AsSpan(first);

    public JsonValue Value(int index) => values[index];

    public JsonArray Array(int index) => values[index] as JsonArray ?? throw Wrong(index, "an array");

    public JsonObject Object(int index) => values[index] as JsonObject ?? throw Wrong(index, "an object");

    public string Text(int index) => values[index] is JsonString text ? text.Value : throw Wrong(index, "a string");

    public double Number(int index) => values[index] is JsonNumber number && double.IsFinite(number.Value)
        ? number.Value
        : throw Wrong(index, "a number");

    /// <summary>A number, rounded as Java's Math.round does: halves up, towards positive infinity.</summary>
    public long Rounded(int index)
    {
        if (values[index] is JsonNumber whole && whole.TryGetInt64(out var exact))
        {
            return exact;
        }

        var number = Number(index);
        var floor = Math.Floor(number);
        return ToLong(index, number - floor >= 0.5 ? floor + 1 : floor);
    }

    /// <summary>A number without its fraction. Documented: what is no integer is rounded down.</summary>
    public long RoundedDown(int index) => ToLong(index, Math.Floor(Number(index)));

    /// <summary>A text of at most the documented length.</summary>
    public string LimitedText(int index)
    {
        var text = values[index] is JsonString plain ? plain.Value : values[index].ToText();
        return roots.Quotas.Refuses(Quota.IntrinsicTextCharacters, text.Length)
            ? throw new IntrinsicException(string.Create(
                CultureInfo.InvariantCulture,
                $"Argument {index + 1} has {text.Length} characters, more than " +
                $"{LimitOf(Quota.IntrinsicTextCharacters)}"))
            : text;
    }

    public bool Refuses(Quota quota, long amount) => roots.Quotas.Refuses(quota, amount);

    public long LimitOf(Quota quota) => roots.Quotas.LimitOf(quota);

    public ulong NextRandom() => roots.NextRandom();

    public IntrinsicException Wrong(int index, string wanted) => new(string.Create(
        CultureInfo.InvariantCulture, $"Argument {index + 1} must be {wanted}, but was {values[index].ToText()}"));

    private long ToLong(int index, double whole) =>
        Math.Abs(whole) <= 1L << 53 ? (long)whole : throw Wrong(index, "a whole number that fits into 53 bits");
}

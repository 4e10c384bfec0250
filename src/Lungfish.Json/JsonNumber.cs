using System.Globalization;

namespace Lungfish.Json;

/// <summary>A number with the digits it was written with: <c>0.0</c> stays <c>0.0</c>.</summary>
public sealed class JsonNumber : JsonValue
{
    private const int CachedMax = 256;

    private static readonly JsonNumber[] Cached =
        [.. Enumerable.Range(0, CachedMax).Select(value => new JsonNumber((long)value))];

    private readonly long _bits; // The whole number itself, or the bits of the double.
    private readonly bool _isWhole;
    private string? _text;

    public JsonNumber(long value) => (_bits, _isWhole) = (value, true);

    /// <exception cref="ArgumentOutOfRangeException">JSON has no text for NaN and infinities.</exception>
    public JsonNumber(double value)
    {
        if (!double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, "JSON numbers are finite.");
        }

        if (value == Math.Floor(value) && Math.Abs(value) < 1e15 && !(value == 0 && double.IsNegative(value)))
        {
            (_bits, _isWhole) = ((long)value, true);
        }
        else
        {
            _bits = BitConverter.DoubleToInt64Bits(value);
        }
    }

    internal JsonNumber(double value, string text) => (_bits, _text) = (BitConverter.DoubleToInt64Bits(value), text);

    /// <summary>The nearest double; infinite if the digits say more than a double holds (<c>1e400</c>).</summary>
    public double Value => _isWhole ? _bits : BitConverter.Int64BitsToDouble(_bits);

    /// <summary>The number as JSON text.</summary>
    public string Text => _text ??= _isWhole
        ? _bits.ToString(CultureInfo.InvariantCulture)
        : Value.ToString("R", CultureInfo.InvariantCulture);

    public override JsonKind Kind => JsonKind.Number;

    internal int TextLength => _text?.Length ?? (_isWhole ? DigitsOf(_bits) : Text.Length);

    /// <summary>The same number object for the small values that are everywhere.</summary>
    public static JsonNumber Of(long value) => value is >= 0 and < CachedMax ? Cached[value] : new JsonNumber(value);

    /// <summary>True if the value is a whole number that fits; 1.0 and 1e3 are whole.</summary>
    public bool TryGetInt64(out long value)
    {
        if (IsPlainWhole(out value))
        {
            return true;
        }

        // 19 digits are the most that fit; the exponent of a whole number's last digit is not negative.
        if (Decompose(Text) is not var (negative, digits, exponent) || exponent < 0 || digits.Length + exponent > 19)
        {
            return false;
        }

        return digits.Length == 0 || long.TryParse(
            string.Concat(negative ? "-" : "", digits, new string('0', (int)exponent)),
            NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>True for a plain whole number: <paramref name="whole"/> is then all there is to print.</summary>
    internal bool IsPlainWhole(out long whole)
    {
        whole = _isWhole ? _bits : 0;
        return _isWhole;
    }

    /// <summary>Equal as real numbers: 1, 1.0 and 10e-1; but not 2^53 and 2^53 + 1, which are one double.</summary>
    internal bool HasValueOf(JsonNumber other)
    {
        if (_isWhole && other._isWhole)
        {
            return _bits == other._bits;
        }

        // The nearest doubles of equal numbers are equal, so that only those can still be.
        return Value == other.Value &&
            (string.Equals(Text, other.Text, StringComparison.Ordinal) ||
                (Decompose(Text) is { } mine && mine == Decompose(other.Text)));
    }

    private static int DigitsOf(long whole)
    {
        var length = whole < 0 ? 2 : 1;
        while (whole is >= 10 or <= -10)
        {
            whole /= 10;
            length++;
        }

        return length;
    }

    /// <summary>Sign, digits without zeros at either end, and the power of ten of the last digit.</summary>
    /// <returns>Null for an exponent past any use: such numbers are equal only if they are written alike.</returns>
    private static (bool Negative, string Digits, long Exponent)? Decompose(string text)
    {
        var mantissa = text.AsSpan();
        long exponent = 0;
        if (mantissa.IndexOfAny('e', 'E') is var e && e >= 0)
        {
            if (!int.TryParse(mantissa[(e + 1)..], NumberStyles.Integer, CultureInfo.InvariantCulture, out var power))
            {
                return null;
            }

            exponent = power;
            mantissa = mantissa[..e];
        }

        var negative = mantissa[0] == '-';
        mantissa = negative ? mantissa[1..] : mantissa;
        var point = mantissa.IndexOf('.');
        exponent -= point < 0 ? 0 : mantissa.Length - point - 1;
        var digits = (point < 0 ? mantissa.ToString() : string.Concat(mantissa[..point], mantissa[(point + 1)..]))
            .TrimStart('0');
        var trimmed = digits.TrimEnd('0');
        return trimmed.Length == 0
            ? (false, "", 0)
            : (negative, trimmed, exponent + (digits.Length - trimmed.Length));
    }
}

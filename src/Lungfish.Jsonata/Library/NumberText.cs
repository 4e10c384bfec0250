using System.Globalization;

namespace Lungfish.Jsonata.Library;

/// <summary>Numbers as text, the way JavaScript writes them: no point where none is needed, an exponent from 1e21 and
/// below 1e-6.</summary>
internal static class NumberText
{
    /// <summary>What the digits of a number need at most.</summary>
    public const int TextLength = 48;

    /// <summary>2^63: from here on a 64-bit integer does not hold it.</summary>
    public const double LongMax = 9223372036854775808.0;

    /// <summary>Below this, doubles have fewer than 15 significant digits.</summary>
    private const double TinyMax = 1e-290;

    private const int DigitsMax = 15;

    /// <summary>What <c>$string</c> and <c>&amp;</c> make of a number: fractions are cut to 15 significant digits,
    /// which hides what binary arithmetic adds (0.1 + 0.2).</summary>
    public static string Of(double value) => Math.Floor(value) == value || !double.IsFinite(value)
        ? Shortest(value)
        : Math.Abs(value) >= TinyMax
            ? Write(value, DigitsMax)
            : Shortest(double.Parse(value.ToString("E14", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));

    /// <summary>The fewest digits that read back as the same number.</summary>
    public static string Shortest(double value) => Math.Abs(value) < 1e15 && Math.Floor(value) == value
        ? ((long)value).ToString(CultureInfo.InvariantCulture)
        : Special(value) ?? Write(value);

    /// <summary>As <see cref="Of"/>, but whole numbers that a 64-bit integer holds keep all their digits.</summary>
    /// <remarks>Measured on Step Functions.</remarks>
    public static string InStepFunctions(double value) =>
        Math.Abs(value) < LongMax && Math.Floor(value) == value
            ? ((long)value).ToString(CultureInfo.InvariantCulture)
            : Of(value);

    /// <summary>The significant digits, and after how many of them the point stands.</summary>
    public static (int Count, int Point) Digits(double value, Span<char> digits, string format = "R")
    {
        Span<char> text = stackalloc char[TextLength];
        value.TryFormat(text, out var length, format, CultureInfo.InvariantCulture);
        return Decompose(text[..length].TrimStart('-'), digits);
    }

    private static string? Special(double value) => double.IsFinite(value) ? null
        : double.IsNaN(value) ? "NaN"
        : value > 0 ? "Infinity" : "-Infinity";

    private static string Write(double value, int digitsMax = int.MaxValue)
    {
        Span<char> digits = stackalloc char[TextLength];
        var (count, point) = Digits(value, digits);
        if (count > digitsMax)
        {
            // JavaScript rounds the exact value half up, .NET half to even.
            var isTie = count == digitsMax + 1 && digits[digitsMax] == '5' && IsExact(value, digits[..count]);
            var isEven = (digits[digitsMax - 1] - '0') % 2 == 0;
            if (isTie && isEven)
            {
                count = digitsMax;
                digits[count - 1]++;
            }
            else
            {
                (count, point) = Digits(value, digits, "E14");
            }
        }

        return Lay(value < 0, digits[..count], point);
    }

    /// <summary>True if the digits are all that the binary number has in decimal.</summary>
    private static bool IsExact(double value, ReadOnlySpan<char> digits)
    {
        Span<char> all = stackalloc char[TextLength];
        var (count, _) = Digits(value, all, "E30");
        return digits.SequenceEqual(all[..count]);
    }

    private static (int Count, int Point) Decompose(ReadOnlySpan<char> text, Span<char> digits)
    {
        var exponent = 0;
        if (text.IndexOf('E') is var e && e >= 0)
        {
            exponent = int.Parse(text[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            text = text[..e];
        }

        var point = text.IndexOf('.') is var dot && dot >= 0 ? dot : text.Length;
        var count = 0;
        foreach (var c in text)
        {
            if (c != '.' && (count > 0 || c != '0'))
            {
                digits[count++] = c;
            }
            else if (c == '0')
            {
                point--; // A leading zero is no significant digit.
            }
        }

        while (count > 0 && digits[count - 1] == '0')
        {
            count--;
        }

        return (count, point + exponent);
    }

    private static string Lay(bool negative, ReadOnlySpan<char> digits, int point)
    {
        var sign = negative ? "-" : "";
        return point switch
        {
            > 21 or < -5 => string.Concat(sign, digits[..1], Fraction(digits[1..]), Exponent(point - 1)),
            <= 0 => string.Concat(sign, "0.", new string('0', -point), digits),
            _ when point >= digits.Length => string.Concat(sign, digits, new string('0', point - digits.Length)),
            _ => string.Concat(sign, digits[..point], ".", digits[point..]),
        };
    }

    private static string Fraction(ReadOnlySpan<char> digits) => digits.IsEmpty ? "" : string.Concat(".", digits);

    private static string Exponent(int exponent) =>
        string.Create(CultureInfo.InvariantCulture, $"e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent)}");
}

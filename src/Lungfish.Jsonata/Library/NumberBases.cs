using System.Globalization;
using System.Numerics;

namespace Lungfish.Jsonata.Library;

/// <summary>Numbers in other bases, and texts as numbers: <c>$formatBase</c>, <c>$number</c>.</summary>
internal static class NumberBases
{
    private const string Digits = "0123456789abcdefghijklmnopqrstuvwxyz";

    /// <param name="value">Rounded to a whole number first.</param>
    /// <param name="radix">Rounded too; 2 to 36.</param>
    /// <exception cref="JsonataFault">D3100: no such radix.</exception>
    public static string Format(double value, double radix = 10)
    {
        var whole = Rounding.Round(value);
        var b = Rounding.Round(radix);
        if (b is not (>= 2 and <= 36))
        {
            throw new JsonataFault("D3100", JsonataFault.Show(b));
        }

        return b == 10 || !double.IsFinite(whole) ? NumberText.Shortest(whole) : Convert(whole, (int)b);
    }

    /// <summary>Reads what <c>$number</c> takes: JSON's numbers, and hexadecimal, octal and binary ones.</summary>
    /// <exception cref="JsonataFault">D3030: the text is no number, or one beyond what a double holds.</exception>
    public static double Parse(string text)
    {
        if (IsDecimal(text))
        {
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) &&
                double.IsFinite(value)
                    ? value
                    : throw NoNumber(text);
        }

        return text switch
        {
            ['0', 'x' or 'X', _, ..] => Accumulate(text, 16),
            ['0', 'o' or 'O', _, ..] => Accumulate(text, 8),
            ['0', 'b' or 'B', _, ..] => Accumulate(text, 2),
            _ => throw NoNumber(text),
        };
    }

    /// <summary>Rules out what .NET reads and JSON does not have: spaces, a plus sign, a bare point.</summary>
    private static bool IsDecimal(string text)
    {
        var point = text.IndexOf('.', StringComparison.Ordinal);
        return text is ['-' or (>= '0' and <= '9'), ..] and [.., >= '0' and <= '9'] &&
            text.AsSpan().IndexOfAnyExcept("0123456789.eE+-") < 0 &&
            (point < 0 || (point > 0 && char.IsAsciiDigit(text[point - 1]) && char.IsAsciiDigit(text[point + 1]))) &&
            (text[0] != '-' || char.IsAsciiDigit(text[1]));
    }

    private static JsonataFault NoNumber(string text) => new("D3030", text);

    private static double Accumulate(string text, int radix)
    {
        var value = 0.0;
        foreach (var c in text.AsSpan(2))
        {
            var digit = Digits.IndexOf(char.ToLowerInvariant(c), StringComparison.Ordinal);
            value = digit >= 0 && digit < radix ? (value * radix) + digit : throw NoNumber(text);
        }

        return double.IsFinite(value) ? value : throw NoNumber(text);
    }

    private static string Convert(double whole, int radix)
    {
        var digits = new Stack<char>();
        var rest = new BigInteger(Math.Abs(whole)); // Doubles are much larger than other whole numbers.
        do
        {
            (rest, var digit) = BigInteger.DivRem(rest, radix);
            digits.Push(Digits[(int)digit]);
        }
        while (!rest.IsZero);

        return (whole < 0 ? "-" : "") + string.Concat(digits);
    }
}

using System.Globalization;
using System.Text;

namespace Lungfish.Jsonata.Library;

/// <summary>Whole numbers by pictures: <c>$formatInteger</c>, <c>$parseInteger</c>, and the numbers in dates.</summary>
internal static class IntegerPictures
{
    /// <param name="value">Floored first.</param>
    /// <exception cref="JsonataFault">D3130, D3131: the picture cannot be used.</exception>
    public static string Format(double value, string picture) => Format(value, IntegerPicture.Parse(picture));

    /// <inheritdoc cref="Format(double, string)"/>
    public static string Format(double value, IntegerPicture picture)
    {
        if (!double.IsFinite(value))
        {
            throw new JsonataFault("D1001", Json.JsonValue.Null);
        }

        var whole = Math.Floor(value);
        var size = Math.Abs(whole);
        var text = picture.Style switch
        {
            IntegerStyle.Letters => LetterNumerals.Format(size, picture.Case),
            IntegerStyle.Roman => RomanNumerals.Format(size, picture.Case),
            IntegerStyle.Words => NumberWords.Format(size, picture.Case, picture.Ordinal),
            IntegerStyle.Decimal => FormatDigits(size, picture),
            _ => throw UnknownSequence(picture),
        };
        return whole < 0 ? "-" + text : text;
    }

    /// <returns>Null if the text is no number of that form.</returns>
    /// <exception cref="JsonataFault">D3130, D3131: the picture cannot be used.</exception>
    public static double? Parse(string text, string picture) => Parse(text, IntegerPicture.Parse(picture));

    /// <inheritdoc cref="Parse(string, string)"/>
    public static double? Parse(ReadOnlySpan<char> text, IntegerPicture picture) => picture.Style switch
    {
        IntegerStyle.Letters => LetterNumerals.Parse(text),
        IntegerStyle.Roman => RomanNumerals.Parse(text),
        IntegerStyle.Words => NumberWords.Parse(text.ToString()),
        IntegerStyle.Decimal => ParseDigits(text, picture),
        _ => throw UnknownSequence(picture),
    };

    /// <summary>The same at the end of a text that is being written.</summary>
    public static void Append(StringBuilder text, long value, IntegerPicture picture)
    {
        if (picture is { Style: IntegerStyle.Decimal, Ordinal: false, Zero: '0', Separators: [] } && value >= 0)
        {
            Span<char> digits = stackalloc char[20];
            value.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
            text.Append('0', Math.Max(0, picture.MandatoryDigits - length)).Append(digits[..length]);
        }
        else
        {
            text.Append(Format(value, picture));
        }
    }

    private static JsonataFault UnknownSequence(IntegerPicture picture) => new("D3130", picture.Primary);

    private static string FormatDigits(double size, IntegerPicture picture)
    {
        var digits = new StringBuilder(
            size < 1e21 ? NumberText.Shortest(size) : size.ToString("F0", CultureInfo.InvariantCulture));
        if (digits.Length < picture.MandatoryDigits)
        {
            digits.Insert(0, "0", picture.MandatoryDigits - digits.Length);
        }

        if (picture.Zero != '0')
        {
            for (var i = 0; i < digits.Length; i++)
            {
                digits[i] = (char)(digits[i] - '0' + picture.Zero);
            }
        }

        if (picture.RegularGroup > 0)
        {
            Grouping.InsertRegular(digits, digits.Length, picture.RegularGroup, picture.Separators[0].Sign);
        }
        else
        {
            var length = digits.Length;
            foreach (var (position, sign) in picture.Separators)
            {
                if (position < length)
                {
                    digits.Insert(length - position, sign);
                }
            }
        }

        return picture.Ordinal ? digits.Append(OrdinalSuffix(digits)).ToString() : digits.ToString();
    }

    private static string OrdinalSuffix(StringBuilder digits) => digits switch
    {
        [.., '1', _] => "th",
        [.., '1'] => "st",
        [.., '2'] => "nd",
        [.., '3'] => "rd",
        _ => "th",
    };

    private static double? ParseDigits(ReadOnlySpan<char> text, IntegerPicture picture)
    {
        var digits = picture.Ordinal && text.Length > 2 ? text[..^2].Trim() : text.Trim();
        var isNegative = digits.StartsWith('-');
        digits = isNegative || digits.StartsWith('+') ? digits[1..] : digits;
        var (value, count) = (0.0, 0);
        while (digits is [var digit, ..])
        {
            if (digit - picture.Zero is >= 0 and <= 9)
            {
                value = (value * 10) + (digit - picture.Zero);
                count++;
                digits = digits[1..];
            }
            else if (FindSeparator(digits, picture) is { } separator)
            {
                digits = digits[separator.Length..];
            }
            else
            {
                break; // What follows the digits is not looked at.
            }
        }

        return count == 0 ? null : isNegative ? -value : value;
    }

    private static string? FindSeparator(ReadOnlySpan<char> text, IntegerPicture picture)
    {
        foreach (var (_, sign) in picture.Separators)
        {
            if (text.StartsWith(sign))
            {
                return sign;
            }
        }

        return null;
    }
}

/// <summary>a, b, ... z, aa, ab: numbers to the base of 26 without a zero.</summary>
internal static class LetterNumerals
{
    private const int Letters = 26;

    public static string Format(double size, LetterCase letterCase)
    {
        var letters = new Stack<char>();
        for (var rest = size; rest > 0; rest = Math.Floor((rest - 1) / Letters))
        {
            letters.Push((char)((letterCase == LetterCase.Upper ? 'A' : 'a') + (int)((rest - 1) % Letters)));
        }

        return string.Concat(letters);
    }

    public static double? Parse(ReadOnlySpan<char> text)
    {
        var value = 0.0;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetter(c))
            {
                return null;
            }

            value = (value * Letters) + (char.ToLowerInvariant(c) - 'a' + 1);
        }

        return value;
    }
}

internal static class RomanNumerals
{
    /// <summary>More than a line of M would be no use to anyone, and 1e300 would not fit into memory.</summary>
    private const double Max = 1_000_000;

    private static readonly (int Value, string Numeral)[] Numerals =
    [
        (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
        (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
    ];

    public static string Format(double size, LetterCase letterCase)
    {
        if (size > Max)
        {
            throw new JsonataFault("D1001", size);
        }

        var text = new StringBuilder();
        var rest = (int)size;
        foreach (var (value, numeral) in Numerals)
        {
            for (; rest >= value; rest -= value)
            {
                text.Append(numeral);
            }
        }

        return letterCase == LetterCase.Upper ? text.ToString().ToUpperInvariant() : text.ToString();
    }

    public static double? Parse(ReadOnlySpan<char> text)
    {
        var (total, highest) = (0.0, 1);
        for (var i = text.Length - 1; i >= 0; i--)
        {
            var value = char.ToLowerInvariant(text[i]) switch
            {
                'm' => 1000,
                'd' => 500,
                'c' => 100,
                'l' => 50,
                'x' => 10,
                'v' => 5,
                'i' => 1,
                _ => 0,
            };
            if (value == 0)
            {
                return null;
            }

            // A numeral before a higher one is taken from it: ix.
            total += value < highest ? -value : value;
            highest = Math.Max(highest, value);
        }

        return total;
    }
}

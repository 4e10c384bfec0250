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
    public static double? Parse(string text, IntegerPicture picture) => picture.Style switch
    {
        IntegerStyle.Letters => LetterNumerals.Parse(text),
        IntegerStyle.Roman => RomanNumerals.Parse(text),
        IntegerStyle.Words => NumberWords.Parse(text),
        IntegerStyle.Decimal => ParseDigits(text, picture),
        _ => throw UnknownSequence(picture),
    };

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

    private static double? ParseDigits(string text, IntegerPicture picture)
    {
        var digits = new StringBuilder(picture.Ordinal && text.Length > 2 ? text[..^2] : text);
        foreach (var (_, sign) in picture.Separators)
        {
            digits.Replace(sign, "");
        }

        var number = digits.ToString().AsSpan().Trim();
        var negative = number.StartsWith('-');
        number = number.TrimStart(negative ? "-" : "+");
        var value = 0.0;
        var count = 0;
        foreach (var c in number)
        {
            if (c - picture.Zero is not (>= 0 and <= 9))
            {
                break; // What follows the digits is not looked at.
            }

            value = (value * 10) + (c - picture.Zero);
            count++;
        }

        return count == 0 ? null : negative ? -value : value;
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

    public static double? Parse(string text)
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

    public static double? Parse(string text)
    {
        var (total, highest) = (0.0, 1);
        foreach (var c in text.Reverse())
        {
            var value = char.ToLowerInvariant(c) switch
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

using System.Collections.Immutable;
using System.Text;

namespace Lungfish.Jsonata.Library;

internal enum IntegerStyle
{
    Decimal,
    Letters,
    Roman,
    Words,

    /// <summary>A numbering that the picture asks for by its first sign, such as Greek letters: none is known.
    /// </summary>
    Sequence,
}

internal enum LetterCase
{
    Lower,
    Upper,
    Title,
}

/// <summary>A separator sign and how many digits stand to its right.</summary>
internal readonly record struct Separator(int Position, string Sign);

/// <summary>How a whole number is written, as XPath's <c>fn:format-integer</c> pictures say.</summary>
internal sealed record IntegerPicture
{
    /// <summary>The zeros of the decimal digits that pictures may use; nine more follow each.</summary>
    private static readonly int[] Zeros =
    [
        0x30, 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6,
        0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40,
        0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
    ];

    public required IntegerStyle Style { get; init; }

    public LetterCase Case { get; init; }

    public bool Ordinal { get; init; }

    /// <summary>The picture without its modifier, for messages.</summary>
    public required string Primary { get; init; }

    /// <summary>The digit for zero; its family is what is written.</summary>
    public int Zero { get; init; } = '0';

    public int MandatoryDigits { get; init; }

    public int OptionalDigits { get; init; }

    /// <summary>Signs between the digits, from the right.</summary>
    public ImmutableArray<Separator> Separators { get; init; } = [];

    /// <summary>If the separators repeat regularly, every how many digits; they then go on to the left.</summary>
    public int RegularGroup { get; init; }

    /// <exception cref="JsonataFault">D3131: digits of two families.</exception>
    public static IntegerPicture Parse(string picture)
    {
        var semicolon = picture.LastIndexOf(';');
        var primary = semicolon < 0 ? picture : picture[..semicolon];
        var ordinal = semicolon >= 0 && picture.AsSpan(semicolon + 1).StartsWith('o');
        return primary switch
        {
            "A" => Named(IntegerStyle.Letters, LetterCase.Upper),
            "a" => Named(IntegerStyle.Letters, LetterCase.Lower),
            "I" => Named(IntegerStyle.Roman, LetterCase.Upper),
            "i" => Named(IntegerStyle.Roman, LetterCase.Lower),
            "W" => Named(IntegerStyle.Words, LetterCase.Upper),
            "w" => Named(IntegerStyle.Words, LetterCase.Lower),
            "Ww" => Named(IntegerStyle.Words, LetterCase.Title),
            _ => ParseDigits(primary) with { Ordinal = ordinal },
        };

        IntegerPicture Named(IntegerStyle style, LetterCase letterCase) =>
            new() { Style = style, Case = letterCase, Ordinal = ordinal, Primary = primary };
    }

    private static IntegerPicture ParseDigits(string primary)
    {
        int? zero = null;
        var (mandatory, optional) = (0, 0);
        var separators = new List<Separator>();
        foreach (var sign in primary.EnumerateRunes().Reverse())
        {
            if (FindZero(sign.Value) is { } family)
            {
                zero = zero is null || zero == family ? family : throw new JsonataFault("D3131");
                mandatory++;
            }
            else if (sign.Value == '#')
            {
                optional++;
            }
            else
            {
                separators.Add(new Separator(mandatory + optional, sign.ToString()));
            }
        }

        return zero is null
            ? new IntegerPicture { Style = IntegerStyle.Sequence, Primary = primary }
            : new IntegerPicture
            {
                Style = IntegerStyle.Decimal,
                Primary = primary,
                Zero = zero.Value,
                MandatoryDigits = mandatory,
                OptionalDigits = optional,
                Separators = [.. separators],
                RegularGroup = separators.TrueForAll(s => s.Sign == separators[0].Sign)
                    ? Grouping.RegularSize([.. separators.Select(s => s.Position)])
                    : 0,
            };
    }

    private static int? FindZero(int codePoint)
    {
        foreach (var zero in Zeros)
        {
            if (codePoint >= zero && codePoint <= zero + 9)
            {
                return zero;
            }
        }

        return null;
    }
}

/// <summary>Where separators go.</summary>
internal static class Grouping
{
    /// <summary>The size of the groups if the positions are all its multiples, without a gap; else 0.</summary>
    public static int RegularSize(IReadOnlyCollection<int> positions)
    {
        if (positions.Count == 0)
        {
            return 0;
        }

        var size = positions.Aggregate(GreatestCommonDivisor);
        return size > 0 && Enumerable.Range(1, positions.Count).All(i => positions.Contains(i * size)) ? size : 0;
    }

    /// <summary>Puts the sign between groups of that size, counted from the end of the digits.</summary>
    public static void InsertRegular(StringBuilder digits, int length, int size, string sign)
    {
        for (var position = length - size; position > 0; position -= size)
        {
            digits.Insert(position, sign);
        }
    }

    private static int GreatestCommonDivisor(int a, int b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);
}

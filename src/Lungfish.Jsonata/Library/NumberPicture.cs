using System.Collections.Immutable;
using System.Globalization;
using Lungfish.Json;

namespace Lungfish.Jsonata.Library;

/// <summary>The signs of a number picture, as XPath's decimal formats name them.</summary>
internal sealed record NumberSigns
{
    public static readonly NumberSigns Default = new();

    public char DecimalSeparator { get; private init; } = '.';

    public char GroupingSeparator { get; private init; } = ',';

    public char ExponentSeparator { get; private init; } = 'e';

    public char PatternSeparator { get; private init; } = ';';

    public char ZeroDigit { get; private init; } = '0';

    public char OptionalDigit { get; private init; } = '#';

    public string MinusSign { get; private init; } = "-";

    public string Percent { get; private init; } = "%";

    public string PerMille { get; private init; } = "\u2030";

    public string Infinity { get; private init; } = "Infinity";

    public string NaN { get; private init; } = "NaN";

    /// <summary>Reads the options of <c>$formatNumber</c>. What is unknown, or no text, changes nothing.</summary>
    public static NumberSigns Of(JsonObject? options)
    {
        var signs = Default;
        foreach (var (name, value) in options ?? JsonObject.Empty)
        {
            if (value is JsonString { Value: { Length: > 0 } text })
            {
                signs = name switch
                {
                    "decimal-separator" => signs with { DecimalSeparator = text[0] },
                    "grouping-separator" => signs with { GroupingSeparator = text[0] },
                    "exponent-separator" => signs with { ExponentSeparator = text[0] },
                    "pattern-separator" => signs with { PatternSeparator = text[0] },
                    "zero-digit" => signs with { ZeroDigit = text[0] },
                    "digit" => signs with { OptionalDigit = text[0] },
                    "minus-sign" => signs with { MinusSign = text },
                    "percent" => signs with { Percent = text },
                    "per-mille" => signs with { PerMille = text },
                    "infinity" => signs with { Infinity = text },
                    "NaN" => signs with { NaN = text },
                    _ => signs,
                };
            }
        }

        return signs;
    }

    public bool IsDigit(char c) => c >= ZeroDigit && c <= ZeroDigit + 9;

    public bool IsAnyDigit(char c) => IsDigit(c) || c == OptionalDigit;

    /// <summary>A sign that stands for something; all others are written as they are.</summary>
    public bool IsActive(char c) => IsAnyDigit(c) || c == DecimalSeparator || c == GroupingSeparator ||
        c == ExponentSeparator || c == PatternSeparator;
}

/// <summary>One half of a picture, cut into its parts and checked.</summary>
internal sealed record NumberPicture
{
    public required string Prefix { get; init; }

    public required string Suffix { get; init; }

    /// <summary>What the number is multiplied with: 100 for percent, 1000 for per mille.</summary>
    public required int Scale { get; init; }

    public required int IntegerDigitsMin { get; init; }

    /// <summary>How many digits the mantissa has before the point, if there is an exponent.</summary>
    public required int MantissaDigits { get; init; }

    public required int FractionDigitsMin { get; init; }

    public required int FractionDigitsMax { get; init; }

    public required int ExponentDigitsMin { get; init; }

    /// <summary>Separators of the integer part: how many digits stand to the right of each.</summary>
    public required ImmutableArray<int> IntegerGroups { get; init; }

    /// <summary>If those are regular, every how many digits they come; then they go on to the left. Else 0.</summary>
    public required int RegularGroup { get; init; }

    /// <summary>What gives so many digits behind the point in .NET.</summary>
    public required string FractionFormat { get; init; }

    /// <summary>Separators of the fraction: how many digits stand to the left of each.</summary>
    public required ImmutableArray<int> FractionGroups { get; init; }

    /// <exception cref="JsonataFault">D3081 to D3093: the picture breaks a rule.</exception>
    public static NumberPicture Parse(string text, NumberSigns signs)
    {
        var (start, end) = ActivePart(text, signs);
        var active = text[start..end];
        var exponentAt = text.IndexOf(signs.ExponentSeparator, start);
        var hasExponent = exponentAt >= 0 && exponentAt <= end;
        var mantissa = hasExponent ? text[start..exponentAt] : active;
        var exponent = !hasExponent ? null : exponentAt < end ? text[(exponentAt + 1)..end] : "";
        var point = mantissa.IndexOf(signs.DecimalSeparator, StringComparison.Ordinal);
        var whole = point < 0 ? mantissa : mantissa[..point];
        var fraction = point < 0 ? "" : mantissa[(point + 1)..];
        if (FindFault(text, active, mantissa, exponent, whole, fraction, signs) is { } code)
        {
            throw new JsonataFault(code);
        }

        var wholeMin = whole.Count(signs.IsDigit);
        var mantissaDigits = wholeMin;
        var fractionMin = fraction.Count(signs.IsDigit);
        var fractionMax = fraction.Count(signs.IsAnyDigit);
        if (wholeMin == 0 && fractionMax == 0)
        {
            (wholeMin, fractionMin, fractionMax) = hasExponent ? (0, 1, 1) : (1, 0, 0);
        }

        wholeMin = hasExponent && wholeMin == 0 && whole.Contains(signs.OptionalDigit) ? 1 : wholeMin;
        var groups = GroupPositions(whole, signs, at => whole[at..]);
        return new NumberPicture
        {
            Prefix = text[..start],
            Suffix = text[end..],
            Scale = Contains(text, signs.Percent) ? 100 : Contains(text, signs.PerMille) ? 1000 : 1,
            IntegerDigitsMin = wholeMin,
            MantissaDigits = mantissaDigits,
            FractionDigitsMin = wholeMin == 0 && fractionMin == 0 ? 1 : fractionMin,
            FractionDigitsMax = fractionMax,
            ExponentDigitsMin = exponent?.Length ?? 0,
            IntegerGroups = groups,
            RegularGroup = Grouping.RegularSize(groups),
            FractionFormat = string.Create(CultureInfo.InvariantCulture, $"F{fractionMax}"),
            FractionGroups = GroupPositions(fraction, signs, at => fraction[..at]),
        };
    }

    /// <summary>From the first active sign to the last; an exponent separator alone does not count.</summary>
    private static (int Start, int End) ActivePart(string text, NumberSigns signs)
    {
        bool Counts(char c) => signs.IsActive(c) && c != signs.ExponentSeparator;
        var start = 0;
        while (start < text.Length && !Counts(text[start]))
        {
            start++;
        }

        var end = text.Length;
        while (end > start && !Counts(text[end - 1]))
        {
            end--;
        }

        return start == text.Length ? (0, text.Length) : (start, end);
    }

    /// <summary>The rules of XPath's pictures. Where several are broken, the last one is named.</summary>
    private static string? FindFault(
        string text,
        string active,
        string mantissa,
        string? exponent,
        string whole,
        string fraction,
        NumberSigns signs)
    {
        var (percents, perMilles) = (Contains(text, signs.Percent), Contains(text, signs.PerMille));
        var point = text.IndexOf(signs.DecimalSeparator, StringComparison.Ordinal);
        var group = signs.GroupingSeparator;
        return 0 switch
        {
            _ when exponent is not null && (exponent.Length == 0 || !exponent.All(signs.IsDigit)) => "D3093",
            _ when exponent is { Length: > 0 } && (percents || perMilles) => "D3092",
            _ when fraction.SkipWhile(c => c != signs.OptionalDigit).Any(signs.IsDigit) => "D3091",
            _ when whole.SkipWhile(c => !signs.IsDigit(c)).Contains(signs.OptionalDigit) => "D3090",
            _ when Contains(text, new string(group, 2)) => "D3089",
            _ when point < 0 && whole.EndsWith(group) => "D3088",
            _ when point >= 0 && (text[..point].EndsWith(group) || text[(point + 1)..].StartsWith(group)) => "D3087",
            _ when !active.All(signs.IsActive) => "D3086",
            _ when !mantissa.Any(signs.IsAnyDigit) => "D3085",
            _ when percents && perMilles => "D3084",
            _ when IsRepeated(text, signs.PerMille) => "D3083",
            _ when IsRepeated(text, signs.Percent) => "D3082",
            _ when point != text.LastIndexOf(signs.DecimalSeparator) => "D3081",
            _ => null,
        };
    }

    private static bool Contains(string text, string sign) => text.Contains(sign, StringComparison.Ordinal);

    private static bool IsRepeated(string text, string sign) =>
        text.IndexOf(sign, StringComparison.Ordinal) != text.LastIndexOf(sign, StringComparison.Ordinal);

    private static ImmutableArray<int> GroupPositions(string part, NumberSigns signs, Func<int, string> counted) =>
    [
        .. Enumerable.Range(0, part.Length)
            .Where(i => part[i] == signs.GroupingSeparator)
            .Select(i => counted(i).Count(signs.IsAnyDigit)),
    ];
}

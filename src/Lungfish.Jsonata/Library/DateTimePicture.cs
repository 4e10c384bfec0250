using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Lungfish.Jsonata.Library;

/// <summary>A piece of a date picture: text as it is, or a marker such as <c>[Y0001]</c>.</summary>
internal abstract record PicturePart;

internal sealed record LiteralPart(string Text) : PicturePart;

internal sealed record MarkerPart : PicturePart
{
    /// <summary>Y, M, D and so on: which part of the time it shows.</summary>
    public required char Component { get; init; }

    /// <summary>How its number is written; null where it is a name.</summary>
    public IntegerPicture? Integer { get; init; }

    /// <summary>The case of its name; null where it is a number.</summary>
    public LetterCase? Names { get; init; }

    /// <summary>To how many letters a name is cut.</summary>
    public int? WidthMax { get; init; }

    /// <summary>How many of the last digits a year shows; null: all.</summary>
    public int? YearDigits { get; init; }

    /// <summary>A time zone is shown as Z where it is UTC.</summary>
    public bool IsTraditional { get; init; }

    /// <summary>How many digits it has when it is read, where another number follows without a separator.</summary>
    public int? DigitsRead { get; init; }
}

/// <summary>How a time is written, as XPath's <c>fn:format-dateTime</c> pictures say.</summary>
internal sealed record DateTimePicture(ImmutableArray<PicturePart> Parts)
{
    public const string Iso8601 = "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]";

    private const string NumericComponents = "YMDdFWwXxHhmsf";

    private static readonly PictureCache<DateTimePicture> Parsed = new(Parse);

    public static DateTimePicture Get(string picture) => Parsed.Get(picture);

    /// <exception cref="JsonataFault">D3131, D3132, D3135: the picture breaks a rule.</exception>
    private static DateTimePicture Parse(string picture)
    {
        var parts = new List<PicturePart>();
        var literal = new StringBuilder();
        for (var position = 0; position < picture.Length; position++)
        {
            var c = picture[position];
            var isDoubled = position + 1 < picture.Length && picture[position + 1] == c;
            if (c != '[' || isDoubled)
            {
                literal.Append(c);
                position += isDoubled && c is ('[' or ']') ? 1 : 0;
                continue;
            }

            AddLiteral(parts, literal);
            var close = picture.IndexOf(']', position);
            if (close < 0)
            {
                throw new JsonataFault("D3135");
            }

            AddMarker(parts, ParseMarker(string.Concat(
                picture[(position + 1)..close].Where(sign => !char.IsWhiteSpace(sign)))));
            position = close;
        }

        AddLiteral(parts, literal);
        return new DateTimePicture([.. parts]);
    }

    private static void AddLiteral(List<PicturePart> parts, StringBuilder literal)
    {
        if (literal.Length > 0)
        {
            parts.Add(new LiteralPart(literal.ToString()));
            literal.Clear();
        }
    }

    private static void AddMarker(List<PicturePart> parts, MarkerPart marker)
    {
        if (marker.Integer is not null && IsNumeric(marker.Component) &&
            parts is [.., MarkerPart { Integer: { } before } previous])
        {
            parts[^1] = previous with { DigitsRead = before.MandatoryDigits > 0 ? before.MandatoryDigits : null };
        }

        parts.Add(marker);
    }

    private static bool IsNumeric(char component) => NumericComponents.Contains(component);

    private static MarkerPart ParseMarker(string marker)
    {
        if (marker.Length == 0)
        {
            throw new JsonataFault("D3132", "");
        }

        var component = marker[0];
        var comma = marker.LastIndexOf(',');
        var (widthMin, widthMax) = comma < 0 ? (null, null) : ParseWidth(marker[(comma + 1)..]);
        var presentation = comma < 0 ? marker[1..] : marker[1..Math.Max(1, comma)];
        if (DefaultPresentation(component) is not { } standard)
        {
            throw new JsonataFault("D3132", component.ToString());
        }

        // A second presentation modifier: ordinal, traditional and so on.
        var modifier = presentation is [_, .., ('a' or 't' or 'c' or 'o') and var last] ? last : ' ';
        var first = presentation.Length == 0 ? standard : modifier == ' ' ? presentation : presentation[..^1];
        var part = new MarkerPart { Component = component, WidthMax = widthMax, IsTraditional = modifier == 't' };
        if (component is 'Z' or 'z')
        {
            return part with { Integer = IntegerPicture.Parse(first) };
        }

        if (first[0] is 'n' or 'N')
        {
            var title = first.StartsWith("Nn", StringComparison.Ordinal) ? LetterCase.Title : LetterCase.Upper;
            return part with { Names = first[0] == 'n' ? LetterCase.Lower : title };
        }

        return IsNumeric(component)
            ? WithNumber(part, IntegerPicture.Parse(modifier == ' ' ? first : $"{first};{modifier}"), widthMin)
            : part;
    }

    private static MarkerPart WithNumber(MarkerPart part, IntegerPicture integer, int? widthMin)
    {
        if (integer.Style != IntegerStyle.Decimal)
        {
            return part with { Integer = integer };
        }

        var mandatory = Math.Max(integer.MandatoryDigits, widthMin ?? 0);
        int? yearDigits = null;
        if (part.Component == 'Y')
        {
            mandatory = part.WidthMax ?? mandatory;
            yearDigits = part.WidthMax ?? (mandatory + integer.OptionalDigits is >= 2 and var width ? width : null);
        }

        return part with { Integer = integer with { MandatoryDigits = mandatory }, YearDigits = yearDigits };
    }

    private static (int? Min, int? Max) ParseWidth(string width)
    {
        var dash = width.IndexOf('-', StringComparison.Ordinal);
        return dash < 0
            ? (ParseBound(width), null)
            : (ParseBound(width[..dash]), ParseBound(width[(dash + 1)..]));
    }

    /// <returns>Null for a star, which is no bound, and for what is no number.</returns>
    private static int? ParseBound(string bound) =>
        byte.TryParse(bound, NumberStyles.None, CultureInfo.InvariantCulture, out var digits) ? digits : null;

    private static string? DefaultPresentation(char component) => component switch
    {
        'Y' or 'M' or 'D' or 'd' or 'W' or 'w' or 'X' or 'x' or 'H' or 'h' or 'f' => "1",
        'm' or 's' => "01",
        'Z' or 'z' => "01:01",
        'F' or 'P' or 'C' or 'E' => "n",
        _ => null,
    };
}

using System.Globalization;

namespace Lungfish.Jsonata.Library;

/// <summary>Finds the parts of a picture in a text. Upper and lower case are one.</summary>
/// <remarks>Each part takes as much as it can, and less where the rest would not fit otherwise. What failed once at
/// one place is not tried there again, so that the time stays in proportion to text and picture.</remarks>
internal sealed class DateTimeMatcher
{
    private const long NumberMax = 1_000_000_000;

    private readonly string _text;
    private readonly DateTimePicture _picture;
    private readonly HashSet<(int Part, int Position)> _failed = [];
    private readonly int[] _ends;

    private DateTimeMatcher(string text, DateTimePicture picture) =>
        (_text, _picture, _ends) = (text, picture, new int[picture.Parts.Length]);

    /// <returns>Numbers by component, or null if the text does not fit. A name that is none has no number.</returns>
    /// <exception cref="JsonataFault">D3130, D3133: the picture cannot be read by.</exception>
    public static Dictionary<char, long>? Match(string text, DateTimePicture picture)
    {
        foreach (var part in picture.Parts)
        {
            CheckReadable(part);
        }

        var matcher = new DateTimeMatcher(text, picture);
        return matcher.MatchFrom(0, 0) ? matcher.Read() : null;
    }

    private static void CheckReadable(PicturePart part)
    {
        if (part is not MarkerPart marker)
        {
            return;
        }

        if (marker.Integer is { Style: IntegerStyle.Sequence } picture && marker.Component is not ('Z' or 'z' or 'f'))
        {
            throw new JsonataFault("D3130", picture.Primary);
        }

        if (marker.Integer is null && marker.Component is not ('M' or 'x' or 'F' or 'P' or 'f'))
        {
            throw new JsonataFault("D3133", marker.Component.ToString());
        }
    }

    private bool MatchFrom(int part, int position)
    {
        if (part == _picture.Parts.Length)
        {
            return position == _text.Length;
        }

        if (_failed.Contains((part, position)))
        {
            return false;
        }

        foreach (var end in Ends(_picture.Parts[part], position))
        {
            _ends[part] = end;
            if (MatchFrom(part + 1, end))
            {
                return true;
            }
        }

        _failed.Add((part, position));
        return false;
    }

    /// <summary>Where a part that begins here can end, the farthest first.</summary>
    private IEnumerable<int> Ends(PicturePart part, int position) => part switch
    {
        LiteralPart literal => StartsWith(position, literal.Text) ? [position + literal.Text.Length] : [],
        MarkerPart { Component: 'Z' or 'z' } zone => OffsetEnds(zone, position),
        MarkerPart { Component: 'f' } => RunEnds(position, char.IsAsciiDigit),
        MarkerPart { Integer: null } => RunEnds(position, char.IsAsciiLetter),
        MarkerPart { Integer.Style: IntegerStyle.Letters } => RunEnds(position, char.IsAsciiLetter),
        MarkerPart { Integer.Style: IntegerStyle.Roman } =>
            RunEnds(position, c => "mdclxvi".Contains(char.ToLowerInvariant(c), StringComparison.Ordinal)),
        MarkerPart { Integer.Style: IntegerStyle.Words } => WordEnds(position),
        MarkerPart marker => DigitEnds(marker, position),
        _ => [],
    };

    private bool StartsWith(int position, string literal) =>
        _text.AsSpan(position).StartsWith(literal, StringComparison.OrdinalIgnoreCase);

    private IEnumerable<int> RunEnds(int position, Func<char, bool> belongs)
    {
        var end = position;
        while (end < _text.Length && belongs(_text[end]))
        {
            end++;
        }

        for (; end > position; end--)
        {
            yield return end;
        }
    }

    private IEnumerable<int> DigitEnds(MarkerPart marker, int position)
    {
        var isOrdinal = marker.Integer is { Ordinal: true };
        foreach (var end in RunEnds(position, char.IsAsciiDigit))
        {
            if (marker.DigitsRead is { } digits && end - position != digits)
            {
                continue;
            }

            if (!isOrdinal)
            {
                yield return end;
            }
            else if (StartsWith(end, "st") || StartsWith(end, "nd") || StartsWith(end, "rd") || StartsWith(end, "th"))
            {
                yield return end + 2;
            }
        }
    }

    private IEnumerable<int> OffsetEnds(MarkerPart zone, int position)
    {
        position += zone.Component == 'z' && StartsWith(position, "GMT") ? 3 : 0;
        if (position >= _text.Length || _text[position] is not ('+' or '-') ||
            (zone.Component == 'z' && !_text.AsSpan(0, position).EndsWith("GMT", StringComparison.OrdinalIgnoreCase)))
        {
            yield break;
        }

        var separator = zone.Integer is { RegularGroup: > 0 } integer ? integer.Separators[0].Sign : "";
        foreach (var end in RunEnds(position + 1, char.IsAsciiDigit))
        {
            if (separator.Length == 0)
            {
                yield return end;
            }
            else if (StartsWith(end, separator))
            {
                foreach (var last in RunEnds(end + separator.Length, char.IsAsciiDigit))
                {
                    yield return last;
                }
            }
        }
    }

    private IEnumerable<int> WordEnds(int position)
    {
        var ends = new SortedSet<int> { position };
        var open = new Stack<int>([position]);
        while (open.TryPop(out var from))
        {
            var separator = from < _text.Length && _text[from] is '-' or ',' or ' ' ? 1 : 0;
            foreach (var end in NumberWords.All.Append("and").Where(word => StartsWith(from, word))
                .Select(word => from + word.Length).Append(from + separator))
            {
                if (ends.Add(end))
                {
                    open.Push(end);
                }
            }
        }

        return ends.Reverse().Where(end => end > position);
    }

    private Dictionary<char, long> Read()
    {
        var found = new Dictionary<char, long>();
        var start = 0;
        for (var i = 0; i < _ends.Length; i++)
        {
            if (_picture.Parts[i] is MarkerPart marker && ReadMarker(marker, _text[start.._ends[i]]) is { } value)
            {
                found[marker.Component] = value;
            }

            start = _ends[i];
        }

        return found;
    }

    private static long? ReadMarker(MarkerPart marker, string text) => marker switch
    {
        { Component: 'Z' or 'z' } => ReadOffset(marker, text),
        { Component: 'f' } => long.Parse(
            text.PadRight(3, '0').AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture),
        { Component: 'P' } => text.ToUpperInvariant() switch { "AM" => 0, "PM" => 1, _ => null },
        { Integer: null } => ReadName(marker, text),
        _ => IntegerPictures.Parse(text, marker.Integer) is { } value && value <= NumberMax ? (long)value : null,
    };

    private static long? ReadName(MarkerPart marker, string text)
    {
        var names = marker.Component == 'F' ? DateTimePictures.Days : DateTimePictures.Months;
        var index = Array.FindIndex(names, name =>
            text.Equals(name.Length > marker.WidthMax ? name[..marker.WidthMax.Value] : name,
                StringComparison.OrdinalIgnoreCase));
        return index < 0 ? null : index + 1;
    }

    /// <returns>Minutes east of UTC.</returns>
    private static long? ReadOffset(MarkerPart marker, string text)
    {
        var digits = text.AsSpan(marker.Component == 'z' ? 3 : 0);
        var isWest = digits[0] == '-';
        digits = digits[1..];
        var separator = digits.IndexOfAnyExceptInRange('0', '9');
        var hourDigits = separator >= 0 ? separator : Math.Min(2, digits.Length);
        var hours = ReadNumber(digits[..hourDigits]);
        var minutes = ReadNumber(digits[(separator >= 0 ? LastNonDigit(digits) + 1 : hourDigits)..]);
        return isWest ? -((hours * 60) + minutes) : (hours * 60) + minutes;
    }

    private static int LastNonDigit(ReadOnlySpan<char> text) => text.LastIndexOfAnyExceptInRange('0', '9');

    private static long? ReadNumber(ReadOnlySpan<char> digits) => digits.Length switch
    {
        0 => 0,
        > 9 => null,
        _ => long.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture),
    };
}

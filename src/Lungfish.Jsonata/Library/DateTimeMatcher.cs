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
    private readonly int[] _ends;
    private HashSet<(int Part, int Position)>? _failed;

    private DateTimeMatcher(string text, DateTimePicture picture) =>
        (_text, _picture, _ends) = (text, picture, new int[picture.Parts.Length]);

    /// <returns>Numbers by component, or null if the text does not fit. A name that is none has no number.</returns>
    /// <exception cref="JsonataFault">D3130, D3133: the picture cannot be read by.</exception>
    public static TimeParts? Match(string text, DateTimePicture picture)
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

        if (_failed?.Contains((part, position)) == true)
        {
            return false;
        }

        if (FindRun(_picture.Parts[part], position) is var (shortest, longest))
        {
            for (_ends[part] = longest; _ends[part] >= shortest; _ends[part]--)
            {
                if (MatchFrom(part + 1, _ends[part]))
                {
                    return true;
                }
            }
        }
        else
        {
            foreach (var end in Ends((MarkerPart)_picture.Parts[part], position))
            {
                _ends[part] = end;
                if (MatchFrom(part + 1, end))
                {
                    return true;
                }
            }
        }

        (_failed ??= []).Add((part, position));
        return false;
    }

    /// <summary>The nearest and the farthest end of a part that can end anywhere between them; null for one of another
    /// kind. A part that cannot begin here ends farther than it could.</summary>
    private (int Shortest, int Longest)? FindRun(PicturePart part, int position) => part switch
    {
        LiteralPart literal => StartsWith(position, literal.Text)
            ? (position + literal.Text.Length, position + literal.Text.Length)
            : Nowhere,
        MarkerPart { Component: 'Z' or 'z' } or MarkerPart { Integer.Style: IntegerStyle.Words } or
            MarkerPart { Integer: { Ordinal: true, Style: IntegerStyle.Decimal } } => null,
        MarkerPart { DigitsRead: { } digits, Integer.Style: IntegerStyle.Decimal } =>
            RunEnd(position, char.IsAsciiDigit) >= position + digits ? (position + digits, position + digits) : Nowhere,
        MarkerPart { Component: 'f' } or MarkerPart { Integer.Style: IntegerStyle.Decimal } =>
            (position + 1, RunEnd(position, char.IsAsciiDigit)),
        MarkerPart { Integer.Style: IntegerStyle.Roman } => (position + 1, RunEnd(position, IsRoman)),
        _ => (position + 1, RunEnd(position, char.IsAsciiLetter)),
    };

    private static (int Shortest, int Longest) Nowhere => (1, 0);

    private static bool IsRoman(char c) => "mdclxvi".Contains(char.ToLowerInvariant(c));

    private int RunEnd(int position, Func<char, bool> belongs)
    {
        while (position < _text.Length && belongs(_text[position]))
        {
            position++;
        }

        return position;
    }

    /// <summary>Where another part that begins here can end, the farthest first.</summary>
    private IEnumerable<int> Ends(MarkerPart marker, int position) =>
        marker.Component is 'Z' or 'z' ? OffsetEnds(marker, position)
        : marker.Integer is { Style: IntegerStyle.Words } ? WordEnds(position)
        : OrdinalEnds(marker, position);

    private bool StartsWith(int position, string literal) =>
        _text.AsSpan(position).StartsWith(literal, StringComparison.OrdinalIgnoreCase);

    private IEnumerable<int> DigitEnds(int position)
    {
        for (var end = RunEnd(position, char.IsAsciiDigit); end > position; end--)
        {
            yield return end;
        }
    }

    private IEnumerable<int> OrdinalEnds(MarkerPart marker, int position) => DigitEnds(position)
        .Where(end => marker.DigitsRead is null || end - position == marker.DigitsRead)
        .Where(end => StartsWith(end, "st") || StartsWith(end, "nd") || StartsWith(end, "rd") || StartsWith(end, "th"))
        .Select(end => end + 2);

    private IEnumerable<int> OffsetEnds(MarkerPart zone, int position)
    {
        position += zone.Component == 'z' && StartsWith(position, "GMT") ? 3 : 0;
        if (position >= _text.Length || _text[position] is not ('+' or '-') ||
            (zone.Component == 'z' && !_text.AsSpan(0, position).EndsWith("GMT", StringComparison.OrdinalIgnoreCase)))
        {
            yield break;
        }

        var separator = zone.Integer is { RegularGroup: > 0 } integer ? integer.Separators[0].Sign : "";
        foreach (var end in DigitEnds(position + 1))
        {
            if (separator.Length == 0)
            {
                yield return end;
            }
            else if (StartsWith(end, separator))
            {
                foreach (var last in DigitEnds(end + separator.Length))
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

    private TimeParts Read()
    {
        var found = new TimeParts();
        var start = 0;
        for (var i = 0; i < _ends.Length; i++)
        {
            var text = _text.AsSpan(start.._ends[i]);
            if (_picture.Parts[i] is MarkerPart marker && ReadMarker(marker, text) is { } value)
            {
                found[marker.Component] = value;
            }

            start = _ends[i];
        }

        return found;
    }

    private static long? ReadMarker(MarkerPart marker, ReadOnlySpan<char> text) => marker switch
    {
        { Component: 'Z' or 'z' } => ReadOffset(marker, text),
        { Component: 'f' } => ReadMillis(text),
        { Component: 'P' } => text.Equals("am", StringComparison.OrdinalIgnoreCase) ? 0
            : text.Equals("pm", StringComparison.OrdinalIgnoreCase) ? 1
            : null,
        { Integer: null } => ReadName(marker, text),
        _ => IntegerPictures.Parse(text, marker.Integer) is { } value && value <= NumberMax ? (long)value : null,
    };

    /// <summary>The first three digits behind a point.</summary>
    private static long ReadMillis(ReadOnlySpan<char> digits)
    {
        var millis = 0;
        for (var i = 0; i < 3; i++)
        {
            millis = (millis * 10) + (i < digits.Length ? digits[i] - '0' : 0);
        }

        return millis;
    }

    private static long? ReadName(MarkerPart marker, ReadOnlySpan<char> text)
    {
        var names = marker.Component == 'F' ? DateTimePictures.Days : DateTimePictures.Months;
        for (var i = 0; i < names.Length; i++)
        {
            var name = names[i].AsSpan(0, Math.Min(names[i].Length, marker.WidthMax ?? int.MaxValue));
            if (text.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return i + 1;
            }
        }

        return null;
    }

    /// <returns>Minutes east of UTC.</returns>
    private static long? ReadOffset(MarkerPart marker, ReadOnlySpan<char> text)
    {
        var digits = text[(marker.Component == 'z' ? 3 : 0)..];
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

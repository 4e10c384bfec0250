using System.Globalization;
using System.Text;

namespace Lungfish.Jsonata.Library;

/// <summary>A set of UTF-16 units, as a regular expression's brackets or escapes name them.</summary>
internal sealed class CharacterSet
{
    public static readonly CharacterSet Digits = Of(('0', '9'));
    public static readonly CharacterSet Words = Of(('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z'));
    public static readonly CharacterSet LineEnds = Of(('\n', '\n'), ('\r', '\r'), ('\u2028', '\u2029'));
    public static readonly CharacterSet AsciiSpaces = Of(('\t', '\r'), (' ', ' '));
    public static readonly CharacterSet Spaces = Of(
        ('\t', '\r'),
        (' ', ' '),
        ('\u00A0', '\u00A0'),
        ('\u1680', '\u1680'),
        ('\u2000', '\u200A'),
        ('\u2028', '\u2029'),
        ('\u202F', '\u202F'),
        ('\u205F', '\u205F'),
        ('\u3000', '\u3000'),
        ('\uFEFF', '\uFEFF'));

    private readonly List<(char First, char Last)> _ranges = [];

    public void Add(char first, char last) => _ranges.Add((first, last));

    public void Add(CharacterSet other) => _ranges.AddRange(other._ranges);

    public CharacterSet Complement()
    {
        var complement = new CharacterSet();
        var next = 0;
        foreach (var (first, last) in _ranges.OrderBy(r => r.First))
        {
            if (first > next)
            {
                complement.Add((char)next, (char)(first - 1));
            }

            next = Math.Max(next, last + 1);
        }

        if (next <= char.MaxValue)
        {
            complement.Add((char)next, char.MaxValue);
        }

        return complement;
    }

    /// <summary>The set as a class of a .NET pattern. Every unit is escaped: none means anything there.</summary>
    public string ToPattern(bool negated = false)
    {
        if (_ranges.Count == 0)
        {
            return negated ? @"[\u0000-\uFFFF]" : @"[^\u0000-\uFFFF]";
        }

        var text = new StringBuilder(negated ? "[^" : "[");
        foreach (var (first, last) in _ranges)
        {
            text.Append(Escape(first));
            if (last > first)
            {
                text.Append('-').Append(Escape(last));
            }
        }

        return text.Append(']').ToString();
    }

    public static string Escape(char unit) => char.IsAsciiLetterOrDigit(unit)
        ? unit.ToString()
        : string.Create(CultureInfo.InvariantCulture, $"\\u{(int)unit:X4}");

    private static CharacterSet Of(params ReadOnlySpan<(char First, char Last)> ranges)
    {
        var set = new CharacterSet();
        foreach (var (first, last) in ranges)
        {
            set.Add(first, last);
        }

        return set;
    }
}

using System.Text;

namespace Lungfish.Jsonata.Library;

/// <summary>The functions of the library that look at text only. Positions and lengths count characters of Unicode;
/// a surrogate that stands alone counts as one.</summary>
internal static class StringFunctions
{
    private static readonly System.Buffers.SearchValues<char> Blanks = System.Buffers.SearchValues.Create(" \t\n\r");

    public static int Length(string text)
    {
        var length = text.Length;
        for (var i = 1; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text[i - 1], text[i]))
            {
                length--;
                i++;
            }
        }

        return length;
    }

    /// <param name="text">What a piece is taken of.</param>
    /// <param name="start">From 0; a negative one counts from the end. Fractions are cut.</param>
    /// <param name="length">Null: to the end.</param>
    public static string Substring(string text, double start, double? length = null)
    {
        var count = Length(text);
        var from = count + start < 0 ? 0 : start;
        if (length <= 0)
        {
            return "";
        }

        var end = length is null ? count : from >= 0 ? from + length.Value : count + from + length.Value;
        var first = Clamp(from, count);
        var last = Math.Max(first, Clamp(end, count));
        return count == text.Length
            ? text[first..last]
            : text[UnitIndex(text, first)..UnitIndex(text, last)];
    }

    /// <summary>As <see cref="Substring"/>, but a negative start counts UTF-16 units and may cut a character.</summary>
    /// <remarks>Measured on Step Functions.</remarks>
    public static string SubstringInStepFunctions(string text, double start, double? length = null)
    {
        if (start >= 0)
        {
            return Substring(text, start, length);
        }

        if (length <= 0)
        {
            return "";
        }

        var first = Clamp(Math.Max(start, -text.Length), text.Length);
        var last = length is null ? text.Length : Clamp(first + length.Value, text.Length);
        return text[first..last];
    }

    /// <summary>What stands before the first occurrence; the whole text if there is none.</summary>
    public static string SubstringBefore(string text, string marker) =>
        text.IndexOf(marker, StringComparison.Ordinal) is var found && found >= 0 ? text[..found] : text;

    /// <summary>What stands behind the first occurrence; the whole text if there is none.</summary>
    public static string SubstringAfter(string text, string marker) =>
        text.IndexOf(marker, StringComparison.Ordinal) is var found && found >= 0
            ? text[(found + marker.Length)..]
            : text;

    public static bool Contains(string text, string part) => text.Contains(part, StringComparison.Ordinal);

    /// <summary>Takes white space off both ends, and makes one space of each run of it within.</summary>
    public static string Trim(string text)
    {
        var trimmed = text.AsSpan().Trim(" \t\n\r");
        var result = new StringBuilder(trimmed.Length);
        while (trimmed.IndexOfAny(Blanks) is var blank && blank >= 0)
        {
            result.Append(trimmed[..blank]).Append(' ');
            trimmed = trimmed[blank..].TrimStart(" \t\n\r");
        }

        return result.Append(trimmed).ToString();
    }

    /// <summary>Fills up to a width: to the right, or to the left if it is negative.</summary>
    /// <param name="text">What is filled up.</param>
    /// <param name="width">In characters; fractions are cut.</param>
    /// <param name="padding">Repeated and cut as needed; an empty one is a space.</param>
    public static string Pad(string text, double width, string padding = " ")
    {
        var missing = Math.Abs(Math.Truncate(width)) - Length(text);
        if (missing <= 0)
        {
            return text;
        }

        if (missing > int.MaxValue / 4)
        {
            throw new JsonataFault("D1001", width);
        }

        var filling = Repeat(padding.Length == 0 ? " " : padding, (int)missing);
        return width > 0 ? text + filling : filling + text;
    }

    public static string Uppercase(string text) => CaseMapping.ToUpper(text);

    public static string Lowercase(string text) => CaseMapping.ToLower(text);

    /// <param name="text">What is cut into pieces.</param>
    /// <param name="separator">Taken literally; an empty one separates all UTF-16 units.</param>
    /// <param name="limit">How many pieces at most; the rest is dropped. Fractions are cut.</param>
    /// <exception cref="JsonataFault">D3020: the limit is negative.</exception>
    public static string[] Split(string text, string separator, double? limit = null)
    {
        var max = CheckLimit(limit, "D3020");
        var pieces = separator.Length > 0
            ? text.Split(separator, StringSplitOptions.None)
            : [.. text.Select(unit => unit.ToString())];
        return pieces.Length > max ? pieces[..max] : pieces;
    }

    /// <inheritdoc cref="Split(string, string, double?)"/>
    public static List<string> Split(string text, JsonataRegex separator, double? limit = null)
    {
        var max = CheckLimit(limit is { } l ? Math.Ceiling(l) : null, "D3020");
        var pieces = new List<string>();
        var start = 0;
        for (var match = max > 0 ? separator.Match(text) : null; match is not null && pieces.Count < max;
            match = separator.Next(text, match))
        {
            pieces.Add(text[start..match.Start]);
            start = match.End;
        }

        if (pieces.Count < max)
        {
            pieces.Add(text[start..]);
        }

        return pieces;
    }

    public static string Join(IEnumerable<string> texts, string separator = "") => string.Join(separator, texts);

    /// <param name="text">Where it is replaced.</param>
    /// <param name="pattern">Taken literally.</param>
    /// <param name="replacement">Taken literally, dollar signs too.</param>
    /// <param name="limit">How many occurrences at most. Fractions are rounded up.</param>
    /// <exception cref="JsonataFault">D3010: the pattern is empty. D3011: the limit is negative.</exception>
    public static string Replace(string text, string pattern, string replacement, double? limit = null)
    {
        if (pattern.Length == 0)
        {
            throw new JsonataFault("D3010", pattern);
        }

        if (limit is null)
        {
            return text.Replace(pattern, replacement, StringComparison.Ordinal);
        }

        var result = new StringBuilder();
        var position = 0;
        var left = CheckReplaceLimit(limit);
        while (left-- > 0 && text.IndexOf(pattern, position, StringComparison.Ordinal) is var found && found >= 0)
        {
            result.Append(text.AsSpan(position, found - position)).Append(replacement);
            position = found + pattern.Length;
        }

        return result.Append(text.AsSpan(position)).ToString();
    }

    /// <summary>How often something may be replaced.</summary>
    /// <exception cref="JsonataFault">D3011: the limit is negative.</exception>
    public static int CheckReplaceLimit(double? limit) => CheckLimit(limit is { } l ? Math.Ceiling(l) : null, "D3011");

    /// <summary>How many matches <c>$match</c> may give.</summary>
    /// <exception cref="JsonataFault">D3040: the limit is negative.</exception>
    public static int CheckMatchLimit(double? limit) => CheckLimit(limit is { } l ? Math.Ceiling(l) : null, "D3040");

    private static int CheckLimit(double? limit, string code) => limit switch
    {
        null => int.MaxValue,
        < 0 => throw new JsonataFault(code, limit.Value),
        _ => (int)Math.Min(int.MaxValue, limit.Value),
    };

    private static string Repeat(string filling, int count)
    {
        if (filling.Length == 1)
        {
            return new string(filling[0], count);
        }

        var result = new StringBuilder();
        var runes = Length(filling);
        for (var left = count; left > 0; left -= runes)
        {
            result.Append(left >= runes ? filling : Substring(filling, 0, left));
        }

        return result.ToString();
    }

    /// <summary>A position of JavaScript's <c>slice</c>: cut to a whole number, from the end if negative.</summary>
    private static int Clamp(double position, int count)
    {
        var whole = Math.Truncate(position);
        return (int)Math.Clamp(whole < 0 ? count + whole : whole, 0, count);
    }

    private static int UnitIndex(string text, int characters)
    {
        var index = 0;
        for (; characters > 0; characters--)
        {
            index += index + 1 < text.Length && char.IsSurrogatePair(text[index], text[index + 1]) ? 2 : 1;
        }

        return index;
    }
}

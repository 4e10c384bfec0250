using System.Globalization;
using System.Text;

namespace Lungfish.Jsonata.Library;

/// <summary>The dollar signs in what <c>$replace</c> puts in place of a match.</summary>
internal static class Replacements
{
    public static string Expand(string replacement, string text, RegexMatch match)
    {
        var dollar = replacement.IndexOf('$', StringComparison.Ordinal);
        if (dollar < 0)
        {
            return replacement;
        }

        var result = new StringBuilder();
        var position = 0;
        for (; dollar >= 0; dollar = replacement.IndexOf('$', position))
        {
            result.Append(replacement.AsSpan(position, dollar - position));
            position = dollar + 1 + AppendReference(result, replacement.AsSpan(dollar + 1), text, match);
        }

        return result.Append(replacement.AsSpan(position)).ToString();
    }

    /// <returns>How many signs behind the dollar belong to the reference.</returns>
    private static int AppendReference(StringBuilder result, ReadOnlySpan<char> rest, string text, RegexMatch match)
    {
        switch (rest)
        {
            case ['$', ..]:
                result.Append('$');
                return 1;
            case ['0', ..]:
                result.Append(text, match.Start, match.Length);
                return 1;
            default:
                return AppendGroup(result, rest, match);
        }
    }

    /// <summary>$12 is group 12 if there are so many, else group 1 and a 2. A missing group is empty.</summary>
    private static int AppendGroup(StringBuilder result, ReadOnlySpan<char> rest, RegexMatch match)
    {
        var digits = match.Groups.Length.ToString(CultureInfo.InvariantCulture).Length;
        var count = 0;
        while (count < Math.Min(digits, rest.Length) && char.IsAsciiDigit(rest[count]))
        {
            count++;
        }

        if (count == 0)
        {
            result.Append('$');
            return 0;
        }

        var group = int.Parse(rest[..count], NumberStyles.None, CultureInfo.InvariantCulture);
        if (count > 1 && group > match.Groups.Length)
        {
            count--;
            group = int.Parse(rest[..count], NumberStyles.None, CultureInfo.InvariantCulture);
        }

        result.Append(group >= 1 && group <= match.Groups.Length ? match.Groups[group - 1] : null);
        return count;
    }
}

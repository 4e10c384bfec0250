using System.Text;

namespace Lungfish.States.Deciding;

/// <summary>The patterns of StringMatches: <c>*</c> matches any run of characters; <c>\*</c> and <c>\\</c> are literal
/// (documented).</summary>
/// <remarks>Between two stars stands a literal. The first place where it fits is as good as any later one, and is found
/// without going back in the text (Knuth, Morris and Pratt): no pattern takes longer than text and pattern are long.
/// </remarks>
internal static class WildcardPattern
{
    public static bool IsMatch(string text, string pattern)
    {
        var literals = Split(pattern);
        if (literals is [var only])
        {
            return text == only;
        }

        var (first, last) = (literals[0], literals[^1]);
        if (text.Length < first.Length + last.Length
            || !text.StartsWith(first, StringComparison.Ordinal) || !text.EndsWith(last, StringComparison.Ordinal))
        {
            return false;
        }

        var rest = text.AsSpan(first.Length, text.Length - first.Length - last.Length);
        foreach (var literal in literals[1..^1])
        {
            var end = FindEnd(rest, literal);
            if (end < 0)
            {
                return false;
            }

            rest = rest[end..];
        }

        return true;
    }

    /// <summary>What stands before, between and behind the stars.</summary>
    private static List<string> Split(string pattern)
    {
        var literals = new List<string>();
        var literal = new StringBuilder();
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == '*')
            {
                literals.Add(literal.ToString());
                literal.Clear();
            }
            else
            {
                var isEscape = pattern[i] == '\\' && i + 1 < pattern.Length && pattern[i + 1] is '*' or '\\';
                literal.Append(isEscape ? pattern[++i] : pattern[i]);
            }
        }

        literals.Add(literal.ToString());
        return literals;
    }

    /// <returns>Behind the first place where the literal stands; -1: nowhere.</returns>
    private static int FindEnd(ReadOnlySpan<char> text, string literal)
    {
        if (literal.Length == 0)
        {
            return 0;
        }

        var borders = BordersOf(literal);
        var matched = 0;
        for (var i = 0; i < text.Length; i++)
        {
            while (matched > 0 && text[i] != literal[matched])
            {
                matched = borders[matched - 1];
            }

            matched += text[i] == literal[matched] ? 1 : 0;
            if (matched == literal.Length)
            {
                return i + 1;
            }
        }

        return -1;
    }

    /// <summary>For each beginning of the literal: how long a beginning it also ends with.</summary>
    private static int[] BordersOf(string literal)
    {
        var borders = new int[literal.Length];
        for (var (i, length) = (1, 0); i < literal.Length; i++)
        {
            while (length > 0 && literal[i] != literal[length])
            {
                length = borders[length - 1];
            }

            length += literal[i] == literal[length] ? 1 : 0;
            borders[i] = length;
        }

        return borders;
    }
}

using System.Text;
using System.Text.RegularExpressions;

namespace Lungfish.Conformance.Matching;

/// <summary>Matches a text against a recorded one with placeholders (rules 1 to 4 of the recordings' README).</summary>
internal static partial class TextMatcher
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(5);

    /// <summary><c>&lt;any:NAME&gt;</c> alone: any value of any type.</summary>
    public static bool IsAnything(string expected) =>
        Placeholder().Match(expected) is { Success: true, Index: 0 } match
        && match.Length == expected.Length
        && match.Groups["any"].Success;

    public static bool Matches(string expected, string actual, Bindings bindings)
    {
        if (string.Equals(expected, actual, StringComparison.Ordinal))
        {
            return true;
        }

        var withoutTimes = Iso8601Time().Replace(actual, "date");
        if (!Placeholder().IsMatch(expected))
        {
            return string.Equals(expected, withoutTimes, StringComparison.Ordinal);
        }

        var (pattern, free) = PatternOf(expected, bindings);
        return TryBind(pattern, free, actual, bindings) || TryBind(pattern, free, withoutTimes, bindings);
    }

    private static (string Pattern, List<string> Free) PatternOf(string expected, Bindings bindings)
    {
        var pattern = new StringBuilder("^");
        var free = new List<string>();
        var position = 0;
        foreach (Match placeholder in Placeholder().Matches(expected))
        {
            pattern.Append(Regex.Escape(expected[position..placeholder.Index]));
            pattern.Append(PatternOf(placeholder, free, bindings));
            position = placeholder.Index + placeholder.Length;
        }

        pattern.Append(Regex.Escape(expected[position..])).Append("\\z");
        return (pattern.ToString(), free);
    }

    private static string PatternOf(Match placeholder, List<string> free, Bindings bindings)
    {
        var name = placeholder.Groups["name"].Value;
        if (placeholder.Groups["any"].Success)
        {
            return ".*?";
        }

        switch (name)
        {
            case "account":
                return "[0-9]{12}";
            case "partition":
                return "aws[a-z-]*";
        }

        if (bindings.Find(name) is { } bound)
        {
            return Regex.Escape(bound);
        }

        if (free.IndexOf(name) is >= 0 and var seen)
        {
            return $"\\k<p{seen}>";
        }

        free.Add(name);
        return $"(?<p{free.Count - 1}>.+?)";
    }

    private static bool TryBind(string pattern, List<string> free, string actual, Bindings bindings)
    {
        var match = Regex.Match(
            actual,
            pattern,
            RegexOptions.Singleline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
            s_timeout);
        if (!match.Success)
        {
            return false;
        }

        foreach (var (index, name) in free.Index())
        {
            bindings.Bind(name, match.Groups[$"p{index}"].Value);
        }

        return true;
    }

    [GeneratedRegex(@"<(?<any>any:)?(?<name>[A-Za-z][\w.-]*(:[0-9]+)?)>", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Placeholder();

    [GeneratedRegex(
        @"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}(:?[0-9]{2})?)",
        RegexOptions.ExplicitCapture,
        5000)]
    private static partial Regex Iso8601Time();
}

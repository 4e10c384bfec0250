using System.Collections.Immutable;
using Lungfish.Jsonata.Evaluation;
using Lungfish.Jsonata.Library;
using Lungfish.Jsonata.Values;

namespace Lungfish.Jsonata.Functions;

/// <summary>Matches of a regular expression, or of a function that behaves like one.</summary>
internal static class Matching
{
    /// <summary>So many matches at most. The one after the last is looked for as well: if it is empty, that is an
    /// error, as in the reference implementation.</summary>
    public static IEnumerable<RegexMatch> In(string text, Function matcher, int most, Run run) => most == 0
        ? []
        : matcher is RegexFunction regex
            ? OfRegex(text, regex.Regex, most, run)
            : OfFunction(text, matcher, most, run);

    public static bool IsIn(string text, Function matcher, Run run)
    {
        if (matcher is not RegexFunction regex)
        {
            return !Check(Applying.Apply(matcher, [Value.Of(text)], run), run).IsUndefined;
        }

        run.SpendOnEach(text.Length);
        return regex.Regex.IsMatch(text, run.Backtracking);
    }

    /// <summary>What is paid for a match that others follow. An automaton may look far past the end of a match before
    /// it is sure of it, and mostly does not.</summary>
    public static int CharactersFor(string text, RegexMatch match)
    {
        const int LooksFarOnceIn = 128;
        return match.Length + (Math.Max(0, text.Length - match.End) / LooksFarOnceIn);
    }

    private static IEnumerable<RegexMatch> OfRegex(string text, JsonataRegex regex, int most, Run run)
    {
        run.SpendOnEach(text.Length);
        for (var match = regex.Match(text, 0, run.Backtracking); match is not null && most > 0;
            match = regex.Next(text, match, run.Backtracking))
        {
            run.SpendOnEach(CharactersFor(text, match));
            most--;
            yield return match;
        }
    }

    private static IEnumerable<RegexMatch> OfFunction(string text, Function matcher, int most, Run run)
    {
        var found = Check(Applying.Apply(matcher, [Value.Of(text)], run), run);
        while (!found.IsUndefined && most > 0)
        {
            run.Spend(1);
            most--;
            yield return Read(found, text);
            found = found.Member("next").Object is Function next
                ? Check(Applying.Apply(next, [], run), run)
                : throw Errors.Of("T1010");
        }
    }

    /// <summary>A matcher gives nothing, or an object that says where the match is.</summary>
    private static Value Check(Value found, Run run)
    {
        var isMatch = found.Member("start").IsNumber || found.Member("end").IsNumber ||
            found.Member("groups").IsArray || found.Member("next").IsFunction;
        return isMatch ? found : Truth.OfAnything(found, run) ? throw Errors.Of("T1010") : default;
    }

    private static RegexMatch Read(Value found, string text)
    {
        var match = found.Member("match").TryGetText(out var matched) ? matched : "";
        var start = found.Member("start").TryGetNumber(out var number) ? (int)Math.Clamp(number, 0, text.Length) : 0;
        var groups = found.Member("groups").Items;
        var caught = ImmutableArray.CreateBuilder<string?>(groups.Count);
        for (var i = 0; i < groups.Count; i++)
        {
            caught.Add(groups[i].TryGetText(out var group) ? group : null);
        }

        return new RegexMatch(
            text, start, Math.Min(match.Length, text.Length - start), caught.MoveToImmutable(), match);
    }
}

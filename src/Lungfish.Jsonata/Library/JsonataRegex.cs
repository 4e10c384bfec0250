using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;

namespace Lungfish.Jsonata.Library;

/// <summary>A place where a regular expression, or a function in its place, matches.</summary>
/// <param name="source">Where it was looked for.</param>
/// <param name="start">In UTF-16 units.</param>
/// <param name="length">In UTF-16 units; 0 is possible.</param>
/// <param name="groups">What the groups caught, the first one first; null where a group had no part in it.</param>
/// <param name="text">What a function says it matched; null is what stands there.</param>
internal sealed class RegexMatch(
    string source, int start, int length, ImmutableArray<string?> groups, string? text = null)
{
    public int Start => start;

    public int Length => length;

    public int End => start + length;

    public string Text => text ?? source.Substring(start, length);

    public ImmutableArray<string?> Groups => groups;

    /// <summary>The text is one for which .NET's own anchors are exact.</summary>
    public bool InPlainText { get; init; }
}

/// <summary>A regular expression of JavaScript's kind, as JSONata has them between slashes.</summary>
/// <remarks>
/// It runs on an automaton whose time is linear in the text. Look-around and back references need backtracking; then
/// a time limit stops what would run away, in one match or in all of an evaluation.
/// A group inside a repetition keeps what it caught last; JavaScript forgets it when a later turn does not catch.
/// </remarks>
internal sealed class JsonataRegex
{
    private readonly Regex _plain;
    private readonly Lazy<Regex>? _exact;
    private readonly bool _hasGroups;

    private JsonataRegex(string pattern, Regex plain, Lazy<Regex>? exact) =>
        (Pattern, _plain, _exact, _hasGroups) = (pattern, plain, exact, plain.GetGroupNumbers().Length > 1);

    /// <summary>As it was written, without slashes and flags.</summary>
    public string Pattern { get; }

    /// <param name="pattern">What stands between the slashes.</param>
    /// <param name="flags">i: upper and lower case are one; m: ^ and $ stand for the ends of lines.</param>
    /// <param name="stepFunctions">True: white space is that of ASCII, as measured there.</param>
    /// <exception cref="JsonataFault">S0301: empty. S0303: not a regular expression.</exception>
    public static JsonataRegex Compile(string pattern, string flags = "", bool stepFunctions = false)
    {
        if (pattern.Length == 0)
        {
            throw new JsonataFault("S0301");
        }

        RegexTranslation Translate(bool plainText) => RegexTranslator.Translate(
            pattern, flags.Contains('m', StringComparison.Ordinal), stepFunctions, plainText);
        var options = flags.Contains('i', StringComparison.Ordinal)
            ? RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
            : RegexOptions.CultureInvariant;
        var plain = Translate(plainText: true);
        var exact = plain.IsExact ? null : new Lazy<Regex>(() => Make(Translate(plainText: false), options));
        return new JsonataRegex(pattern, Make(plain, options), exact);
    }

    /// <param name="text">Where to look for it.</param>
    /// <param name="startIndex">Where to begin.</param>
    /// <param name="time">What the matches of this evaluation have taken; null: this one stands alone.</param>
    /// <returns>The first match from there on, or null.</returns>
    /// <exception cref="JsonataFault">U1001: it takes too long.</exception>
    public RegexMatch? Match(string text, int startIndex = 0, BacktrackingTime? time = null) =>
        Match(text, startIndex, IsPlain(text), time);

    /// <returns>True if it matches anywhere.</returns>
    /// <exception cref="JsonataFault">U1001: it takes too long.</exception>
    public bool IsMatch(string text, BacktrackingTime? time = null)
    {
        try
        {
            var regex = Choose(IsPlain(text));
            return time is null || IsLinear(regex) ? regex.IsMatch(text) : time.Measure(() => regex.IsMatch(text));
        }
        catch (RegexMatchTimeoutException)
        {
            throw BacktrackingTime.TooLong();
        }
    }

    /// <returns>The match after that one, or null.</returns>
    /// <exception cref="JsonataFault">D1004: the next match is empty, and so would be all that follow. U1001: it takes
    /// too long.</exception>
    public RegexMatch? Next(string text, RegexMatch previous, BacktrackingTime? time = null)
    {
        if (previous.End >= text.Length)
        {
            return null;
        }

        var next = Match(text, previous.End, previous.InPlainText, time);
        return next is { Length: 0 } ? throw new JsonataFault("D1004", Pattern) : next;
    }

    /// <summary>.NET's word boundaries and line ends differ from JavaScript's only in other texts than these.</summary>
    private bool IsPlain(string text) =>
        _exact is null || (Ascii.IsValid(text) && !text.Contains('\r', StringComparison.Ordinal));

    private Regex Choose(bool isPlain) => isPlain || _exact is null ? _plain : _exact.Value;

    private RegexMatch? Match(string text, int startIndex, bool isPlain, BacktrackingTime? time)
    {
        var regex = Choose(isPlain);
        try
        {
            return time is null || IsLinear(regex)
                ? Match(regex, text, startIndex, isPlain)
                : time.Measure(() => Match(regex, text, startIndex, isPlain));
        }
        catch (RegexMatchTimeoutException)
        {
            throw BacktrackingTime.TooLong();
        }
    }

    private RegexMatch? Match(Regex regex, string text, int startIndex, bool isPlain) => _hasGroups
        ? MatchGroups(regex, text, startIndex, isPlain)
        : MatchOnly(regex, text, startIndex, isPlain);

    private static bool IsLinear(Regex regex) => regex.Options.HasFlag(RegexOptions.NonBacktracking);

    private static RegexMatch? MatchOnly(Regex regex, string text, int startIndex, bool isPlain)
    {
        foreach (var match in regex.EnumerateMatches(text, startIndex))
        {
            return new RegexMatch(text, match.Index, match.Length, []) { InPlainText = isPlain };
        }

        return null;
    }

    private static RegexMatch? MatchGroups(Regex regex, string text, int startIndex, bool isPlain)
    {
        var match = regex.Match(text, startIndex);
        return match.Success
            ? new RegexMatch(text, match.Index, match.Length, Groups(match)) { InPlainText = isPlain }
            : null;
    }

    private static Regex Make(RegexTranslation translation, RegexOptions options)
    {
        try
        {
            return translation.NeedsBacktracking
                ? new Regex(translation.Pattern, options, BacktrackingTime.Max)
                : new Regex(translation.Pattern, options | RegexOptions.NonBacktracking, BacktrackingTime.Max);
        }
        catch (NotSupportedException)
        {
            throw RegexTranslator.Fault("Regular expression too large"); // Its automaton would not fit into memory.
        }
        catch (ArgumentException e)
        {
            throw RegexTranslator.Fault(e.Message);
        }
    }

    private static ImmutableArray<string?> Groups(Match match)
    {
        var groups = ImmutableArray.CreateBuilder<string?>(match.Groups.Count - 1);
        for (var i = 1; i < match.Groups.Count; i++)
        {
            groups.Add(match.Groups[i] is { Success: true } group ? group.Value : null);
        }

        return groups.MoveToImmutable();
    }
}

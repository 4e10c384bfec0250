using Lungfish.Jsonata.Evaluation;
using Lungfish.Jsonata.Library;
using Lungfish.Jsonata.Values;

namespace Lungfish.Jsonata.Functions;

/// <summary>The functions that take a text or a regular expression as a pattern.</summary>
internal static class PatternFunctions
{
    public static IEnumerable<NativeFunction> All =>
    [
        Define.Function("contains", "<s-(sf):b>", 2, static (run, arguments, _) => Contains(run, arguments)),
        Define.Function("match", "<s-f<s:o>n?:a<o>>", 3, static (run, arguments, _) => Match(run, arguments)),
        Define.Function("split", "<s-(sf)n?:a<s>>", 3, static (run, arguments, _) => Split(run, arguments)),
        Define.Function("replace", "<s-(sf)(sf)n?:s>", 4, static (run, arguments, _) => Replace(run, arguments)),
    ];

    private static Value Contains(Run run, Value[] arguments)
    {
        if (arguments.TextAt(0) is not { } text)
        {
            return default;
        }

        return arguments.TextAt(1) is { } part
            ? Value.Of(StringFunctions.Contains(text, part))
            : arguments.FunctionAt(1) is { } matcher ? Value.Of(Matching.IsIn(text, matcher, run)) : default;
    }

    private static Value Match(Run run, Value[] arguments)
    {
        if (arguments.TextAt(0) is not { } text || arguments.FunctionAt(1) is not { } matcher)
        {
            return default;
        }

        var most = StringFunctions.CheckMatchLimit(arguments.NumberAt(2));
        var result = new Sequence(run);
        foreach (var match in Matching.In(text, matcher, most, run))
        {
            var builder = new ObjectBuilder(3, run);
            builder.Add("match", run.Text(match.Text));
            builder.Add("index", Value.Of(match.Start));
            builder.Add("groups", RegexFunction.GroupsOf(match));
            result.Add(builder.Build());
        }

        return Value.Of(result);
    }

    private static Value Split(Run run, Value[] arguments)
    {
        if (arguments.TextAt(0) is not { } text)
        {
            return default;
        }

        var limit = arguments.NumberAt(2);
        run.Charge(2L * text.Length);
        IEnumerable<string> pieces = arguments.FunctionAt(1) switch
        {
            null => arguments.TextAt(1) is { } separator ? StringFunctions.Split(text, separator, limit) : [text],
            var matcher => SplitBy(text, matcher, SplitLimit(limit), run),
        };
        var result = new Sequence(run, isSequence: false);
        foreach (var piece in pieces)
        {
            result.Add(Value.Of(piece));
        }

        run.Charge(result.Count * (long)Run.StringBytes);
        return Value.Of(result);
    }

    private static int SplitLimit(double? limit) => limit switch
    {
        null => int.MaxValue,
        < 0 => throw Errors.Of("D3020"),
        _ => (int)Math.Min(int.MaxValue, Math.Ceiling(limit.Value)),
    };

    private static IEnumerable<string> SplitBy(string text, Function matcher, int most, Run run)
    {
        var start = 0;
        var count = 0;
        foreach (var match in Matching.In(text, matcher, most, run))
        {
            count++;
            yield return text[Math.Min(start, match.Start)..match.Start];
            start = match.End;
        }

        if (count < most)
        {
            yield return text[start..];
        }
    }

    private static Value Replace(Run run, Value[] arguments)
    {
        if (arguments.TextAt(0) is not { } text)
        {
            return default;
        }

        var limit = arguments.NumberAt(3);
        if (arguments.TextAt(1) is { } pattern)
        {
            return ReplaceText(run, text, pattern, arguments.At(2), limit);
        }

        return arguments.FunctionAt(1) is { } matcher
            ? ReplaceMatches(run, text, matcher, arguments.At(2), StringFunctions.CheckReplaceLimit(limit))
            : arguments[0];
    }

    private static Value ReplaceText(Run run, string text, string pattern, Value replacement, double? limit)
    {
        var isText = replacement.TryGetText(out var substitute);
        substitute ??= "";
        run.Charge(2L * text.Length);
        if (pattern.Length > 0 && substitute.Length > pattern.Length)
        {
            run.Charge(2L * (text.Length / pattern.Length) * (substitute.Length - pattern.Length));
        }

        var result = StringFunctions.Replace(text, pattern, substitute, limit);

        // A function makes a substitute of a match, and a literal text is none.
        return isText || string.Equals(result, text, StringComparison.Ordinal)
            ? Value.Of(result)
            : throw Errors.Of("D3012", replacement);
    }

    private static Value ReplaceMatches(Run run, string text, Function matcher, Value replacement, int most)
    {
        var result = new System.Text.StringBuilder(text.Length);
        var position = 0;
        run.Charge(2L * text.Length);
        foreach (var match in Matching.In(text, matcher, most, run))
        {
            var substitute = replacement.TryGetText(out var template)
                ? Replacements.Expand(template, text, match)
                : Call(run, replacement, text, matcher, match);
            run.Charge(2L * substitute.Length);
            result.Append(text.AsSpan(position, Math.Max(0, match.Start - position))).Append(substitute);
            position = match.End;
        }

        return Value.Of(result.Append(text.AsSpan(position)).ToString());
    }

    private static string Call(Run run, Value replacement, string text, Function matcher, RegexMatch match)
    {
        if (replacement.Object is not Function function)
        {
            throw Errors.Of("D3012", replacement);
        }

        var regex = (matcher as RegexFunction)?.Regex;
        var value = Applying.Apply(function, [RegexFunction.Describe(text, regex, match)], run);
        return value.TryGetText(out var substitute) ? substitute : throw Errors.Of("D3012", value);
    }
}

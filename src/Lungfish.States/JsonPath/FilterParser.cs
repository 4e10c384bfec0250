using System.Text;
using System.Text.RegularExpressions;
using Lungfish.Json;

namespace Lungfish.States.JsonPath;

/// <summary>Reads the condition of a filter: <c>||</c> binds loosest, then <c>&amp;&amp;</c>, then <c>!</c>.</summary>
internal sealed class FilterParser(PathParser source)
{
    private const int DepthMax = 64;

    // The longer of two that begin alike stands first.
    private static readonly string[] Symbols = ["===", "!==", "==", "!=", "<=", ">=", "=~", "<", ">"];

    private static readonly string[] Words =
        ["in", "nin", "contains", "all", "subsetof", "anyof", "noneof", "size", "empty"];

    private int _depth;

    public FilterCondition ReadCondition()
    {
        if (++_depth > DepthMax)
        {
            throw source.Error($"more than {DepthMax} conditions inside each other");
        }

        List<FilterCondition> any = [ReadAll()];
        while (TakeAfterSpace("||"))
        {
            any.Add(ReadAll());
        }

        _depth--;
        return any.Count == 1 ? any[0] : new AnyOfFilter([.. any]);
    }

    private FilterCondition ReadAll()
    {
        List<FilterCondition> all = [ReadOne()];
        while (TakeAfterSpace("&&"))
        {
            all.Add(ReadOne());
        }

        return all.Count == 1 ? all[0] : new AllOfFilter([.. all]);
    }

    private FilterCondition ReadOne()
    {
        var negations = 0;
        while (TakeAfterSpace("!"))
        {
            negations++;
        }

        FilterCondition condition;
        if (TakeAfterSpace("("))
        {
            condition = ReadCondition();
            source.SkipSpace();
            source.Expect(')');
        }
        else
        {
            condition = ReadComparison();
        }

        return negations % 2 == 0 ? condition : new NotFilter(condition);
    }

    private FilterCondition ReadComparison()
    {
        var left = ReadOperand();
        if (ReadOperator() is not { } op)
        {
            return left is PathOperand ? new ExistsFilter(left) : throw source.Error("an operator is missing");
        }

        source.SkipSpace();
        return op == "=~" ? ReadMatch(left) : new ComparisonFilter(left, op, ReadOperand());
    }

    private string? ReadOperator()
    {
        source.SkipSpace();
        if (Array.Find(Symbols, source.TryTake) is { } symbol)
        {
            return symbol;
        }

        if (!char.IsAsciiLetter(source.Current))
        {
            return null;
        }

        var word = ReadWord();
        return Array.Find(Words, known => known.Equals(word, StringComparison.OrdinalIgnoreCase))
            ?? throw source.Error($"'{word}' is no operator");
    }

    private string ReadWord()
    {
        var start = source.Position;
        while (char.IsAsciiLetter(source.Current))
        {
            _ = source.TryTake(source.Current);
        }

        return source.Slice(start);
    }

    private FilterOperand ReadOperand()
    {
        source.SkipSpace();
        switch (source.Current)
        {
            case '@' or '$':
                return ReadPath();
            case '\'' or '"':
                return new LiteralOperand(source.ReadQuoted());
            case '[' or '{':
                return new LiteralOperand(ReadJson());
            case '-' or (>= '0' and <= '9'):
                return new LiteralOperand(ReadNumber());
            default:
                var start = source.Position;
                return new LiteralOperand(ReadWord() switch
                {
                    "true" => JsonValue.True,
                    "false" => JsonValue.False,
                    "null" => JsonValue.Null,
                    _ => throw source.Error($"'{source.Slice(start)}' is no value"),
                });
        }
    }

    private PathOperand ReadPath()
    {
        var start = source.Position;
        var fromRoot = source.Current == '$';
        _ = source.TryTake(source.Current);
        var path = new PathExpression(source.Slice(start), readsContext: false, null, source.ReadSteps());

        // As Jayway has it; so a filter never searches for each element that it tests.
        return path.IsDefinite
            ? new PathOperand(path, fromRoot)
            : throw source.Error("a path in a filter must lead to one node, without '*', '..', ':' or '?',");
    }

    private JsonValue ReadNumber()
    {
        var start = source.Position;
        while (char.IsAsciiDigit(source.Current) || source.Current is '-' or '+' or '.' or 'e' or 'E')
        {
            _ = source.TryTake(source.Current);
        }

        return ParseJson(source.Slice(start));
    }

    /// <summary>A list or an object written as JSON; Jayway also takes single quotes.</summary>
    private JsonValue ReadJson()
    {
        var json = new StringBuilder();
        var depth = 0;
        do
        {
            if (source.AtEnd)
            {
                throw source.Error("a bracket is not closed");
            }

            if (source.Current is '\'' or '"')
            {
                json.Append(new JsonString(source.ReadQuoted()).ToText());
                continue;
            }

            depth += source.Current switch { '[' or '{' => 1, ']' or '}' => -1, _ => 0 };
            json.Append(source.Current);
            _ = source.TryTake(source.Current);
        }
        while (depth > 0);

        return ParseJson(json.ToString());
    }

    private JsonValue ParseJson(string text)
    {
        try
        {
            return JsonValue.Parse(text);
        }
        catch (JsonParseException)
        {
            throw source.Error($"'{text}' is no JSON value");
        }
    }

    private MatchFilter ReadMatch(FilterOperand left)
    {
        var start = source.Position;
        var pattern = ReadPattern();
        return new MatchFilter(left, pattern, source.Slice(start));
    }

    private Regex ReadPattern()
    {
        source.Expect('/');
        var pattern = new StringBuilder();
        while (!source.TryTake('/'))
        {
            if (source.AtEnd)
            {
                throw source.Error("the pattern is not closed by '/'");
            }

            if (source.TryTake("\\/"))
            {
                pattern.Append('/');
                continue;
            }

            pattern.Append(source.Current);
            _ = source.TryTake(source.Current);
        }

        // Linear in the text whatever the pattern: definitions come from outside.
        var options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;
        foreach (var flag in ReadWord())
        {
            options |= flag switch
            {
                'i' => RegexOptions.IgnoreCase,
                'm' => RegexOptions.Multiline,
                's' => RegexOptions.Singleline,
                'x' => RegexOptions.IgnorePatternWhitespace,
                'u' or 'd' or 'U' => RegexOptions.None, // Java's Unicode flags: always on here.
                _ => throw source.Error($"'{flag}' is no flag of a pattern"),
            };
        }

        try
        {
            return new Regex($@"\A(?:{pattern})\z", options, Regex.InfiniteMatchTimeout);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw source.Error($"the pattern '{pattern}' is not supported ({e.Message.TrimEnd('.')})");
        }
    }

    private bool TakeAfterSpace(string word)
    {
        source.SkipSpace();
        return source.TryTake(word);
    }
}

using Lungfish.Json;
using Lungfish.States.Intrinsics;
using Lungfish.States.JsonPath;

namespace Lungfish.States.Tests.Intrinsics;

public sealed class IntrinsicParserTests
{
    [Theory]
    [InlineData("States.Nope()", "there is no function 'States.Nope'", 12)]
    [InlineData("States.format('x')", "there is no function 'States.format'", 14)]
    [InlineData("States.UUID", "'(' is missing", 12)]
    [InlineData("States.UUID(", "a text in single quotes", 13)]
    [InlineData("States.UUID()x", "'x' is not expected", 14)]
    [InlineData("States.UUID()[0]", "'[' is not expected", 14)]
    [InlineData("States.UUID(1)", "States.UUID takes no arguments, not 1,", 15)]
    [InlineData("States.Format()", "States.Format takes at least 1 argument, not 0,", 16)]
    [InlineData("States.MathRandom(1)", "States.MathRandom takes 2 or 3 arguments, not 1,", 21)]
    [InlineData("States.JsonMerge(1, 2)", "States.JsonMerge takes 3 arguments, not 2,", 23)]
    [InlineData("States.Array(1,)", "a text in single quotes", 16)]
    [InlineData("States.Array(1 2)", "')' is missing", 16)]
    [InlineData("States.Array('x)", "' is missing", 17)]
    [InlineData("States.Array(\"x\")", "a text in single quotes", 14)]
    [InlineData("States.Array('a\\\"b')", "a backslash may only stand before", 17)] // Recorded: refused.
    [InlineData("States.Array('a\\n')", "a backslash may only stand before", 17)]
    [InlineData("States.Array(01)", "'01' is no number", 16)]
    [InlineData("States.Array(x)", "a text in single quotes", 15)]
    [InlineData("States.Array($.)", "a name is missing", 16)]
    [InlineData("States.Array($_x)", "')' is missing", 15)]
    public void Parse_NoCall_SaysWhatAndWhere(string text, string problem, int character)
    {
        var e = Assert.Throws<FormatException>(() => IntrinsicCall.Parse(text));

        Assert.StartsWith(
            $"'{text}' is not a valid intrinsic function call: {problem}", e.Message, StringComparison.Ordinal);
        Assert.EndsWith($" at character {character}.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_TenCallsInsideEachOther_IsTheMost()
    {
        _ = IntrinsicCall.Parse(Nested(10));

        var e = Assert.Throws<FormatException>(() => IntrinsicCall.Parse(Nested(11)));
        Assert.Contains("more than 10 calls inside each other", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_CallsBesideEachOther_DoNotCountAsDepth() =>
        _ = IntrinsicCall.Parse($"States.Array({string.Join(',', Enumerable.Repeat("States.UUID()", 100))})");

    [Theory]
    [InlineData("States.Array($.a, $.b)")]
    [InlineData("States.Array($.a.length(), 1)")]
    [InlineData("States.Array($['a,b)'] , $[?(@.x == ')')])")]
    [InlineData("States.Array($x.y[0])")]
    [InlineData("States.Array($) ")]
    public void Parse_PathsAsArguments_EndAtCommaOrParenthesis(string text) => _ = IntrinsicCall.Parse(text);

    [Theory]
    [InlineData("$.a", true)]
    [InlineData("States.UUID()", false)]
    public void ParseValue_PathOrCall_TellsWhich(string text, bool isPath)
    {
        var value = ValueExpression.Parse(text);

        Assert.Equal((isPath, !isPath), (value.Path is not null, value.Call is not null));
        Assert.Equal(text, value.ToString());
    }

    [Fact]
    public void Evaluate_TemplateWithCalls_FillsThemIn()
    {
        var template = PayloadTemplate.Parse((JsonObject)JsonValue.Parse(
            """{"k":{"f.$":"States.Format('{}-{}', $.a, $v)"},"t":["States.UUID()"]}"""));
        var roots = new PathRoots(
            JsonValue.Parse("""{"a":1}"""),
            _ => JsonValue.Null,
            System.Collections.Immutable.ImmutableDictionary<string, JsonValue>.Empty.Add("v", 2));

        Assert.Equal("""{"k":{"f":"1-2"},"t":["States.UUID()"]}""", template.Evaluate(roots).Value?.ToText());
        Assert.Equal(["v"], template.Variables);
    }

    private static string Nested(int depth) =>
        string.Concat(Enumerable.Repeat("States.Array(", depth)) + new string(')', depth);
}

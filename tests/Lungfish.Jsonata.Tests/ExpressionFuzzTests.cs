using System.Collections.Immutable;
using Lungfish.Json;
using Lungfish.Tests.Shared;

namespace Lungfish.Jsonata.Tests;

/// <summary>Whatever a text is, it compiles or is refused with a code, and what compiles answers or fails with one,
/// within its limits.</summary>
public sealed class ExpressionFuzzTests
{
    private static readonly string[] Samples =
    [
        "$sum(orders[status = 'shipped' and total > 10].items.(price * quantity))",
        "orders{status: $count($)}^(>id, <total)",
        "($f := function($n) { $n < 2 ? 1 : $n * $f($n - 1) }; $map([1..5], $f))",
        "orders ~> |items|{'total': price * 2}, ['tags']|",
        "library.loans@$l.books@$b[$l.isbn = $b.isbn]#$i.{'title': $b.title, 'at': $i, 'up': %.id}",
        "$replace(a, /(\\w+)@(?<x>b|c)*$/i, function($m) { $m.groups[0] & '$1' }, 3)",
        "$reduce([1, 2.5e-3, -0x1F, null, true], function($a, $b) { $a & $string($b) }, \"x\\u00e4\\n\")",
        "**.`odd name`[-1][[0..2]].* /* comment */ & $lookup({'k': [1]}, 'k') ?? $x ?: $$",
        "$fromMillis($toMillis('2018-03-23', '[Y]-[M]-[D]'), '[D1o] [MNn]') ~> $uppercase ~> $pad(-20, '#')",
        "$formatNumber(1234.5, '#,##0.00') in $split('a,b', /,/) or $not($exists(a.b.c)) and $type(?, 1) != 'x'",
        "$sift($, λ($v, $k)<sx-(nb)?:a<o>>{ $k ~> /^a/ })",
        "$each($, function($v, $k) { {$k: $v} }) ~> $merge() ~> $spread ~> $sort(function($l, $r) { $l > $r })",
    ];

    private static readonly JsonValue Input = JsonValue.Parse(
        """
        {"a": "x@b", "orders": [{"id": 1, "status": "shipped", "total": 20, "tags": [], "items": [{"price": 2}]},
         {"id": "2", "status": null, "items": {"price": 1e300, "quantity": -1}}], "library": [[], [[1]], {"loans": 1}]}
        """);

    private static readonly JsonataEnvironment Environment = new()
    {
        Variables = ImmutableDictionary<string, JsonValue>.Empty.Add("x", JsonArray.Of(1, "a", JsonValue.Null)),
        Limits = new JsonataLimits { StepsMax = 20_000, MemoryBytesMax = 4 << 20, DepthMax = 100 },
    };

    [Fact]
    public void Evaluate_AnyExpression_AnswersOrFailsWithACode() => FuzzRun.Over(
        random => (
            Text: FuzzRun.Mutate(random, Samples),
            Dialect: random.Next(2) == 0 ? JsonataDialect.Standard : JsonataDialect.StepFunctions),
        input =>
        {
            try
            {
                JsonataExpression.Compile(input.Text, input.Dialect).Evaluate(Input, Environment);
            }
            catch (JsonataException e)
            {
                Assert.InRange(e.Position, JsonataException.NoPosition, input.Text.Length);
                Assert.NotEmpty(e.Message);
            }
        });

    [Theory]
    [InlineData("(", ")")]
    [InlineData("[", "]")]
    [InlineData("{'a':", "}")]
    [InlineData("-", "")]
    [InlineData("a.", "")]
    [InlineData("a[", "]")]
    [InlineData("1+", "")]
    [InlineData("1?", ":2")]
    [InlineData("function(){", "}")]
    [InlineData("function($a)<f<", ">>{1}")]
    [InlineData("/*", "")]
    [InlineData("$f(", ")")]
    [InlineData("|a|", "|")]
    [InlineData("%.", "")]
    public void Compile_NestedWithoutEnd_AnswersOrFailsWithACode(string open, string close)
    {
        foreach (var depth in (int[])[50, 1_000, 50_000])
        {
            var text = string.Concat(Enumerable.Repeat(open, depth)) + "1" +
                string.Concat(Enumerable.Repeat(close, depth));
            try
            {
                JsonataExpression.Compile(text).Evaluate(Input, Environment);
            }
            catch (JsonataException e)
            {
                Assert.NotEmpty(e.Code);
            }
        }
    }
}

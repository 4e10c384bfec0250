using Lungfish.Json;

namespace Lungfish.Jsonata.Tests;

public sealed class EvaluationTests
{
    [Fact]
    public void Evaluate_PathToAPart_GivesThePartItself()
    {
        var data = JsonValue.Parse("{\"a\": {\"big\": [1, 2, 3]}}");

        var result = JsonataExpression.Compile("a.big").Evaluate(data, JsonataEnvironment.Empty);

        Assert.Same(((JsonObject?)((JsonObject)data)["a"])?["big"], result);
    }

    [Fact]
    public void Evaluate_VariableFromOutside_HidesAFunction()
    {
        var environment = new JsonataEnvironment
        {
            Variables = JsonataEnvironment.Empty.Variables.Add("sum", 5),
        };

        Assert.Equal((JsonValue)6, JsonataExpression.Compile("$sum + 1").Evaluate(null, environment));
    }

    [Fact]
    public void Evaluate_SameSeedAndTime_GivesTheSame()
    {
        var expression = JsonataExpression.Compile("[$random(), $shuffle([1..50]), $now(), $millis()]");
        var environment = new JsonataEnvironment { Seed = 42, Now = DateTimeOffset.UnixEpoch.AddDays(1) };

        var first = expression.Evaluate(null, environment);

        Assert.Equal(first, expression.Evaluate(null, environment));
        Assert.NotEqual(first, expression.Evaluate(null, environment with { Seed = 43 }));
    }

    [Fact]
    public void Evaluate_ByManyThreads_GivesEachItsOwn()
    {
        var expression = JsonataExpression.Compile(
            "( $double := function($n) { $n * 2 }; $sum($map(items[n > 2]^(>n), function($i) { $double($i.n) })) )");
        var inputs = Enumerable.Range(0, 64).Select(static size => (JsonValue)JsonObject.Of("items", JsonArray.Of(
            Enumerable.Range(0, size).Select(static n => (JsonValue)JsonObject.Of(
                ("other" + (n % 3), 1), ("n", n)))))).ToArray();

        var results = new JsonValue?[inputs.Length * 20];
        Parallel.For(0, results.Length, i =>
            results[i] = expression.Evaluate(inputs[i % inputs.Length], JsonataEnvironment.Empty));

        for (var i = 0; i < results.Length; i++)
        {
            var size = i % inputs.Length;
            var expected = Enumerable.Range(0, size).Where(static n => n > 2).Sum(static n => n * 2);
            Assert.Equal(size <= 3 ? null : (JsonValue)expected, results[i]);
        }
    }

    [Theory]
    [InlineData("( $x := 1; ( $y := $x; $x := 2; $y ) )", "1")]
    [InlineData("( $x := 1; ( $x := 2 ); $x )", "1")]
    [InlineData("( $f := function() { $later }; $later := 3; $f() )", "3")]
    [InlineData("( $n := 5; $eval('$n + 1') )", "6")]
    [InlineData("( $f := function($a) { function($b) { $a + $b } }; $f(1)(2) )", "3")]
    [InlineData("( $add := function($a, $b) { $a + $b }; $add(?, 10)(1) )", "11")]
    [InlineData("( $up := $uppercase ~> $trim; $up('  a ') )", "\"A\"")]
    [InlineData("/a(b)/('xab').groups", "[\"b\"]")]
    [InlineData("$sort([3, 1, 2], function($l, $r) { $l < $r })", "[3,2,1]")]
    [InlineData("{'f': function($x) { $x + 1 }}.f(1)", "2")]
    [InlineData("[$sum, $count].($([1, 2, 3]))", "[6,3]")]
    [InlineData("({'a': [1]}).a", "[1]")]
    [InlineData("$nothing.a@$e.x[$e = 1]{'k': 1}", "{\"k\":1}")]
    [InlineData("$clone({'a': 0.1 + 0.2})", "{\"a\":0.3}")]
    [InlineData("[1..3] ~> $map(function($v, $i, $a) { $v + $i + $count($a) })", "[4,6,8]")]
    public void Evaluate_Expression_GivesItsValue(string expression, string expected) =>
        Assert.Equal(JsonValue.Parse(expected), Expressions.Evaluate(expression));
}

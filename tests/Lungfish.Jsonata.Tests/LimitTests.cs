using Lungfish.Json;

namespace Lungfish.Jsonata.Tests;

/// <summary>No expression costs more than its limits say, and none ends the process.</summary>
public sealed class LimitTests
{
    [Theory]
    [InlineData("( $f := function($n) { 1 + $f($n) }; $f(1) )")]
    [InlineData("( $f := function($n) { $f($n) + $f($n) }; $f(1) )")]
    [InlineData("( $f := function($x) { $map([1], $f) }; $f(1) )")]
    [InlineData("( $f := function($s) { $eval('$f(1) + 1') }; $f(1) )")]
    public void Evaluate_RecursionWithoutEnd_IsTooDeep(string expression)
    {
        var failure = Expressions.FailureOf(expression);

        Assert.Equal(JsonataException.LimitPassed, failure.Code);
        Assert.StartsWith("Stack overflow error", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("( $f := function() { $f() }; $f() )")]
    [InlineData("( $a := function() { $b() }; $b := function() { $a() }; $a() )")]
    [InlineData("$map([1..10000], function($i) { $sum($map([1..10000], function($j) { $i * $j })) })")]
    [InlineData("$count($filter([1..9000000], function($v) { $v in [1..100] }))")]
    public void Evaluate_LoopWithoutEnd_TakesTooLong(string expression)
    {
        var failure = Expressions.FailureOf(
            expression, limits: new JsonataLimits { StepsMax = 200_000, MemoryBytesMax = 1L << 40 });

        Assert.Equal(JsonataException.LimitPassed, failure.Code);
        Assert.StartsWith("Expression evaluation timeout", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>A step that goes through a long text is not one step.</summary>
    [Theory]
    [InlineData("$length($uppercase($pad('x', 100000)))")]
    [InlineData("$length($encodeUrl($long))")]
    [InlineData("$contains($long, 'y')")]
    [InlineData("$contains($long, /(x|z)*y/)")]
    [InlineData("$length($replace($long, 'y', 'z'))")]
    [InlineData("$count($split($long, 'y'))")]
    [InlineData("$count($match($long, /y/))")]
    [InlineData("$long = $other")]
    [InlineData("$long < $other")]
    [InlineData("$length($long & 'y')")]
    public void Evaluate_LongTextInALoop_TakesTooLong(string step)
    {
        var failure = Expressions.FailureOf(
            "( $long := $pad('x', 100000, 'x'); $other := $pad('x', 99999, 'x') & 'y'; "
                + $"$map([1..100000], function($i) {{ ({step}; 1) }}) )",
            limits: new JsonataLimits { StepsMax = 2_000_000 });

        Assert.Equal(JsonataException.LimitPassed, failure.Code);
        Assert.StartsWith("Expression evaluation timeout", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>No single match takes long enough to be stopped; without a limit for all of them together this takes
    /// many minutes.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData("$contains($long, /^(?=(a+)+$)(a+)+b/)")]
    [InlineData("$replace($long, /^(?=(a+)+$)(a+)+b/, '')")]
    [InlineData("$count($match($long, /^(?=(a+)+$)(a+)+b/))")]
    [InlineData("$r := /^(?=(a+)+$)(a+)+b/; $r($long)")]
    public Task Evaluate_RegexThatGoesBackInALoop_TakesTooLong(string step) => Task.Run(
        () =>
        {
            var failure = Expressions.FailureOf(
                $"( $long := $pad('a', 20, 'a'); $map([1..100000], function($i) {{ ({step}; 1) }}) )");

            Assert.Equal(JsonataException.LimitPassed, failure.Code);
            Assert.StartsWith("Expression evaluation timeout", failure.Message, StringComparison.Ordinal);
        },
        TestContext.Current.CancellationToken);

    [Theory]
    [InlineData("$reduce([1..100], function($s, $i) { $s & $s }, 'x')")]
    [InlineData("$pad('x', 1000000000)")]
    [InlineData("$map([1..100000], function($i) { $pad('x', 100000) })")]
    [InlineData("$reduce([1..60], function($a, $i) { $append($a, $a) }, [1])")]
    [InlineData("$string($reduce([1..60], function($a, $i) { [[$a, $a]] }, [1]))")]
    [InlineData("$join($map([1..10000], function($i) { $pad('x', 1000) }), $pad('-', 100000))")]
    [InlineData("$replace($pad('a', 100000, 'a'), /a/, $pad('b', 100000, 'b'))")]
    [InlineData("[1..3000000].{'a': $, 'b': [$, $]}")]
    public void Evaluate_MoreThanMemoryAllows_IsTooLarge(string expression)
    {
        var failure = Expressions.FailureOf(expression, limits: new JsonataLimits { MemoryBytesMax = 16 << 20 });

        Assert.Equal(JsonataException.LimitPassed, failure.Code);
        Assert.StartsWith("Expression evaluation memory limit", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$sum($map([1..200000], function($i) { $length($pad('x', 100)) }))", 20_000_000)]
    [InlineData("$reduce([1..200000], function($s, $i) { $string($i) & 'x' })", null)]
    public void Evaluate_GarbageOfALoop_IsNotCounted(string expression, int? expected)
    {
        var result = Expressions.Evaluate(expression, limits: new JsonataLimits { MemoryBytesMax = 16 << 20 });

        Assert.NotNull(result);
        Assert.True(expected is null || result.Equals(expected.Value));
    }

    [Fact]
    public void Evaluate_TailCalls_DoNotNest() =>
        Assert.Equal(
            (JsonValue)500_000,
            Expressions.Evaluate("( $f := function($n, $s) { $n = 0 ? $s : $f($n - 1, $s + 1) }; $f(500000, 0) )"));

    [Theory]
    [InlineData("(", ")")]
    [InlineData("[", "]")]
    [InlineData("-", "")]
    [InlineData("{'a':", "}")]
    [InlineData("function($x){", "}")]
    [InlineData("a ? ", "")]
    public void Compile_TextNestedTooDeeply_IsRefused(string open, string close)
    {
        const int depth = 200_000;
        var text = $"{Repeat(open, depth)}1{Repeat(close, depth)}";

        var failure = Assert.Throws<JsonataException>(() => JsonataExpression.Compile(text));

        Assert.Equal(JsonataException.LimitPassed, failure.Code);
    }

    [Theory]
    [InlineData("1", " + 1")]
    [InlineData("a", ".a")]
    [InlineData("a", "[0]")]
    [InlineData("a", "(1)")]
    [InlineData("'x'", " & 'x'")]
    [InlineData("[1]", "^($)")]
    public void Evaluate_LongChain_EndsWithoutOverflow(string first, string link)
    {
        var text = first + Repeat(link, 100_000);

        var failure = Record.Exception(() => Expressions.Evaluate(text, "{\"a\":1}"));

        Assert.True(failure is null or JsonataException);
    }

    [Theory]
    [InlineData("$string($)")]
    [InlineData("$ = $clone($)")]
    [InlineData("**")]
    [InlineData("*")]
    [InlineData("$boolean($)")]
    [InlineData("$keys($)")]
    [InlineData("$spread($)")]
    [InlineData("a.a")]
    [InlineData("$ ~> |**|{'b': 1}|")]
    [InlineData("$distinct([$, $])")]
    public void Evaluate_DeepData_EndsWithoutOverflow(string expression)
    {
        JsonValue data = 1;
        for (var i = 0; i < 100_000; i++)
        {
            data = i % 2 == 0 ? JsonArray.Of(data) : JsonObject.Of("a", data);
        }

        var compiled = JsonataExpression.Compile(expression);

        var failure = Record.Exception(() => compiled.Evaluate(data, JsonataEnvironment.Empty));

        Assert.True(failure is null or JsonataException);
    }

    [Fact]
    public void Evaluate_ValueSharedInsideItself_CostsItsLimitOnly()
    {
        const string bomb = "( $a := $reduce([1..200], function($a, $i) { [[$a, $a]] }, [0]); $a = $clone($a) )";

        var failure = Expressions.FailureOf(bomb, limits: new JsonataLimits { MemoryBytesMax = 16 << 20 });

        Assert.Equal(JsonataException.LimitPassed, failure.Code);
    }

    [Fact]
    public void Evaluate_ClockRunsOut_TakesTooLong()
    {
        var limits = new JsonataLimits { Clock = new LeapingClock(), TimeMax = TimeSpan.FromSeconds(1) };

        var failure = Expressions.FailureOf("$sum($map([1..100000], function($i) { $i }))", limits: limits);

        Assert.Equal(JsonataException.LimitPassed, failure.Code);
    }

    [Theory]
    [InlineData(99, true)]
    [InlineData(101, false)]
    public void Evaluate_DepthInStepFunctions_EndsAboutAHundred(int operands, bool passes)
    {
        var text = string.Join(" + ", Enumerable.Repeat("1", operands));

        var failure = Record.Exception(() => Expressions.EvaluateInStepFunctions(text));

        Assert.Equal(passes, failure is null);
        Assert.True(passes || failure?.Message ==
            "Stack overflow error: Check for non-terminating recursive function. " +
            "Consider rewriting as tail-recursive");
    }

    [Theory]
    [InlineData("[1..873782]", true)]
    [InlineData("[1..873783]", false)]
    public void Evaluate_RangeInStepFunctions_EndsWhereItWasMeasured(string expression, bool passes)
    {
        var failure = Record.Exception(() => Expressions.EvaluateInStepFunctions(expression));

        Assert.Equal(passes, failure is null);
        Assert.True(passes || failure?.Message ==
            "Expression evaluation memory limit exceeded: Check for excessive memory usage");
    }

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    /// <summary>A second passes with every look.</summary>
    private sealed class LeapingClock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => _now++;
    }
}

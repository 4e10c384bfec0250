namespace Lungfish.Jsonata.Tests;

/// <summary>What was measured on Step Functions, and differs from the standard dialect or adds to it.</summary>
public sealed class StepFunctionsTests
{
    [Theory]
    [InlineData("1 / 0", "\"Infinity\"")]
    [InlineData("-1 / 0", "\"-Infinity\"")]
    [InlineData("0 / 0", "\"NaN\"")]
    [InlineData("[1, 1 / 0]", "[1,\"Infinity\"]")]
    [InlineData("{'a': 1 / 0}", "{\"a\":\"Infinity\"}")]
    [InlineData("1 / 0 > 5", "true")]
    [InlineData("nothing = nothing", "false")]
    [InlineData("nothing != 1", "false")]
    [InlineData("$boolean([0, '', false])", "false")]
    [InlineData("([1, 2, 3])[1.9]", "2")]
    [InlineData("($s := 'text'; $s[0])", "\"text\"")]
    [InlineData("($x := [[1, 2], [3, 4]]; $i := 1; $x[$i][0])", "[3,4]")]
    [InlineData("$map([5], function($x) { $x })", "5")]
    [InlineData("$filter([5], function($x) { false })", "undefined")]
    [InlineData("($map([5], function($x) { $x }))[]", "5")]
    [InlineData("$merge([])", "{}")]
    [InlineData("$keys({'only': 1})", "\"only\"")]
    [InlineData("$sum([])", "0")]
    [InlineData("$max([])", "undefined")]
    [InlineData("$round(2.5)", "2")]
    [InlineData("$round(2.675, 2)", "2.68")]
    [InlineData("$round(25, -1)", "20")]
    [InlineData("$string(9223372036854775807)", "\"9223372036854775807\"")]
    [InlineData("$string(1e21)", "\"1e+21\"")]
    [InlineData("$string(1 / 3)", "\"0.333333333333333\"")]
    [InlineData("$fromMillis('x')", "undefined")]
    [InlineData("$lookup({'a': 1}, 'b')", "undefined")]
    public void Evaluate_MeasuredFact_IsAsMeasured(string expression, string expected) =>
        Assert.Equal(expected, Expressions.TextInStepFunctions(expression));

    [Theory]
    [InlineData("$partition([1, 2, 3, 4, 5], 2)", "[[1,2],[3,4],[5]]")]
    [InlineData("$partition([1, 2, 3], 1.5)", "[[1],[2],[3]]")]
    [InlineData("$partition([1, 2, 3])", "[[1,2,3]]")]
    [InlineData("$partition([1, 2, 3], 0)", "undefined")]
    [InlineData("$partition([], 2)", "undefined")]
    [InlineData("$partition(nothing, 2)", "undefined")]
    [InlineData("$range(1, 9, 2)", "[1,3,5,7,9]")]
    [InlineData("$range(-1.7, 2, 1)", "[-1,0,1,2]")]
    [InlineData("$range(1, 9, 9)", "1")]
    [InlineData("$range(1, 9, 0)", "undefined")]
    [InlineData("$range(1, 9)", "undefined")]
    [InlineData("$count($range(1, 5000, 1))", "5000")]
    [InlineData("$hash('input', 'SHA-1')", "\"140f86aae51ab9e1cda9b4254fe98a74eb54c1a1\"")]
    [InlineData("$hash(nothing, 'MD5')", "undefined")]
    [InlineData("$random(42)", "0.7275636800328681")]
    [InlineData("$parse('{\"a\": [1, -0]}')", "{\"a\":[1,0]}")]
    [InlineData("$parse(\"{'a': 'b'}\")", "{\"a\":\"b\"}")]
    [InlineData("$parse(nothing)", "undefined")]
    public void Evaluate_AddedFunction_GivesWhatWasMeasured(string expression, string expected) =>
        Assert.Equal(expected, Expressions.TextInStepFunctions(expression));

    [Theory]
    [InlineData("1 / 0 + 1", "D1001")]
    [InlineData("$partition([1], -1)", "D3137")]
    [InlineData("$partition('x', 1)", "T0412")]
    [InlineData("$partition([1], 'x')", "T0410")]
    [InlineData("$partition([1], 1, 1)", "T0410")]
    [InlineData("$range('a', 1, 1)", "T0410")]
    [InlineData("$hash(1, 'MD5')", "T0410")]
    [InlineData("$parse('1e400')", "D3137")]
    [InlineData("$parse('{\"a\": 1, \"a\": 2}')", "D3137")]
    [InlineData("$number('1e400')", "D3030")]
    [InlineData("$eval('1')", "T1006")]
    [InlineData("$randomSeeded(1)", "T1006")]
    [InlineData("$split('a', 'b', -1)", "D3020")]
    [InlineData("$sqrt(-1)", "D3060")]
    [InlineData("$join([1])", "T0412")]
    [InlineData("function() { 1 }", "U1002")]
    [InlineData("{'f': $sum}", "U1002")]
    public void Evaluate_WhatIsRefused_SaysItsCode(string expression, string code) =>
        Assert.Equal(code, Expressions.FailureInStepFunctions(expression).Code);

    [Theory]
    [InlineData("$each([1], function($v) { $v })", "Argument 1 of function \"each\" does not match function signature")]
    [InlineData("1 + 'a'", "The right side of the \"+\" operator must evaluate to a number")]
    [InlineData("$sqrt(-1)", "The sqrt function cannot be applied to a negative number: -1")]
    [InlineData("$single([1, 2])",
        "The $single() function expected exactly 1 matching result.  Instead it matched more.")]
    [InlineData("$reduce([1], function($a) { $a })",
        "The second argument of reduce function must be a function with at least two arguments")]
    [InlineData("$hash('x', 'md5')", "Hash algorithm 'md5' must be one of SHA-1, SHA-384, SHA-256, SHA-512, MD5")]
    [InlineData("1 < 'a'", "The values 1 and \"a\" either side of operator \"<\" must be of the same data type")]
    [InlineData("1 +", "Unexpected end of expression")]
    public void Evaluate_Failure_SaysWhatTheCatalogueSays(string expression, string message) =>
        Assert.Equal(message, Expressions.FailureInStepFunctions(expression).Message);

    [Theory]
    [InlineData("a ?? b")]
    [InlineData("a ?: b")]
    public void Compile_OperatorsOfLaterVersions_AreRefused(string expression)
    {
        Assert.Equal(
            "S0211",
            Assert.Throws<JsonataException>(
                () => JsonataExpression.Compile(expression, JsonataDialect.StepFunctions)).Code);
        Assert.NotNull(JsonataExpression.Compile(expression));
    }

    [Fact]
    public void Uuid_SameSeed_IsTheSameVersionFour()
    {
        var first = Expressions.TextInStepFunctions("$uuid()");

        Assert.Equal(first, Expressions.TextInStepFunctions("$uuid()"));
        Assert.Matches("^\"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\"$", first);
    }
}

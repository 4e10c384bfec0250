namespace Lungfish.Jsonata.Tests;

/// <summary>Errors say their code, where they are, and in which words. Compared with the reference implementation.
/// </summary>
public sealed class ErrorTests
{
    [Theory]
    [InlineData("\"unterminated", "S0101", 13, null)]
    [InlineData("\"\\y\"", "S0103", 2, "y")]
    [InlineData("\"\\u12\"", "S0104", 2, null)]
    [InlineData("`a", "S0105", 2, null)]
    [InlineData("1 /* no end", "S0106", 2, null)]
    [InlineData("1e999", "S0102", 0, "1e999")]
    [InlineData("a b", "S0201", 3, "b")]
    [InlineData("(a", "S0203", 2, "(end)")]
    [InlineData("[1 2]", "S0202", 4, "2")]
    [InlineData("a ! b", "S0204", 3, "!")]
    [InlineData("1 + ", "S0207", 4, "(end)")]
    [InlineData("+ 1", "S0211", 1, "+")]
    [InlineData("function(x) { 1 }", "S0208", 10, "x")]
    [InlineData("a := 1", "S0212", 1, "a")]
    [InlineData("a.1", "S0213", 3, null)]
    [InlineData("a@b", "S0214", 3, "@")]
    [InlineData("%", "S0217", 1, "parent")]
    [InlineData("function($x)<n<n>:n> { 1 }", "S0401", 15, null)]
    public void Compile_Mistake_IsLocated(string expression, string code, int position, string? token)
    {
        var failure = Assert.Throws<JsonataException>(() => JsonataExpression.Compile(expression));

        Assert.Equal((code, position, token), (failure.Code, failure.Position, failure.Token));
    }

    [Theory]
    [InlineData("1 + 'a'", "T2002", 3, "+")]
    [InlineData("1 < true", "T2010", 3, "<")]
    [InlineData("-'a'", "D1002", 1, "-")]
    [InlineData("$sum('a')", "T0412", 5, "sum")]
    [InlineData("$nope(1)", "T1006", 6, "nope")]
    [InlineData("sum(1)", "T1005", 4, "sum")]
    [InlineData("sum(?)", "T1007", 4, "sum")]
    [InlineData("$map([1], function($x) { $x + 'a' })", "T2002", 5, "+")]
    [InlineData("true and $error('x')", "D3137", 8, "and")]
    [InlineData("{1: 2}", "T1003", 1, null)]
    [InlineData("{'_jsonata_lambda': true}", "D1013", 1, null)]
    [InlineData("1 ~> 2", "T2006", 4, null)]
    [InlineData("[1..'a']", "T2004", 4, "..")]
    [InlineData("[2, 'a']^($)", "T2007", 9, null)]
    [InlineData("$string(1/0)", "D3001", 8, "string")]
    public void Evaluate_Mistake_IsLocated(string expression, string code, int position, string? token)
    {
        var failure = Expressions.FailureOf(expression);

        Assert.Equal((code, position, token), (failure.Code, failure.Position, failure.Token));
    }

    [Theory]
    [InlineData("sum(1)", "Attempted to invoke a non-function. Did you mean $sum?")]
    [InlineData("[1 2]", "Expected \"]\", got \"2\"")]
    [InlineData("'a' < 1", "The values \"a\" and 1 either side of operator \"<\" must be of the same data type")]
    [InlineData("-[1, {'a': 'b'}]", "Cannot negate a non-numeric value: [1,{\"a\":\"b\"}]")]
    [InlineData("$error('my own words')", "my own words")]
    public void Message_OfTheCatalogue_HasItsValuesPutIn(string expression, string message) =>
        Assert.Equal(message, Expressions.FailureOf(expression).Message);
}

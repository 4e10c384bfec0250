namespace Lungfish.Jsonata.Tests;

/// <summary>What an expression reads from outside, found without evaluating it.</summary>
public sealed class ReadsTests
{
    [Theory]
    [InlineData("$x + $y", "x,y")]
    [InlineData("($x := 1; $x)", "")]
    [InlineData("($x := $x + 1; $x)", "x")]
    [InlineData("function($a) { $a + $b }", "b")]
    [InlineData("( $even := function($n) { $odd($n) }; $odd := function($n) { $even($n) }; $even(1) )", "")]
    [InlineData("$map($items, function($v, $i) { $v.a & $i })", "items")]
    [InlineData("$states.input.list@$l[$l.id = $id]#$i.{'n': $i}", "id,states")]
    [InlineData("$sum($prices) ~> $round(?, $digits)", "digits,prices")]
    [InlineData("($x := 1) + ($x)", "x")]
    [InlineData("$ ~> |items|{'a': $value}|", "value")]
    [InlineData("$unknown(1)", "unknown")]
    [InlineData("$b & $a & $b", "a,b")]
    [InlineData("$states.input{$k: $v}", "k,states,v")]
    [InlineData("$xs^(>$.a, $order)", "order,xs")]
    public void Variables_Free_AreFound(string expression, string names) =>
        Assert.Equal(names, string.Join(",", JsonataExpression.Compile(expression).Reads.Variables));

    [Theory]
    [InlineData("phone", "phone")]
    [InlineData("a.b.c", "a")]
    [InlineData("$", "$")]
    [InlineData("$$.a", "$$")]
    [InlineData("$.a + b", "$,b")]
    [InlineData("$states.input.a", "")]
    [InlineData("$states.input[a = 1]", "")]
    [InlineData("$states.input.(a + b)", "")]
    [InlineData("$map($xs, function($v) { a & $ & $$ })", "")]
    [InlineData("{'k': a, 'l': [b, c ? d : e]}", "a,b,c,d,e")]
    [InlineData("$sum(a)", "a")]
    [InlineData("(a; $x := b)", "a,b")]
    [InlineData("`a b`.c", "a b")]
    [InlineData("$xs^(a)", "")]
    [InlineData("$xs{a: b}", "")]
    public void TopLevelReferences_OutsideOfSteps_AreFound(string expression, string names) =>
        Assert.Equal(names, string.Join(",", JsonataExpression.Compile(expression).Reads.TopLevelReferences));

    [Theory]
    [InlineData("$states.input.x", "states.input.x")]
    [InlineData("$states.input.x[0].y", "states.input.x")]
    [InlineData("$states.input.*.y", "states.input")]
    [InlineData("($states).result", "states")]
    [InlineData("$states", "states")]
    [InlineData("$a.b + $c.d.e", "a.b c.d.e")]
    [InlineData("$states[0].result", "states")]
    [InlineData("$map($a.b, function($v) { $v.c + $d.e })", "a.b d.e")]
    public void Paths_OfFreeVariables_AreFound(string expression, string paths) =>
        Assert.Equal(paths, string.Join(
            " ", JsonataExpression.Compile(expression).Reads.Paths.Select(path => string.Join(".", path))));
}

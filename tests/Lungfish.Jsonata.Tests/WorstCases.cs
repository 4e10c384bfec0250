using System.Diagnostics;

namespace Lungfish.Jsonata.Tests;

/// <summary>How long the worst expressions take under the limits of Step Functions: so long one turn can hold its
/// partition. Run by <c>-explicit only -class "*WorstCases"</c>; it prints and demands nothing.</summary>
public sealed class WorstCases(ITestOutputHelper output)
{
    public static TheoryData<string> Bombs => new()
    {
        "$sum([1..800000])",
        "$map([1..873782], function($i) { $i })",
        "( $f := function($n) { $n = 0 ? 0 : $f($n - 1) }; $f(100000000) )",
        "$count($filter([1..800000], function($v) { $v in [1..100] }))",
        "$map([1..1000000], function($i) { $length($pad('x', 1000000)) })",
        "$map([1..100000], function($i) { $length($uppercase($pad('x', 100000))) })",
        "( $s := $pad('x', 1000000); $map([1..100000], function($i) { $length($s & 'y') }) )",
        "( $s := $pad('x', 1000000); $map([1..100000], function($i) { $contains($s, 'y') }) )",
        "( $s := $pad('x', 1000000); $map([1..100000], function($i) { $contains($s, /(a|b)*y/) }) )",
        "( $s := $pad('a', 1000000, 'a'); $map([1..100000], function($i) { $contains($s, /(a|aa)+$b/) }) )",
        "( $s := $pad('a', 30, 'a'); $map([1..100000], function($i) { $contains($s, /^(?=(a+)+$)(a+)+b/) }) )",
        "( $s := $pad('a', 100000, 'a'); $replace($s, /a/, 'bb') )",
        "( $s := $pad('a', 1000000, 'a'); $map([1..1000], function($i) { $length($replace($s, 'a', 'b')) }) )",
        "( $s := $pad('x', 1000000); $map([1..100000], function($i) { $length($s) }) )",
        "( $s := $pad('x', 1000000); $map([1..100000], function($i) { $substring($s, 999990) }) )",
        "( $s := $pad('x', 1000000); $map([1..100000], function($i) { $s = $s & '' }) )",
        "( $s := $pad('x', 1000000); $map([1..100000], function($i) { $count($split($s, 'y')) }) )",
        "( $s := $pad('x,', 200000, ','); $map([1..100000], function($i) { $count($split($s, ',')) }) )",
        "( $s := $pad('x', 1000000); $map([1..100000], function($i) { $hash($s) }) )",
        "( $s := $pad('x', 1000000); $map([1..100000], function($i) { $length($base64encode($s)) }) )",
        "( $s := $pad('x', 1000000); $map([1..100000], function($i) { $length($encodeUrl($s)) }) )",
        "( $s := $pad('x', 1000000); $map([1..100000], function($i) { $trim($s) != 'y' }) )",
        "( $s := '[' & $join($map([1..100000], $string), ',') & ']'; "
            + "$map([1..1000], function($i) { $count($parse($s)) }) )",
        "( $a := [1..100000]; $map([1..1000], function($i) { $count($sort($a, function($l, $r) { $l < $r })) }) )",
        "( $a := [1..100000]; $map([1..1000], function($i) { $count($shuffle($a)) }) )",
        "( $a := [1..100000]; $map([1..1000], function($i) { $count($reverse($a)) }) )",
        "( $a := [1..100000]; $map([1..1000], function($i) { $count($distinct($a)) }) )",
        "( $a := [1..100000]; $map([1..1000], function($i) { $sum($a) }) )",
        "( $a := [1..100000]; $map([1..1000], function($i) { $a = $a }) )",
        "( $a := [1..100000]; $map([1..1000], function($i) { $i in $a }) )",
        "( $a := [1..100000]; $map([1..1000], function($i) { $length($string($a)) }) )",
        "( $a := [1..100000]; $map([1..1000], function($i) { $length($join($map($a, $string))) }) )",
        "( $a := [1..3000].{'k' & $: $}; $map([1..1000], function($i) { $count($keys($merge($a))) }) )",
        "( $a := [1..1000]; [$a.($x := $; $a.($y := $; $x * $y))] )",
        "$map([1..100000], function($i) { $formatNumber($i, '#,##0.00') })",
        "$map([1..100000], function($i) { $formatInteger($i, 'w') })",
        "$map([1..100000], function($i) { $fromMillis($i, '[Y0001]-[M01]-[D01] [MNn] [FNn]') })",
        "$map([1..100000], function($i) { $toMillis('2020-01-01', '[Y0001]-[M01]-[D01]') })",
        "[1..800000]^(>$)",
        "[1..300000].{'a': $}^(>a)",
        "[1..300000]{$string($): $}",
        "( $big := $power(10, 300); $map([1..1000000], function($i) { $string($big + $i) }) )",
        "$map([1..100000], function($i) { $uuid() & $random() })",
        "( $s := $pad('%', 100000, '%41'); $map([1..1000], function($i) { $length($decodeUrlComponent($s)) }) )",
        "( $s := $pad('x', 1000000); $map([1..100000], function($i) { $substringBefore($s, 'y') = 'z' }) )",
        "( $s := $pad('a', 1000000, 'a'); $map([1..100], function($i) { $count($match($s, /a/)) }) )",
        "( $s := $pad('9', 300000, '9'); $map([1..1000], function($i) { $number($s) }) )",
    };

    [Theory(Explicit = true)]
    [MemberData(nameof(Bombs))]
    public void Evaluate_Bomb_TakesThatLong(string bomb)
    {
        var before = GC.GetTotalAllocatedBytes();
        var since = Stopwatch.StartNew();
        var failure = Record.Exception(() => Expressions.EvaluateInStepFunctions(bomb));
        var megabytes = (GC.GetTotalAllocatedBytes() - before) >> 20;
        var end = failure?.Message.Split(':')[0] ?? "it ends";
        var line = $"{since.ElapsedMilliseconds,8} ms {megabytes,8} MB  {end,-45} {bomb}";
        output.WriteLine(line);
        Console.WriteLine(line);
    }
}

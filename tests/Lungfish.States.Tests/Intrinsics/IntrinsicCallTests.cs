using System.Collections.Immutable;
using Lungfish.Json;
using Lungfish.States.Intrinsics;
using Lungfish.States.JsonPath;
using Lungfish.States.Quotas;

namespace Lungfish.States.Tests.Intrinsics;

public sealed class IntrinsicCallTests
{
    private static readonly JsonValue Input = JsonValue.Parse(
        """
        {
          "a":1,"list":[1,2,3,4],"o":{"x":null,"y":[]},"text":"Hello","none":null,"template":"<{}>",
          "dup":[1,"1",1,{"k":[]},{"k":[]}]
        }
        """);

    private static readonly JsonValue Context = JsonValue.Parse(
        """{"Map":{"Item":{"Value":"v"}},"Task":{"Token":"t"}}""");

    private static readonly ImmutableDictionary<string, JsonValue> Variables =
        ImmutableDictionary<string, JsonValue>.Empty.Add("name", "Ada").Add("template", "{}!");

    [Theory]
    [InlineData("States.Array()", "[]")]
    [InlineData("States.Array( 1 , 'b',true,false,null,$.none, -1.5e3 )", """[1,"b",true,false,null,null,-1.5e3]""")]
    [InlineData(
        "States.Array($.list[*], $.list[?(@ > 2)], $$.Map.Item.Value, $name)",
        """[[1,2,3,4],[3,4],"v","Ada"]""")]
    [InlineData("States.Array($['a'], $.list[0,1], $..x)", "[1,[1,2],[null]]")]
    [InlineData("States.Array($.no[*])", "[[]]")] // Measured: a wildcard that matches nothing is an empty array.
    [InlineData("States.ArrayPartition($.list, 3)", "[[1,2,3],[4]]")]
    [InlineData("States.ArrayPartition($.list, 2.9)", "[[1,2],[3,4]]")] // Documented: rounded down.
    [InlineData("States.ArrayPartition(States.Array(), 2)", "[]")]
    [InlineData("States.ArrayContains($.list, 3)", "true")]
    [InlineData("States.ArrayContains($.list, '3')", "false")]
    [InlineData("States.ArrayContains($.dup, States.StringToJson('{\"k\":[]}'))", "true")]
    [InlineData("States.ArrayContains(States.Array(), null)", "false")]
    [InlineData("States.ArrayRange(0, 9, 3)", "[0,3,6,9]")]
    [InlineData("States.ArrayRange(0, 10, 3)", "[0,3,6,9]")]
    [InlineData("States.ArrayRange(1, 9, 9)", "[1]")]
    [InlineData("States.ArrayRange(3, 0, -1)", "[3,2,1,0]")]
    [InlineData("States.ArrayRange(3, 3, -1)", "[3]")]
    [InlineData("States.ArrayRange(0, 3, -1)", "[]")]
    [InlineData("States.ArrayGetItem($.list, 3)", "4")]
    [InlineData("States.ArrayLength($.list)", "4")]
    [InlineData("States.ArrayUnique($.dup)", """[1,"1",{"k":[]}]""")]
    [InlineData("States.Base64Encode('Data to encode')", "\"RGF0YSB0byBlbmNvZGU=\"")]
    [InlineData("States.Base64Encode('')", "\"\"")]
    [InlineData("States.Base64Decode('RGF0YSB0byBlbmNvZGU=')", "\"Data to encode\"")]
    [InlineData("States.Base64Decode('RGF0YSB0byBlbmNvZGU')", "\"Data to encode\"")]
    [InlineData("States.Hash('input data', 'MD5')", "\"812f45842bc6d66ee14572ce20db8e86\"")]
    [InlineData("States.Hash('input', 'SHA-1')", "\"140f86aae51ab9e1cda9b4254fe98a74eb54c1a1\"")]
    [InlineData(
        "States.JsonMerge(States.StringToJson('{\"a\":{\"x\":1},\"b\":2}'), " +
            "States.StringToJson('{\"a\":{\"y\":1}}'), false)",
        """{"a":{"y":1},"b":2}""")]
    [InlineData("States.StringToJson('')", "null")]
    [InlineData("States.StringToJson(' ')", "null")]
    [InlineData("States.StringToJson('-0')", "0")]
    [InlineData("States.StringToJson('[1, \"x\"]')", """[1,"x"]""")]
    [InlineData("States.JsonToString($.o)", """
        "{\"x\":null,\"y\":[]}"
        """)]
    [InlineData("States.JsonToString($.text)", """
        "\"Hello\""
        """)]
    [InlineData("States.MathAdd(111, -1)", "110")]
    [InlineData("States.MathAdd(1.49, 1.5)", "3")]
    [InlineData("States.MathAdd(1.5, 1.51)", "4")]
    [InlineData("States.MathAdd(-1.49, -1.5)", "-2")]
    [InlineData("States.MathAdd(-1.5, -1.51)", "-3")]
    [InlineData("States.MathAdd(-0.5, 0)", "0")]
    [InlineData("States.MathAdd(-2.5, 0)", "-2")]
    [InlineData("States.MathAdd(2.5, 0)", "3")]
    [InlineData("States.MathAdd(0.49999999999999994, 0)", "0")]
    [InlineData("States.StringSplit(',,,,', ',')", "[]")]
    [InlineData("States.StringSplit(' , ', ',')", """[" "," "]""")]
    [InlineData("States.StringSplit('This.is+a,test=string', '.+,=')", """["This","is","a","test","string"]""")]
    [InlineData("States.StringSplit('a\nb', '\n')", """["a","b"]""")]
    [InlineData("States.StringSplit('ab', '')", """["ab"]""")]
    [InlineData("States.Format('no place')", "\"no place\"")]
    [InlineData("States.Format('{} {}{}', $.text, 1.1, null)", "\"Hello 1.1null\"")]
    [InlineData("States.Format('{}', $.o)", "\"{x=null, y=[]}\"")]
    [InlineData("States.Format('{}', $.list)", "\"[1, 2, 3, 4]\"")]
    [InlineData(@"States.Format('\{\}{}\'\\', 1)", """
        "{}1'\\"
        """)]
    [InlineData("States.Format('{x} {}', 1)", "\"{x} 1\"")]
    [InlineData("States.Format($.template, $.a)", "\"<1>\"")]
    [InlineData("States.Format($template, $name)", "\"Ada!\"")]
    [InlineData(@"States.StringSplit('it\'s', '\'')", """["it","s"]""")]
    [InlineData("States.ArrayGetItem(States.StringSplit('a-b', '-'), 1)", "\"b\"")]
    public void Evaluate_Call_GivesAwsResult(string call, string expected) =>
        Assert.Equal(expected, Evaluate(call).Value?.ToText());

    [Theory]
    [InlineData("States.ArrayPartition($.a, 1)")]
    [InlineData("States.ArrayPartition($.list, 0)")]
    [InlineData("States.ArrayPartition($.list, 'x')")]
    [InlineData("States.ArrayContains($.text, 1)")]
    [InlineData("States.ArrayRange(0, 1, 0)")]
    [InlineData("States.ArrayRange(0, 1000, 1)")]
    [InlineData("States.ArrayRange(-9007199254740992, 9007199254740992, 1)")]
    [InlineData("States.ArrayGetItem($.list, 4)")]
    [InlineData("States.ArrayGetItem($.list, -1)")]
    [InlineData("States.ArrayGetItem($.list, 99999999999)")]
    [InlineData("States.ArrayLength('abc')")]
    [InlineData("States.ArrayUnique($.o)")]
    [InlineData("States.Base64Encode(1)")]
    [InlineData("States.Base64Decode('!')")]
    [InlineData("States.Base64Decode('RGF0 YQ==')")]
    [InlineData("States.Base64Decode(null)")]
    [InlineData("States.Hash('x', 'md5')")]
    [InlineData("States.JsonMerge($.o, $.list, false)")]
    [InlineData("States.JsonMerge($.o, $.o, true)")]
    [InlineData("States.StringToJson('{')")]
    [InlineData("States.StringToJson(1)")]
    [InlineData("States.MathAdd('1', 2)")]
    [InlineData("States.MathAdd(2147483647, 1)")]
    [InlineData("States.MathAdd(2147483648, -1)")]
    [InlineData("States.MathAdd(1e400, 1)")]
    [InlineData("States.MathRandom(1, 1)")]
    [InlineData("States.StringSplit('a', 1)")]
    [InlineData("States.Format('{}')")]
    [InlineData("States.Format('', 1)")]
    [InlineData("States.Format($.a)")]
    public void Evaluate_WrongArguments_IsAnIntrinsicFailure(string call)
    {
        var failure = Evaluate(call).Failure;

        Assert.True(failure?.IsIntrinsicFailure);
        Assert.StartsWith(
            $"The function '{call}' had the following error: ", failure?.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("States.Format('{}',  $.nope)", "$.nope")] // The call is shown as it is written.
    [InlineData("States.Array($.list[9])", "$.list[9]")]
    [InlineData("States.Array($.list[9].x)", "$.list[9].x")]
    [InlineData("States.Array(States.Array($.n1), $.n2)", "$.n1")]
    [InlineData("States.Array($$.Nope.Deep)", "$.Nope.Deep")]
    [InlineData("States.Array($other.x)", "$other.x")]
    public void Evaluate_MissingPath_IsARuntimeErrorInMeasuredWords(string call, string path) => Assert.Equal(
        new ValueFailure(
            $"The function '{call}' had the following error: " +
                $"The JsonPath argument for the field '{path}' could not be found in the input '{Input.ToText()}'",
            IsIntrinsicFailure: false),
        Evaluate(call).Failure);

    [Fact]
    public void Evaluate_IndexOnNoArray_IsARuntimeErrorInMeasuredWords() => Assert.Equal(
        new ValueFailure(
            "The function 'States.Array($.a[0])' had the following error: " +
                "Filter: [0] can only be applied to arrays. Current context is: 1",
            IsIntrinsicFailure: false),
        Evaluate("States.Array($.a[0])").Failure);

    [Fact]
    public void Evaluate_Uuids_AreOfVersion4AndDiffer()
    {
        var ids = (JsonArray?)Evaluate("States.Array(States.UUID(), States.UUID())").Value;

        Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", Text(ids?[0]));
        Assert.NotEqual(ids?[0], ids?[1]);
    }

    [Theory]
    [InlineData("States.UUID()")]
    [InlineData("States.MathRandom(0, 2000000000)")]
    public void Evaluate_Chance_DependsOnTheSeedAlone(string call)
    {
        Assert.Equal(Evaluate(call, seed: 7).Value, Evaluate(call, seed: 7).Value);
        Assert.NotEqual(Evaluate(call, seed: 7).Value, Evaluate(call, seed: 8).Value);
    }

    [Fact]
    public void Evaluate_MathRandom_StaysInItsRange()
    {
        var drawn = Enumerable.Range(0, 200)
            .Select(i => Evaluate("States.MathRandom(-2, 1)", (ulong)i).Value?.ToText());

        Assert.Equal(["-1", "-2", "0"], drawn.Distinct().Order(StringComparer.Ordinal));
    }

    // Measured: the seed 42 gives the fraction 0.7275636800328681; a range of a power of two takes its first bits.
    [Theory]
    [InlineData("States.MathRandom(0, 1024, 42)", 745)]
    [InlineData("States.MathRandom(-1024, 0, 42)", 745 - 1024)]
    [InlineData("States.MathRandom(0, 67108864, 42)", 48825972)]
    public void Evaluate_MathRandomWithSeed_DrawsAsJavaDoes(string call, int expected)
    {
        Assert.Equal(expected, Evaluate(call, seed: 1).Value);
        Assert.Equal(expected, Evaluate(call, seed: 2).Value);
    }

    [Theory]
    [InlineData("States.Base64Encode($)")]
    [InlineData("States.Base64Decode($)")]
    [InlineData("States.Hash($, 'MD5')")]
    public void Evaluate_TextOfMoreThanTenThousandCharacters_FailsUnlessQuotasAreRelaxed(string call)
    {
        var (most, more) = (new string('a', 10_000), new string('a', 10_004));
        List<Quota> reported = [];

        Assert.NotNull(Evaluate(call, most, QuotaGuard.Strict).Value);
        Assert.True(Evaluate(call, more, QuotaGuard.Strict).Failure?.IsIntrinsicFailure);
        Assert.NotNull(Evaluate(call, more, GuardOf(QuotaMode.Relaxed)).Value);
        Assert.Empty(reported);
        Assert.NotNull(Evaluate(call, more, GuardOf(QuotaMode.Warn)).Value);
        Assert.Equal([Quota.IntrinsicTextCharacters], reported);

        QuotaGuard GuardOf(QuotaMode mode) =>
            new(new QuotaPolicy { Mode = mode }, (quota, _) => reported.Add(quota));
    }

    [Fact]
    public void Evaluate_RangeOfAThousandItems_IsTheMostInStrictMode()
    {
        var relaxed = new QuotaGuard(new QuotaPolicy { Mode = QuotaMode.Relaxed }, (_, _) => { });

        Assert.Equal(1000, ((JsonArray?)Evaluate("States.ArrayRange(1, 1000, 1)").Value)?.Count);
        Assert.Equal(1001, ((JsonArray?)Evaluate("States.ArrayRange(0, 1000, 1)", Input, relaxed).Value)?.Count);
        Assert.NotNull(Evaluate("States.ArrayRange(0, 1000000, 1)", Input, relaxed).Failure);
    }

    [Fact]
    public void Reads_Call_TellsOfVariablesAndToken()
    {
        var call = IntrinsicCall.Parse("States.Format('{}{}', $a.x, States.Array($b, $.c))");

        Assert.Equal(["a", "b"], call.Variables);
        Assert.False(call.ReadsTaskToken);
        Assert.True(IntrinsicCall.Parse("States.Array(States.JsonToString($$.Task.Token))").ReadsTaskToken);
    }

    private static string Text(JsonValue? value) => value is JsonString text ? text.Value : "";

    private static ValueResult Evaluate(string call, ulong seed = 0) =>
        IntrinsicCall.Parse(call).Evaluate(new PathRoots(Input, _ => Context, Variables, seed));

    private static ValueResult Evaluate(string call, JsonValue input, QuotaGuard quotas) =>
        IntrinsicCall.Parse(call).Evaluate(new PathRoots(input, _ => Context, Variables, 0, quotas));
}

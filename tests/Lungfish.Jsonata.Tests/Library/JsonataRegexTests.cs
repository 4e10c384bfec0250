using Lungfish.Jsonata.Library;

namespace Lungfish.Jsonata.Tests.Library;

public sealed class JsonataRegexTests
{
    [Theory]
    [InlineData("ab", "", "cabd", "ab")]
    [InlineData("AB", "i", "cabd", "ab")]
    [InlineData("a.c", "", "a\nc abc", "abc")]
    [InlineData("[^]", "", "\n", "\n")]
    [InlineData("^b$", "m", "a\nb\nc", "b")]
    [InlineData("^b$", "m", "a\rb\u2028c", "b")]
    [InlineData(@"\bä", "", "bä", "ä")] // ä is no word character in JavaScript, so that a word ends before it.
    [InlineData(@"a\b", "", "aä", "a")]
    [InlineData(@"\u0041\x42\t", "", "AB\t", "AB\t")]
    [InlineData(@"[\w-]+", "", "ä a-b", "a-b")]
    [InlineData(@"[a-z-[]+", "", "x-[y", "x-[y")]
    [InlineData(@"\s+", "", "a\u00A0\uFEFFb", "\u00A0\uFEFF")]
    [InlineData(@"\S+", "", "\u2003x\u2003", "x")]
    [InlineData(@"a{2}", "", "aaa", "aa")]
    [InlineData(@"a{,2}", "", "a{,2}", "a{,2}")]
    [InlineData(@"(?<y>\d{4})-\k<y>", "", "2018-2018", "2018-2018")]
    [InlineData(@"(a)|\1b", "", "b", "b")]
    [InlineData(@"(?=b)b", "", "ab", "b")]
    [InlineData(@"(?<!a)b", "", "abb", "b")]
    [InlineData(@"x*?y", "", "xxy", "xxy")]
    [InlineData(@"[\]]", "", "]", "]")]
    [InlineData(@"\/", "", "/", "/")]
    [InlineData(@"#", "", " #", "#")]
    [InlineData(@"[\b]", "", "\b", "\b")]
    [InlineData(@"\cJ", "", "\n", "\n")]
    [InlineData(@"\0", "", "\0", "\0")]
    public void Match_Pattern_MatchesAsInJavaScript(string pattern, string flags, string text, string match) =>
        Assert.Equal(match, JsonataRegex.Compile(pattern, flags).Match(text)?.Text);

    [Theory]
    [InlineData("b$", "", "b\n")] // .NET's dollar would take the line end.
    [InlineData(@"^\d$", "", "٣")]
    [InlineData(@"^\w$", "", "ä")]
    [InlineData("^.$", "", "\u2028")]
    [InlineData("[]", "", "x")]
    [InlineData("b", "", "")]
    [InlineData("^b", "", "a\nb")]
    public void Match_Pattern_DoesNotMatchAsInJavaScript(string pattern, string flags, string text) =>
        Assert.Null(JsonataRegex.Compile(pattern, flags).Match(text));

    [Fact]
    public void Match_WhiteSpaceInStepFunctions_IsThatOfAscii() =>
        Assert.Null(JsonataRegex.Compile(@"\s", stepFunctions: true).Match("\u00A0"));

    [Fact]
    public void Match_Groups_AreNumberedInOrderWithNamedOnes()
    {
        var match = JsonataRegex.Compile("(?<first>a)(b)?(?:c)(d)").Match("xacd");

        Assert.Equal((1, 3), (match?.Start, match?.Length));
        Assert.Equal(["a", null, "d"], match?.Groups);
    }

    [Fact]
    public void Next_EmptyMatch_IsD1004()
    {
        var regex = JsonataRegex.Compile("a*");
        var first = regex.Match("aab");

        Assert.Equal(2, first?.Length);
        Assert.Equal("D1004", Assert.Throws<JsonataFault>(() => first is null ? null : regex.Next("aab", first)).Code);
    }

    [Theory]
    [InlineData("(a+)+$")]
    [InlineData("(a|aa)+$")]
    [InlineData("(.*)*x")]
    public void Match_PatternThatWouldBacktrackForEver_AnswersSoon(string pattern) =>
        Assert.Null(JsonataRegex.Compile(pattern).Match(new string('a', 50_000) + "b"));

    [Fact]
    public void Match_LookAroundThatBacktracksForEver_IsStopped() => Assert.Equal(
        "U1001",
        Assert.Throws<JsonataFault>(() => JsonataRegex.Compile("(?=a)(a+)+$").Match(new string('a', 60) + "b")).Code);

    [Theory]
    [InlineData("(")]
    [InlineData(")")]
    [InlineData("[")]
    [InlineData("*")]
    [InlineData("a**")]
    [InlineData("[b-a]")]
    [InlineData("a{2,1}")]
    [InlineData("(?<a>x)(?<a>y)")]
    [InlineData("(?<1>x)")]
    [InlineData("(?i)x")]
    [InlineData("(?<n>x)\\k<m>")]
    [InlineData("\\")]
    [InlineData("a{99999}")]
    [InlineData("((a{1000}){1000}){1000}")]
    public void Compile_NoPattern_IsS0303(string pattern) =>
        Assert.Equal("S0303", Assert.Throws<JsonataFault>(() => JsonataRegex.Compile(pattern)).Code);

    [Fact]
    public void Compile_Empty_IsS0301() =>
        Assert.Equal("S0301", Assert.Throws<JsonataFault>(() => JsonataRegex.Compile("")).Code);
}

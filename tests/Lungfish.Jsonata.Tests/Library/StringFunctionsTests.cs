using Lungfish.Jsonata.Library;

namespace Lungfish.Jsonata.Tests.Library;

public sealed class StringFunctionsTests
{
    private const string Smile = "\ud83d\ude00";

    [Theory]
    [InlineData("", 0)]
    [InlineData("abc", 3)]
    [InlineData(Smile + "x" + Smile, 3)]
    public void Length_Text_CountsCharacters(string text, int length) =>
        Assert.Equal(length, StringFunctions.Length(text));

    [Fact]
    public void Length_LoneSurrogates_CountOneEach()
    {
        Assert.Equal(1, StringFunctions.Length("\ud83d"));
        Assert.Equal(2, StringFunctions.Length("\ude00\ud83d"));
    }

    [Theory]
    [InlineData("hello world", 3.0, 5.0, "lo wo")]
    [InlineData("hello", 3.0, null, "lo")]
    [InlineData("hello", -2.0, null, "lo")]
    [InlineData("hello", -20.0, 2.0, "he")]
    [InlineData("hello", -4.0, 2.0, "el")]
    [InlineData("hello", -2.0, 20.0, "lo")]
    [InlineData("hello", 9.0, null, "")]
    [InlineData("hello", 1.9, 2.9, "ell")]
    [InlineData("hello", 0.0, -1.0, "")]
    [InlineData("hello", 0.0, 1e300, "hello")]
    [InlineData(Smile + "ab", 1.0, 1.0, "a")]
    [InlineData("a" + Smile + "b", -2.0, 1.0, Smile)]
    public void Substring_Text_CountsCharacters(string text, double start, double? length, string piece) =>
        Assert.Equal(piece, StringFunctions.Substring(text, start, length));

    [Theory]
    [InlineData("hello", -2.0, null, "lo")]
    [InlineData("hello", -20.0, 2.0, "he")]
    [InlineData("a" + Smile, -2.0, null, Smile)]
    [InlineData("hello", 1.0, -1.0, "")]
    public void SubstringInStepFunctions_NegativeStart_CountsUnits(
        string text, double start, double? length, string piece) =>
        Assert.Equal(piece, StringFunctions.SubstringInStepFunctions(text, start, length));

    [Fact]
    public void SubstringBeforeAndAfter_Marker_IsTheFirst()
    {
        Assert.Equal("a", StringFunctions.SubstringBefore("a.b.c", "."));
        Assert.Equal("b.c", StringFunctions.SubstringAfter("a.b.c", "."));
        Assert.Equal("abc", StringFunctions.SubstringBefore("abc", "."));
        Assert.Equal("abc", StringFunctions.SubstringAfter("abc", "."));
        Assert.Equal("", StringFunctions.SubstringBefore("abc", ""));
    }

    [Theory]
    [InlineData("  Hello  \n World \t", "Hello World")]
    [InlineData("\u00A0x\u00A0", "\u00A0x\u00A0")]
    [InlineData(" \n ", "")]
    public void Trim_WhiteSpace_IsThatOfAscii(string text, string trimmed) =>
        Assert.Equal(trimmed, StringFunctions.Trim(text));

    [Theory]
    [InlineData("foo", 5, " ", "foo  ")]
    [InlineData("foo", -5, " ", "  foo")]
    [InlineData("foo", -5, "#", "##foo")]
    [InlineData("foo", 8, "-+", "foo-+-+-")]
    [InlineData("foo", 5.9, "", "foo  ")]
    [InlineData("foo", 2, "#", "foo")]
    [InlineData(Smile, 3, "ab" + Smile, Smile + "ab")]
    [InlineData("x", -5, "a" + Smile + "b", "a" + Smile + "bax")]
    public void Pad_Text_IsFilledToTheWidth(string text, double width, string padding, string padded) =>
        Assert.Equal(padded, StringFunctions.Pad(text, width, padding));

    [Theory]
    [InlineData("straße", "STRASSE", "straße")]
    [InlineData("ﬁn", "FIN", "ﬁn")]
    [InlineData("ΟΔΟΣ", "ΟΔΟΣ", "οδος")]
    [InlineData("İ", "İ", "i\u0307")]
    public void Case_LettersThatBecomeSeveral_DoSo(string text, string upper, string lower)
    {
        Assert.Equal(upper, StringFunctions.Uppercase(text));
        Assert.Equal(lower, StringFunctions.Lowercase(text));
    }

    [Fact]
    public void Split_Text_KeepsEmptyPieces()
    {
        Assert.Equal(["a", "", "b"], StringFunctions.Split("a,,b", ","));
        Assert.Equal(["a", ""], StringFunctions.Split("a,,b", ",", 2.5));
        Assert.Equal(["a", ".", "b"], StringFunctions.Split("a.b", ""));
        Assert.Equal([""], StringFunctions.Split("", ","));
        Assert.Empty(StringFunctions.Split("", ""));
        Assert.Empty(StringFunctions.Split("a,b", ",", 0));
    }

    [Fact]
    public void Split_Regex_CutsAtMatches()
    {
        var digits = JsonataRegex.Compile("[0-9]");

        Assert.Equal(["a", "b", "c"], StringFunctions.Split("a1b2c", digits));
        Assert.Equal(["a", "b"], StringFunctions.Split("a1b2c", digits, 2));
        Assert.Equal(["a", "b"], StringFunctions.Split("a1b2c", digits, 1.5));
        Assert.Equal(["", ""], StringFunctions.Split("1", digits));
        Assert.Equal(["abc"], StringFunctions.Split("abc", digits));
        Assert.Empty(StringFunctions.Split("abc", digits, 0));
    }

    [Fact]
    public void Split_NegativeLimit_IsD3020() => Assert.Equal(
        "D3020", Assert.Throws<JsonataFault>(() => StringFunctions.Split("a", ",", -1)).Code);

    [Fact]
    public void Replace_Text_IsLiteral()
    {
        Assert.Equal("$0a$0", StringFunctions.Replace("xax", "x", "$0"));
        Assert.Equal("yax", StringFunctions.Replace("xax", "x", "y", 1));
        Assert.Equal("xax", StringFunctions.Replace("xax", "x", "y", 0));
    }

    [Theory]
    [InlineData("(\\w+)\\s(\\w+)", "$2, $1", "Smith, John")]
    [InlineData("(\\w+)\\s(\\w+)", "$0!", "John Smith!")]
    [InlineData("(\\w+)\\s(\\w+)", "$$2", "$2")]
    [InlineData("(\\w+)\\s(\\w+)", "$3", "")]
    [InlineData("(\\w+)\\s(\\w+)", "$18", "John8")]
    [InlineData("John", "$x$", "$x$ Smith")]
    [InlineData("John", "[$1]", "[] Smith")]
    public void Replace_Regex_PutsGroupsIn(string pattern, string replacement, string text) => Assert.Equal(
        text, Replace("John Smith", pattern, replacement));

    [Fact]
    public void Replace_TwelveGroups_TakeTwoDigits() => Assert.Equal(
        "l-a3", Replace("abcdefghijkl", "(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)(k)(l)", "$12-$13"));

    [Fact]
    public void Replace_WrongArguments_AreRefused()
    {
        Assert.Equal("D3010", Assert.Throws<JsonataFault>(() => StringFunctions.Replace("a", "", "b")).Code);
        Assert.Equal("D3011", Assert.Throws<JsonataFault>(() => StringFunctions.Replace("a", "a", "b", -1)).Code);
    }

    private static string Replace(string text, string pattern, string replacement)
    {
        var match = JsonataRegex.Compile(pattern).Match(text);
        Assert.NotNull(match);
        return text[..match.Start] + Replacements.Expand(replacement, text, match) + text[match.End..];
    }
}

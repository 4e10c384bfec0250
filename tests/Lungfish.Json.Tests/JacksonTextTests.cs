namespace Lungfish.Json.Tests;

public sealed class JacksonTextTests
{
    private const string Values = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

    private const string Unexpected = "Unexpected character ";

    [Theory]
    [InlineData("not some json", $"Unrecognized token 'not': was expecting {Values}", 1, 4)] // Recorded.
    [InlineData("{'a': 1}", Unexpected + "(''' (code 39)): was expecting double-quote " +
        "to start field name", 1, 3)] // Recorded.
    [InlineData("{\"a\": tru}", $"Unrecognized token 'tru': was expecting {Values}", 1, 10)]
    [InlineData("{\"a\" 1}", Unexpected + "('1' (code 49)): was expecting a colon " +
        "to separate field name and value", 1, 7)]
    [InlineData("[1 2]", "Unexpected character ('2' (code 50)): was expecting comma to separate Array entries", 1, 5)]
    [InlineData("{\"a\":1\n\"b\":2}", Unexpected + "('\"' (code 34)): was expecting comma " +
        "to separate Object entries", 2, 2)]
    [InlineData("{\"a\":1,}", Unexpected + "('}' (code 125)): was expecting double-quote " +
        "to start field name", 1, 9)]
    [InlineData("[1,]", $"Unexpected character (']' (code 93)): expected a valid value {Values}", 1, 5)]
    [InlineData("01", "Invalid numeric value: Leading zeroes not allowed", 1, 2)]
    [InlineData("\"a", "Unexpected end-of-input: was expecting closing quote for a string value", 1, 3)]
    [InlineData("\"\\x\"", "Unrecognized character escape 'x' (code 120)", 1, 4)]
    public void Of_BadText_SaysWhatJacksonSays(string text, string message, int line, int column) =>
        Assert.Equal(new JacksonText(message, line, column), JacksonText.Of(text));

    [Fact]
    public void Source_LongText_IsCutAfter500Characters()
    {
        var text = new string('x', 510);

        Assert.Equal(
            $"[Source: (String)\"{text[..500]}\"[truncated 10 chars]; line: 1, column: 257]",
            JacksonText.Of(text).Source(text));
    }

    [Fact]
    public void Of_TextTooDeep_TellsTheLimit() => Assert.StartsWith(
        "Document nesting depth (1001) exceeds the maximum allowed (1000",
        JacksonText.Of(new string('[', 1001)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Of_RandomText_RefusesWhatTheParserRefuses()
    {
        var random = new Random(7);
        const string pieces = "[]{}:,\"\\/nul0123456789+-.eE truefals\n";
        for (var i = 0; i < 20_000; i++)
        {
            var text = new string(random.GetItems<char>(pieces, random.Next(12)));
            var jackson = JacksonText.Of(text);
            try
            {
                _ = JsonValue.Parse(text);
            }
            catch (JsonParseException)
            {
                Assert.True(jackson.Message.Length > 0 && jackson.Line >= 1 && jackson.Column >= 1, text);
            }
        }
    }
}

using System.Text;

namespace Lungfish.Json.Tests;

public sealed class JsonParserTests
{
    [Theory]
    [InlineData("null", "null")]
    [InlineData(" [ 1 , 2.50 , -0 , 1e3 ] ", "[1,2.50,-0,1e3]")]
    [InlineData("""{"b":1,"a":{"c":[]},"":{}}""", """{"b":1,"a":{"c":[]},"":{}}""")]
    [InlineData("\"\\u0041\\/\\u00e9\\n\\u0000\"", "\"A/é\\n\\u0000\"")]
    [InlineData("\"\\ud83d\\ude00\"", "\"😀\"")]
    [InlineData("\"\\ud800\"", "\"\\ud800\"")]
    [InlineData("\"x\\udc00\\ud800y\"", "\"x\\udc00\\ud800y\"")]
    [InlineData("1e400", "1e400")]
    [InlineData("123456789012345678901234567890", "123456789012345678901234567890")]
    [InlineData("9223372036854775808", "9223372036854775808")]
    public void Parse_Text_PrintsCompactWithItsDigits(string text, string expected)
    {
        var value = JsonValue.Parse(text);

        Assert.Equal(expected, value.ToText());
        Assert.Equal(Encoding.UTF8.GetByteCount(expected), value.Utf8Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("not")]
    [InlineData("[1,]")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{'a':1}")]
    [InlineData("01")]
    [InlineData("1 2")]
    [InlineData("\"a")]
    [InlineData("\"\t\"")]
    [InlineData("\"\\x\"")]
    [InlineData("\"\\u12g4\"")]
    [InlineData("NaN")]
    [InlineData("\ufeff1")]
    [InlineData("// a\n1")]
    [InlineData("\ud800")]
    public void Parse_NoJson_Throws(string text) => Assert.Throws<JsonParseException>(() => JsonValue.Parse(text));

    [Fact]
    public void Parse_NoJson_TellsLineAndColumn()
    {
        var e = Assert.Throws<JsonParseException>(() => JsonValue.Parse("{\n  \"a\": tru\n}"));

        Assert.Equal((2, 11), (e.Line, e.Column));
        Assert.DoesNotContain("LineNumber", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { (byte)'"', 0xff, (byte)'"' })]
    [InlineData(new byte[] { (byte)'"', 0xc0, 0x80, (byte)'"' })]
    [InlineData(new byte[] { (byte)'"', 0xed, 0xa0, 0x80, (byte)'"' })]
    [InlineData(new byte[] { (byte)'"', (byte)'\\', (byte)'n', 0xe2, 0x82, (byte)'"' })]
    [InlineData(new byte[] { (byte)'{', (byte)'"', 0xff, (byte)'"', (byte)':', (byte)'1', (byte)'}' })]
    public void Parse_BadUtf8_Throws(byte[] utf8) => Assert.Throws<JsonParseException>(() => JsonValue.Parse(utf8));

    [Fact]
    public void Parse_RepeatedName_KeepsFirstPlaceAndLastValue() =>
        Assert.Equal("""{"a":3,"b":2}""", JsonValue.Parse("""{"a":1,"b":2,"a":3}""").ToText());

    [Fact]
    public void Parse_RepeatedNameAmongMany_KeepsFirstPlaceAndLastValue()
    {
        var members = string.Join(',', Enumerable.Range(0, 100).Select(i => $"\"k{i % 60}\":{i}"));
        var obj = (JsonObject)JsonValue.Parse($"{{{members}}}");

        Assert.Equal(60, obj.Count);
        Assert.Equal(60L, ((JsonNumber?)obj["k0"])?.Value);
        Assert.Equal("k0", obj.First().Key);
        Assert.Equal(59L, ((JsonNumber?)obj["k59"])?.Value);
        Assert.Null(obj["k60"]);
    }

    [Fact]
    public void Parse_RawLoneSurrogateInAText_KeepsIt()
    {
        var value = (JsonString)JsonValue.Parse("\"a\ud800b\"");

        Assert.Equal("a\ud800b", value.Value);
        Assert.Equal("\"a\\ud800b\"", value.ToText());
    }

    [Theory]
    [InlineData('[', ']')]
    [InlineData('{', '}')]
    public void Parse_TooDeep_ThrowsWithTheLimit(char open, char close)
    {
        var level = open == '{' ? "{\"a\":" : "[";
        var text = string.Concat(Enumerable.Repeat(level, 10_000)) + "1" + new string(close, 10_000);

        var e = Assert.Throws<JsonParseException>(() => JsonValue.Parse(text));

        Assert.Contains("1000 levels", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_AtTheLimit_Passes() =>
        Assert.IsType<JsonArray>(
            JsonValue.Parse(new string('[', JsonValue.DepthMax) + new string(']', JsonValue.DepthMax)));

    [Fact]
    public void Value_FarDeeperThanAnyStack_CanBeUsed()
    {
        const int depth = 200_000;
        JsonValue value = JsonArray.Empty;
        for (var i = 0; i < depth; i++)
        {
            value = i % 2 == 0 ? JsonArray.Of(value, i) : JsonObject.Of("a", value);
        }

        var again = JsonValue.Parse(value.ToUtf8(), depthMax: int.MaxValue);

        Assert.Equal(value, again);
        Assert.Equal(value.GetHashCode(), again.GetHashCode());
        Assert.Equal(value.Utf8Length, again.Utf8Length);
    }

    [Fact]
    public void Parse_RandomBytes_ThrowsNothingElse()
    {
        var random = new Random(20260101);
        var pieces = "[]{}:,\"\\/bfnrtu0123456789+-.eE truefalsnl\0\u00ff"u8.ToArray();
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = new byte[random.Next(40)];
            random.NextBytes(bytes);
            if (i % 2 == 0)
            {
                bytes = [.. bytes.Select(b => pieces[b % pieces.Length])];
            }

            try
            {
                var value = JsonValue.Parse(bytes);
                Assert.Equal(value, JsonValue.Parse(value.ToUtf8()));
            }
            catch (JsonParseException e)
            {
                Assert.True(e.Line >= 1 && e.Column >= 1);
            }
        }
    }
}

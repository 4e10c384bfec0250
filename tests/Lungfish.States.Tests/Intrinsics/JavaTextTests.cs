using System.Text;
using Lungfish.Json;
using Lungfish.States.Intrinsics;

namespace Lungfish.States.Tests.Intrinsics;

public sealed class JavaTextTests
{
    // After the documentation of Double.toString; the object and the list are recorded.
    [Theory]
    [InlineData("""{"Arg1":1,"Arg2":[]}""", "{Arg1=1, Arg2=[]}")]
    [InlineData("""[1,"a b",null,true,{}]""", "[1, a b, null, true, {}]")]
    [InlineData("\"a\\\"b\"", "a\"b")]
    [InlineData("10000000000000000000000001", "10000000000000000000000001")]
    [InlineData("1.0", "1.0")]
    [InlineData("1.10", "1.1")]
    [InlineData("-1.5", "-1.5")]
    [InlineData("100.0", "100.0")]
    [InlineData("1e3", "1000.0")]
    [InlineData("1234567.5", "1234567.5")]
    [InlineData("9999999.5", "9999999.5")]
    [InlineData("12345678.5", "1.23456785E7")]
    [InlineData("1e7", "1.0E7")]
    [InlineData("1e23", "1.0E23")]
    [InlineData("0.001", "0.001")]
    [InlineData("0.00123", "0.00123")]
    [InlineData("0.0001", "1.0E-4")]
    [InlineData("-2.5e-7", "-2.5E-7")]
    [InlineData("0.0", "0.0")]
    [InlineData("1e400", "Infinity")]
    [InlineData("1.7976931348623157e308", "1.7976931348623157E308")]
    public void Append_Value_IsWrittenAsJavaDoes(string json, string expected)
    {
        var text = new StringBuilder();
        JavaText.Append(text, JsonValue.Parse(json));

        Assert.Equal(expected, text.ToString());
    }

    /// <summary>An expression nests values as deep as its tail calls go on, far deeper than what is parsed.</summary>
    [Fact]
    public void Append_ValueDeeperThanTheStack_IsWritten()
    {
        const int levels = 100_000;
        JsonValue value = 1;
        for (var i = 0; i < levels; i++)
        {
            value = JsonArray.Of(JsonObject.Of("a", value));
        }

        var text = JavaText.Of(value);

        Assert.StartsWith("[{a=[{a=", text, StringComparison.Ordinal);
        Assert.EndsWith("=1" + string.Concat(Enumerable.Repeat("}]", levels)), text, StringComparison.Ordinal);
    }
}

using Lungfish.Json;
using Lungfish.Jsonata.Library;

namespace Lungfish.Jsonata.Tests.Library;

public sealed class NumberTextTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(-0.0, "0")]
    [InlineData(-42, "-42")]
    [InlineData(0.1 + 0.2, "0.3")]
    [InlineData(1 / 3.0, "0.333333333333333")]
    [InlineData(6666666666.666666, "6666666666.66667")]
    [InlineData(123456789012345.5, "123456789012346")]
    [InlineData(704605627852002.5, "704605627852003")] // The exact middle, which .NET rounds to even.
    [InlineData(-70460562785200.25, "-70460562785200.3")]
    [InlineData(0.1234567890123455, "0.123456789012345")]
    [InlineData(12345678901234.55, "12345678901234.6")]
    [InlineData(999999999999999.9, "1000000000000000")]
    [InlineData(1e15, "1000000000000000")]
    [InlineData(123456789012345680000.0, "123456789012345680000")]
    [InlineData(4611686018427387904.0, "4611686018427388000")]
    [InlineData(1e21, "1e+21")]
    [InlineData(-1.5e21, "-1.5e+21")]
    [InlineData(1e-6, "0.000001")]
    [InlineData(0.000001234567890123456789, "0.00000123456789012346")]
    [InlineData(1e-7, "1e-7")]
    [InlineData(1.234e-7, "1.234e-7")]
    [InlineData(5e-324, "5e-324")]
    [InlineData(1.7976931348623157e308, "1.7976931348623157e+308")]
    public void Of_Number_IsWrittenAsJavaScriptDoesWith15Digits(double value, string text) =>
        Assert.Equal(text, NumberText.Of(value));

    [Theory]
    [InlineData(0.1 + 0.2, "0.30000000000000004")]
    [InlineData(123456789012345.5, "123456789012345.5")]
    public void Shortest_Number_KeepsItsDigits(double value, string text) =>
        Assert.Equal(text, NumberText.Shortest(value));

    [Theory]
    [InlineData(4611686018427387904.0, "4611686018427387904")]
    [InlineData(9223372036854775808.0, "9223372036854776000")]
    [InlineData(1e21, "1e+21")]
    [InlineData(1e-7, "1e-7")]
    [InlineData(1 / 3.0, "0.333333333333333")]
    public void InStepFunctions_WholeNumberOf64Bits_IsExact(double value, string text) =>
        Assert.Equal(text, NumberText.InStepFunctions(value));

    [Theory]
    [InlineData(1e25, "1.0E25")]
    [InlineData(-12345678.5, "-1.23456785E7")]
    [InlineData(1234567.5, "1234567.5")]
    [InlineData(100, "100.0")]
    [InlineData(0.001, "0.001")]
    [InlineData(0.0001, "1.0E-4")]
    [InlineData(0, "0.0")]
    public void TextOf_JavaNumber_IsThatOfDoubleToString(double value, string text) =>
        Assert.Equal(text, JavaNumber.TextOf(value));

    [Theory]
    [InlineData("1e25 * 1", "1.0E25")]
    [InlineData("10000000000000000000000001", "1.0E25")]
    [InlineData("[0.5, 3.0, 12345678.5, 4e18]", "[0.5,3,1.23456785E7,4000000000000000000]")]
    public void Evaluate_NumberInStepFunctions_IsWrittenAsJavaDoes(string expression, string json) => Assert.Equal(
        json,
        JsonataExpression.Compile(expression, JsonataDialect.StepFunctions)
            .Evaluate(null, JsonataEnvironment.Empty)?.ToText());

    [Theory]
    [InlineData("""{"a":[1,{"b":[]}],"c":{}}""", """{"a":[1,{"b":[]}],"c":{}}""")]
    [InlineData("[0.30000000000000004]", "[0.3]")]
    [InlineData("\"text\"", "text")]
    [InlineData("[\"te\\nxt\", null, true]", "[\"te\\nxt\",null,true]")]
    public void Text_Value_IsCompactJson(string json, string text) =>
        Assert.Equal(text, JsonataText.Of(JsonValue.Parse(json)));

    [Fact]
    public void Text_Pretty_IndentsByTwo() => Assert.Equal(
        "{\n  \"a\": [\n    1,\n    {\n      \"b\": []\n    }\n  ],\n  \"c\": \"x\"\n}",
        JsonataText.Of(JsonValue.Parse("""{"a":[1,{"b":[]}],"c":"x"}"""), pretty: true));
}

using Lungfish.Jsonata.Library;

namespace Lungfish.Jsonata.Tests.Library;

public sealed class NumberBasesTests
{
    [Theory]
    [InlineData(100, 2, "1100100")]
    [InlineData(2555, 16, "9fb")]
    [InlineData(-35, 36, "-z")]
    [InlineData(99.5, 2.5, "1100100")]
    [InlineData(0, 2, "0")]
    [InlineData(123456789012345680, 8, "6664664564614171520")]
    [InlineData(1e21, 10, "1e+21")]
    [InlineData(9007199254740992, 2, "100000000000000000000000000000000000000000000000000000")]
    public void Format_Number_IsInThatBase(double value, double radix, string text) =>
        Assert.Equal(text, NumberBases.Format(value, radix));

    [Theory]
    [InlineData(1)]
    [InlineData(37)]
    [InlineData(double.NaN)]
    public void Format_NoSuchBase_IsD3100(double radix) => Assert.Equal(
        "D3100", Assert.Throws<JsonataFault>(() => NumberBases.Format(100, radix)).Code);

    [Theory]
    [InlineData("-0.05", -0.05)]
    [InlineData("1.0e-2", 0.01)]
    [InlineData("-007", -7)]
    [InlineData("000.00123000", 0.00123)]
    [InlineData("1E+2", 100)]
    [InlineData("0x12", 18)]
    [InlineData("0XfF", 255)]
    [InlineData("0o17", 15)]
    [InlineData("0B101", 5)]
    public void Parse_Number_IsRead(string text, double value) => Assert.Equal(value, NumberBases.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData("1.e3")]
    [InlineData("1.2.3")]
    [InlineData("+5")]
    [InlineData(" 5")]
    [InlineData("5 ")]
    [InlineData("5\n")]
    [InlineData("1e")]
    [InlineData("1,000")]
    [InlineData("10e500")]
    [InlineData("Infinity")]
    [InlineData("NaN")]
    [InlineData("0x")]
    [InlineData("0xg")]
    [InlineData("0o8")]
    [InlineData("0b2")]
    [InlineData("-0x1")]
    public void Parse_Otherwise_IsD3030(string text) => Assert.Equal(
        "D3030", Assert.Throws<JsonataFault>(() => NumberBases.Parse(text)).Code);
}

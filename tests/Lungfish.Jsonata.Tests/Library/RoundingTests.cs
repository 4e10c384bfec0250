using Lungfish.Jsonata.Library;

namespace Lungfish.Jsonata.Tests.Library;

public sealed class RoundingTests
{
    [Theory]
    [InlineData(2.5, 0, 2)]
    [InlineData(3.5, 0, 4)]
    [InlineData(-7.5, 0, -8)]
    [InlineData(4.49, 1, 4.5)]
    [InlineData(2.675, 2, 2.68)]
    [InlineData(2.665, 2, 2.66)]
    [InlineData(25, -1, 20)]
    [InlineData(12450, -2, 12400)]
    [InlineData(6.022e-23, 24, 6e-23)]
    [InlineData(1.5, 400, 1.5)]
    [InlineData(1.5, -400, 0)]
    [InlineData(1e300, -299, 1e300)]
    public void Round_Number_IsHalfToEvenOnItsDigits(double value, int precision, double expected) =>
        Assert.Equal(expected, Rounding.Round(value, precision));

    [Fact]
    public void Round_SmallNegative_IsZeroWithoutASign() => Assert.False(double.IsNegative(Rounding.Round(-0.2)));

    [Fact]
    public void Power_Overflow_IsD3061() => Assert.Equal(
        "D3061", Assert.Throws<JsonataFault>(() => Rounding.Power(100, 1000)).Code);

    [Fact]
    public void Sqrt_Negative_IsD3060() => Assert.Equal(
        "D3060", Assert.Throws<JsonataFault>(() => Rounding.Sqrt(-2)).Code);
}

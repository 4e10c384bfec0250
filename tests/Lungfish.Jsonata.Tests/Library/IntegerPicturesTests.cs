using Lungfish.Jsonata.Library;

namespace Lungfish.Jsonata.Tests.Library;

public sealed class IntegerPicturesTests
{
    [Theory]
    [InlineData(123, "000", "123")]
    [InlineData(12, "0000", "0012")]
    [InlineData(123, "000;o", "123rd")]
    [InlineData(11, "0;o", "11th")]
    [InlineData(111, "0;o", "111th")]
    [InlineData(21, "0;o", "21st")]
    [InlineData(-5, "00", "-05")]
    [InlineData(1234567890, "#,##0", "1,234,567,890")]
    [InlineData(1234567890, "#,###,##0", "1,234,567,890")]
    [InlineData(1234567890, "#:###,##0", "1234:567,890")]
    [InlineData(1234567890, "##,##,##0", "12345,67,890")]
    [InlineData(5, "#.###,00", "05")]
    [InlineData(12340, "###١", "١٢٣٤٠")]
    [InlineData(12340, "###０", "１２３４０")]
    [InlineData(1e21, "0", "1000000000000000000000")]
    [InlineData(99, "I", "XCIX")]
    [InlineData(1984, "i", "mcmlxxxiv")]
    [InlineData(0, "I", "")]
    [InlineData(1, "A", "A")]
    [InlineData(27, "a", "aa")]
    [InlineData(300, "A", "KN")]
    [InlineData(0, "w", "zero")]
    [InlineData(34, "w", "thirty-four")]
    [InlineData(555, "W", "FIVE HUNDRED AND FIFTY-FIVE")]
    [InlineData(919, "Ww", "Nine Hundred And Nineteen")]
    [InlineData(2018, "w", "two thousand and eighteen")]
    [InlineData(3730, "w", "three thousand, seven hundred and thirty")]
    [InlineData(1e15, "w", "one thousand trillion")]
    [InlineData(12, "w;o", "twelfth")]
    [InlineData(20, "w;o", "twentieth")]
    [InlineData(100, "w;o", "one hundredth")]
    [InlineData(1000001, "w;o", "one million and first")]
    public void Format_Number_FollowsThePicture(double value, string picture, string text) =>
        Assert.Equal(text, IntegerPictures.Format(value, picture), ignoreCase: picture == "Ww");

    [Theory]
    [InlineData("123", "000", 123)]
    [InlineData("28th", "#0;o", 28)]
    [InlineData("١٢٣٤٠", "###١", 12340)]
    [InlineData("1,234,567,890", "#,##0", 1234567890)]
    [InlineData("1.234", "#.##0", 1234)]
    [InlineData("1234:567,890", "#:###,##0", 1234567890)]
    [InlineData("-12", "0", -12)]
    [InlineData("xcix", "i", 99)]
    [InlineData("", "I", 0)]
    [InlineData("KN", "A", 300)]
    [InlineData("Five Hundred and Fifty-Five", "Ww", 555)]
    [InlineData("three hundred and twenty-seven thousand, seven hundred and thirteenth", "w;o", 327713)]
    [InlineData("ten billion trillion trillion trillion", "w", 1e46)]
    public void Parse_Text_IsReadByThePicture(string text, string picture, double value) =>
        Assert.Equal(value, IntegerPictures.Parse(text, picture));

    [Theory]
    [InlineData("hello", "w")]
    [InlineData("x1", "I")]
    [InlineData("1", "a")]
    [InlineData("abc", "0")]
    public void Parse_TextOfAnotherForm_IsNothing(string text, string picture) =>
        Assert.Null(IntegerPictures.Parse(text, picture));

    [Theory]
    [InlineData(1, "#", "D3130")]
    [InlineData(1, "α", "D3130")]
    [InlineData(1, "0٠", "D3131")]
    [InlineData(1e9, "I", "D1001")]
    [InlineData(double.PositiveInfinity, "w", "D1001")]
    public void Format_PictureOrNumberOutOfReach_IsRefused(double value, string picture, string code) => Assert.Equal(
        code, Assert.Throws<JsonataFault>(() => IntegerPictures.Format(value, picture)).Code);
}

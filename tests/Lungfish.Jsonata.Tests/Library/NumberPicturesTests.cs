using Lungfish.Json;
using Lungfish.Jsonata.Library;

namespace Lungfish.Jsonata.Tests.Library;

public sealed class NumberPicturesTests
{
    [Theory]
    [InlineData(12345.6, "#,###.00", "12,345.60")] // Documented: XPath's and JSONata's examples.
    [InlineData(12345678.9, "9,999.99", "12,345,678.90")]
    [InlineData(123412345678.9, "9,9,99.99", "123412345,6,78.90")]
    [InlineData(123.9, "9999", "0124")]
    [InlineData(0.14, "01%", "14%")]
    [InlineData(0.14, "001‰", "140‰")]
    [InlineData(-6, "000", "-006")]
    [InlineData(1234.5678, "00.000e0", "12.346e2")]
    [InlineData(0.234, "0.0e0", "2.3e-1")]
    [InlineData(0.123, "#.e9", "0.1e0")]
    [InlineData(10, "0.0e0", "1.0e1")]
    [InlineData(0, "0e0", "0e0")]
    [InlineData(-42, "0e0", "-4e1")]
    [InlineData(34.555, "#0.00;(#0.00)", "34.56")]
    [InlineData(-34.555, "#0.00;(#0.00)", "(34.56)")]
    [InlineData(-87504.4812, "000,000.000###;###,###.000###", "87,504.4812")]
    [InlineData(185.2812, "PREFIX##00.000###SUFFIX", "PREFIX185.2812SUFFIX")]
    [InlineData(0.125, "0.00", "0.12")]
    [InlineData(0, "#", "0")]
    [InlineData(0.5, "#.#", ".5")]
    [InlineData(1234567.1234567, "#,##0.000,000,0", "1,234,567.123,456,7")]
    [InlineData(1e21, "#,##0", "1,000,000,000,000,000,000,000")]
    [InlineData(double.NaN, "#0.00", "NaN")]
    [InlineData(double.NegativeInfinity, "#0.00", "-Infinity")]
    [InlineData(-8.6e306, "#0%", "-Infinity%")]
    public void Format_Number_FollowsThePicture(double value, string picture, string text) =>
        Assert.Equal(text, NumberPictures.Format(value, picture));

    [Theory]
    [InlineData(0.14, "###pm", """{"per-mille": "pm"}""", "140pm")]
    [InlineData(0.1, "AeAAA", """{"zero-digit": "A"}""", "Be-AAB")]
    [InlineData(1234.5, "#.##0,00", """{"decimal-separator": ",", "grouping-separator": "."}""", "1.234,50")]
    [InlineData(1234.5678, "①①.①①①e①", """{"zero-digit": "①"}""", "②③.④⑤⑦e③")]
    public void Format_OtherSigns_AreUsed(double value, string picture, string options, string text)
    {
        // The digits that follow the circled one are one further in that block of Unicode.
        Assert.Equal(
            text, NumberPictures.Format(value, picture, (JsonObject)JsonValue.Parse(options)));
    }

    [Theory]
    [InlineData("#;#;#", "D3080")]
    [InlineData("#.0.0", "D3081")]
    [InlineData("#0%%", "D3082")]
    [InlineData("#0‰‰", "D3083")]
    [InlineData("#0%‰", "D3084")]
    [InlineData(".e0", "D3085")]
    [InlineData("0+.e0", "D3086")]
    [InlineData("%%", "D3086")]
    [InlineData("0,.e0", "D3087")]
    [InlineData("0,", "D3088")]
    [InlineData("0,,0", "D3089")]
    [InlineData("0#.e0", "D3090")]
    [InlineData("#0.#0e0", "D3091")]
    [InlineData("#0.0e0%", "D3092")]
    [InlineData("#0.0e0,0", "D3093")]
    public void Format_PictureThatBreaksARule_IsRefused(string picture, string code) => Assert.Equal(
        code, Assert.Throws<JsonataFault>(() => NumberPictures.Format(20, picture)).Code);
}

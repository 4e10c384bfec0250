using System.Collections.Immutable;
using System.Text;
using Lungfish.Engine.MapRuns;
using Lungfish.Integrations.Items;

namespace Lungfish.Integrations.Tests;

public sealed class CsvTests
{
    [Theory]
    [InlineData("a,b\n", 4, "a|b")]
    [InlineData("a,b\r\nc", 5, "a|b")]
    [InlineData("a,b\rc", 4, "a|b")]
    [InlineData("a,b", 3, "a|b")]
    [InlineData(",,,\n", 4, "|||")]
    [InlineData("\n", 1, "")]
    [InlineData("   \n", 4, "   ")]
    [InlineData("\"a,b\",c\n", 8, "a,b|c")]
    [InlineData("\"a\"\"b\"\n", 7, "a\"b")]
    [InlineData("\"\"\"\"", 4, "\"")]
    [InlineData("\"two\nlines\r\n\",x", 15, "two\nlines\r\n|x")]
    [InlineData("\"\",\"\"\n", 6, "|")]
    [InlineData("a \"b\" c,d", 9, "a \"b\" c|d")]
    [InlineData("'a,b'\n", 6, "'a|b'")]
    [InlineData("ä,€\n", 7, "ä|€")]
    public void Read_WholeText_GivesTheRow(string text, int length, string cells)
    {
        var row = new List<string>();

        Assert.Equal(length, CsvRow.Read(Encoding.UTF8.GetBytes(text), isWhole: true, (byte)',', row));
        Assert.Equal(cells, string.Join('|', row));
    }

    [Theory]
    [InlineData("\"open")]
    [InlineData("\"a\"b\n")]
    [InlineData("x,\"a\" ,b\n")]
    public void Read_QuotesOutOfPlace_AreRefused(string text) => Assert.Throws<ItemReaderException>(
        () => CsvRow.Read(Encoding.UTF8.GetBytes(text), isWhole: true, (byte)',', []));

    // Recorded in scenarios_s3: test_map_item_reader_base_csv_headers_first_line and its kin.
    [Theory]
    [InlineData("Col1,Col2\nValue1,Value2\n", "", """[{"Col1":"Value1","Col2":"Value2"}]""")]
    [InlineData("C1,C2,C3\n,,,\nNull,None,\n   \n", "",
        """[{"C1":"","C2":"","C3":""},{"C1":"Null","C2":"None","C3":""},{"C1":"   ","C2":"","C3":""}]""")]
    [InlineData("V1,V2,V3\n,,,\n", "H1", """[{"H1":"V1"},{"H1":""}]""")]
    [InlineData("0,True,{}\na,b,c\n", "", """[{"0":"a","True":"b","{}":"c"}]""")]
    [InlineData("\uFEFFa,b\r\n\r\n1,2", "", """[{"a":"1","b":"2"}]""")]
    [InlineData("a\n\"\"\n\nx\n", "", """[{"a":""},{"a":"x"}]""")]
    [InlineData("a,\n1,2\n", "", """[{"a":"1","":"2"}]""")]
    [InlineData("a,b\n", "", "[]")]
    [InlineData("", "", "[]")]
    public async Task Rows_OfAFile_AreObjectsOfTexts(string text, string headers, string expected) =>
        Assert.Equal(expected, await Records.ReadAllAsync(Reader(text, ',', headers)));

    [Theory]
    [InlineData('|')]
    [InlineData(';')]
    [InlineData(' ')]
    [InlineData('\t')]
    public async Task Rows_OtherDelimiter_AreSplitAtIt(char delimiter) => Assert.Equal(
        """[{"a":"1,2","b":"3"}]""",
        await Records.ReadAllAsync(Reader($"a{delimiter}b\n1,2{delimiter}3\n", delimiter, "")));

    [Theory]
    [InlineData("a,a\n1,2\n", "")]
    [InlineData("1,2\n", "H1,H1,H3")]
    public async Task Headers_Twice_FailAsRecorded(string text, string headers)
    {
        var failure = await Assert.ThrowsAsync<ItemReaderException>(
            async () => await Records.ReadAllAsync(Reader(text, ',', headers)));

        Assert.Equal("CSV headers cannot contain duplicates.", failure.Message);
    }

    [Fact]
    public async Task Rows_LongerThanTheBuffer_AreReadWhole()
    {
        var cell = new string('x', 300_000);

        var rows = await Records.ReadAllAsync(Reader($"a,b\n{cell},1\n2,{cell}\n", ',', ""));

        Assert.Equal($$"""[{"a":"{{cell}}","b":"1"},{"a":"2","b":"{{cell}}"}]""", rows);
    }

    private static CsvReader Reader(string text, char delimiter, string headers) => new(
        new ByteWindow(new MemoryStream(Encoding.UTF8.GetBytes(text)), 0),
        delimiter,
        headers.Length == 0 ? ImmutableArray<string>.Empty : [.. headers.Split(',')]);
}

using System.Text;
using Lungfish.Engine.MapRuns;
using Lungfish.Integrations.Items;
using Lungfish.Json;

namespace Lungfish.Integrations.Tests;

public sealed class JsonItemsTests
{
    [Theory]
    [InlineData("[]", "", "[]")]
    [InlineData(""" [ 1 , "two", {"3":[4]}, [], null ] """, "", """[1,"two",{"3":[4]},[],null]""")]
    [InlineData("\uFEFF[1]", "", "[1]")]
    [InlineData("""{"x":{"items":[0]},"y":[9],"items":[1,2]}""", "/items", "[1,2]")]
    [InlineData("""{"skip":[[{"b":1}],{}],"a":{"b":[1]}}""", "/a/b", "[1]")]
    [InlineData("""{"a/b":{"c~d":[1]}}""", "/a~1b/c~0d", "[1]")]
    [InlineData("""[[1],[[2],[3]],4]""", "/1/1", "[3]")]
    [InlineData("""{"":[7]}""", "/", "[7]")]
    [InlineData("""{"a":{"k":1,"l":[2]}}""", "/a", """{"k":1,"l":[2]}""")]
    [InlineData("""{"\u0061":[1]}""", "/a", "[1]")]
    [InlineData("""{"\ud83d":[9],"a":{"\udc00":1}}""", "/a", """{"\udc00":1}""")] // Lone surrogates, escaped.
    public async Task Items_OfAnArrayOrObject_AreAllThere(string text, string pointer, string expected) =>
        Assert.Equal(expected, await Records.ReadAllAsync(Reader(text, pointer)));

    // Recorded in test_map_item_reader_json_no_json_list_object, for the object.
    [Theory]
    [InlineData("""{"Hello": "world"}""", "")]
    [InlineData("1", "")]
    [InlineData("\"text\"", "")]
    [InlineData("null", "")]
    [InlineData("""{"a":5}""", "/a")]
    public async Task Items_OfSomethingElse_FailAsRecorded(string text, string pointer) => Assert.Equal(
        "Attempting to map over non-iterable node.",
        (await FailsAsync(Reader(text, pointer))).Message);

    [Theory]
    [InlineData("""{"a":[1]}""", "/b")]
    [InlineData("""{"a":[1]}""", "/a/1")]
    [InlineData("""{"a":[1]}""", "/a/0/x")]
    [InlineData("""{"a":[1]}""", "/a/-")]
    [InlineData("""{"a":[1]}""", "/a/b")]
    public async Task Items_PointerLeadsNowhere_IsSaid(string text, string pointer) => Assert.Contains(
        $"'{pointer}' does not lead", (await FailsAsync(Reader(text, pointer))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("[1,")]
    [InlineData("[1 2]")]
    [InlineData("[1,}")]
    [InlineData("[{\"a\":[1")]
    [InlineData("nothing")]
    public async Task Items_TextThatIsNoJson_IsRefused(string text) =>
        Assert.Contains("JSON", (await FailsAsync(Reader(text, ""))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Items_LargerThanTheBuffer_AreReadOneByOne()
    {
        var text = new string('x', 200_000);

        var items = await Records.ReadAllAsync(
            Reader($$"""{"before":"{{text}}","a":["{{text}}",1,"{{text}}"]}""", "/a"));

        Assert.Equal($$"""["{{text}}",1,"{{text}}"]""", items);
    }

    [Theory]
    [InlineData(""" [ 1 , {"a":[2]} ,3, "4" ] """, "")]
    [InlineData("""{"x":0,"a":{"b":{"k":1, "l" : [2] ,"m":null}}}""", "/a/b")]
    public async Task Items_ReadOnFromAnyPosition_AreTheRest(string text, string pointer)
    {
        var all = Reader(text, pointer);
        var before = new List<ItemRecord>();
        var expected = await Records.ReadAllAsync(Reader(text, pointer));
        while (await all.ReadAsync(default) is { } record)
        {
            before.Add(record);
            var rest = new JsonItemsReader(
                new ByteWindow(
                    new MemoryStream(Encoding.UTF8.GetBytes(text)[(int)all.Position.At..]), all.Position.At),
                all.Position);
            var together = JsonValue.Parse(await Records.ReadAllAsync(rest));
            var joined = together is JsonObject members
                ? (JsonValue)JsonObject.Of(before.Select(r => (r.Key ?? "", r.Value))
                    .Concat(members.Select(m => (m.Key, m.Value))))
                : record.Key is null
                    ? JsonArray.Of(before.Select(r => r.Value).Concat((JsonArray)together))
                    : JsonObject.Of(before.Select(r => (r.Key ?? "", r.Value)));
            Assert.Equal(expected, joined.ToText());
        }

        Assert.NotEmpty(before);
    }

    [Theory]
    [InlineData("{\"a\":1}\n[2]\n\"three\"\n", """[{"a":1},[2],"three"]""")]
    [InlineData("1\r\n\r\n  \n2", "[1,2]")]
    [InlineData("\uFEFFtrue", "[true]")]
    [InlineData("", "[]")]
    public async Task Lines_OfJson_AreItems(string text, string expected) => Assert.Equal(
        expected,
        await Records.ReadAllAsync(new JsonLinesReader(Window(Encoding.UTF8.GetBytes(text)))));

    [Fact]
    public async Task Lines_OneIsNoJson_NamesItsPlace() => Assert.Contains(
        "The line at byte 2 is no JSON",
        (await FailsAsync(new JsonLinesReader(Window("1\n{2}\n"u8.ToArray())))).Message,
        StringComparison.Ordinal);

    private static JsonItemsReader Reader(string text, string pointer) =>
        new(Window(Encoding.UTF8.GetBytes(text)), pointer);

    private static ByteWindow Window(byte[] bytes) => new(new MemoryStream(bytes), 0);

    private static Task<ItemReaderException> FailsAsync(RecordReader reader) =>
        Assert.ThrowsAsync<ItemReaderException>(() => Records.ReadAllAsync(reader));
}

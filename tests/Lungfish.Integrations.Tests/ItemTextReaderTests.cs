using Lungfish.Engine.MapRuns;
using Lungfish.Integrations.Items;
using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Model;

namespace Lungfish.Integrations.Tests;

public sealed class ItemTextReaderTests
{
    [Theory]
    [InlineData("JSON", "[1, 2]", "[1,2]")]
    [InlineData("JSONL", "1\n{\"a\":2}\n", """[1,{"a":2}]""")]
    [InlineData("CSV", "id,name\n1,x\n", """[{"id":"1","name":"x"}]""")]
    public async Task Read_TextOfAFormat_GivesItsItems(string type, string text, string items)
    {
        var page = await ReadAsync("getObject", new ReaderConfig { InputType = type }, text);

        Assert.Equal(items, page.Items.ToText());
        Assert.Equal("S3://b/k.gz", page.Origin); // The text is given as it is, whatever the key says.
    }

    [Fact]
    public async Task Read_Listing_TakesItsObjectsAsAnArray()
    {
        var page = await ReadAsync("listObjectsV2", ReaderConfig.Default, """[{"Key":"k"}]""");

        Assert.Equal("""[{"Key":"k"}]""", page.Items.ToText());
    }

    [Theory]
    [InlineData("MANIFEST", "x")]
    [InlineData("JSON", "nope")]
    public async Task Read_TextThatIsNoData_IsRefused(string type, string text) =>
        await Assert.ThrowsAsync<ItemReaderException>(
            () => ReadAsync("getObject", new ReaderConfig { InputType = type }, text).AsTask());

    private static ValueTask<ItemsPage> ReadAsync(string action, ReaderConfig config, string text) =>
        new ItemTextReader().ReadAsync(
            new ItemSource(
                new ServiceIntegration(
                    $"arn:aws:states:::s3:{action}", "s3", action, IntegrationPattern.RequestResponse),
                JsonObject.Of(("Bucket", "b"), ("Key", "k.gz")),
                config),
            text,
            TestContext.Current.CancellationToken);
}

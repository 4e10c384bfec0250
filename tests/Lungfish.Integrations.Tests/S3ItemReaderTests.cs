using System.IO.Compression;
using System.Text;
using Lungfish.Engine.MapRuns;
using Lungfish.Integrations.Items;
using Lungfish.Integrations.S3;
using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Model;
using Lungfish.Tests.Shared;

namespace Lungfish.Integrations.Tests;

public sealed class S3ItemReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FolderBuckets _store;
    private readonly S3ItemReader _reader;

    public S3ItemReaderTests()
    {
        _store = new FolderBuckets(_folder["buckets"]);
        _ = Directory.CreateDirectory(_folder["buckets/data"]);
        _reader = new S3ItemReader(_store);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("JSON", "[1,2,3,4,5]", "[1,2,3,4,5]")]
    [InlineData("JSONL", "1\n2\n3\n4\n5", "[1,2,3,4,5]")]
    [InlineData("CSV", "a\n1\n2\n3\n", """[{"a":"1"},{"a":"2"},{"a":"3"}]""")]
    public async Task Read_PageByPage_GivesAllItemsOnce(string type, string content, string expected)
    {
        await PutAsync("file", content);
        var source = Get("file", new ReaderConfig { InputType = type });

        foreach (var countMax in (int[])[1, 2, 3, 100])
        {
            var pages = await ReadAllAsync(source, countMax);

            Assert.Equal(expected, Join(pages).ToText());
            Assert.All(pages, page => Assert.Equal("S3://data/file", page.Origin));
            Assert.All(pages, page => Assert.InRange(((JsonArray)page.Items).Count, 0, countMax));
        }
    }

    [Fact]
    public async Task Read_ObjectBelowAPointer_GivesItsMembers()
    {
        await PutAsync("file", """{"a":{"k":1,"l":2,"m":3}}""");
        var source = Get("file", new ReaderConfig { InputType = "JSON", ItemsPointer = "/a" });

        var pages = await ReadAllAsync(source, 2);

        Assert.Equal(["""{"k":1,"l":2}""", """{"m":3}"""], pages.Select(page => page.Items.ToText()));
    }

    [Fact]
    public async Task Read_ObjectChangedBetweenPages_FailsAndSaysSo()
    {
        await PutAsync("file", "1\n2\n3\n");
        var source = Get("file", new ReaderConfig { InputType = "JSONL" });
        var first = await _reader.ReadAsync(source, null, 1, default);
        await PutAsync("file", "4\n5\n6\n");

        var failure = await Assert.ThrowsAsync<ItemReaderException>(
            async () => await _reader.ReadAsync(source, first.Next, 1, default));

        Assert.Equal("The object s3://data/file changed while its items were read.", failure.Message);
    }

    [Fact]
    public async Task Read_LargeItems_EndAPageAtAboutOneMebibyte()
    {
        var line = JsonValue.Parse($"\"{new string('x', 400_000)}\"").ToText();
        await PutAsync("file", string.Join('\n', Enumerable.Repeat(line, 7)));

        var pages = await ReadAllAsync(Get("file", new ReaderConfig { InputType = "JSONL" }), 1000);

        Assert.Equal([3, 3, 1], pages.Select(page => ((JsonArray)page.Items).Count));
    }

    [Fact]
    public async Task Read_Listing_GivesWhatIsRecorded()
    {
        foreach (var key in (string[])["file_0.txt", "file_1.txt", "other"])
        {
            await PutAsync(key, "0HelloWorld!");
        }

        var pages = await ReadAllAsync(List("file_", ReaderConfig.Default), 1);

        var items = (JsonArray)Join(pages);
        Assert.Equal(2, items.Count);
        var item = (JsonObject)items[0];
        Assert.Equal(["Etag", "LastModified", "Key", "Size", "StorageClass"], item.Select(member => member.Key));
        Assert.Equal("file_0.txt", item["Key"]);
        Assert.Equal(12, item["Size"]);
        Assert.Equal("STANDARD", item["StorageClass"]);
        Assert.Equal(JsonKind.Number, item["LastModified"]?.Kind);
        Assert.All(pages, page => Assert.Equal("S3://data", page.Origin));
    }

    [Fact]
    public async Task Read_LoadAndFlatten_GivesTheItemsOfEachObjectByItself()
    {
        await PutAsync("in/a.json", "[1,2,3]");
        await PutAsync("in/b.json", "[]");
        await PutAsync("in/c.json", "[4]");
        var source = List("in/", new ReaderConfig { InputType = "JSON", Transformation = "LOAD_AND_FLATTEN" });

        var pages = await ReadAllAsync(source, 2);

        Assert.Equal("[1,2,3,4]", Join(pages).ToText());
        Assert.Equal(
            ["S3://data/in/a.json [1,2]", "S3://data/in/a.json [3]", "S3://data/in/c.json [4]"],
            pages.Where(page => page.Items is JsonArray { Count: > 0 })
                .Select(page => $"{page.Origin} {page.Items.ToText()}"));
    }

    [Fact]
    public async Task Read_Inventory_GivesRowsByTheColumnsOfItsManifest()
    {
        await PutAsync(
            "inv/manifest.json",
            """
            {"sourceBucket":"src","destinationBucket":"arn:aws:s3:::data","fileFormat":"CSV",
             "fileSchema":"Bucket, Key, Size","files":[{"key":"inv/1.csv.gz"},{"key":"inv/2.csv.gz"}]}
            """);
        await PutCompressedAsync("inv/1.csv.gz", "\"src\",\"a\",\"1\"\n\"src\",\"b\",\"2\"\n");
        await PutCompressedAsync("inv/2.csv.gz", "\"src\",\"c\",\"3\"\n");

        ReaderConfig[] spellings = [new() { InputType = "MANIFEST" }, new() { ManifestType = "S3_INVENTORY" }];
        foreach (var config in spellings)
        {
            var pages = await ReadAllAsync(Get("inv/manifest.json", config), 1);

            Assert.Equal(
                """
                [{"Bucket":"src","Key":"a","Size":"1"},{"Bucket":"src","Key":"b","Size":"2"},
                {"Bucket":"src","Key":"c","Size":"3"}]
                """.ReplaceLineEndings(""),
                Join(pages).ToText());
        }
    }

    [Fact]
    public async Task Read_AthenaManifest_GivesTheRecordsOfItsFiles()
    {
        await PutAsync("m.csv", "s3://data/one.jsonl\ns3://data/two.jsonl\n");
        await PutAsync("one.jsonl", "1\n2\n");
        await PutAsync("two.jsonl", "3\n");
        var source = Get("m.csv", new ReaderConfig { ManifestType = "ATHENA_DATA", InputType = "JSONL" });

        Assert.Equal("[1,2,3]", Join(await ReadAllAsync(source, 1)).ToText());
    }

    [Fact]
    public async Task Read_ManifestChangedBetweenPages_FailsAndSaysSo()
    {
        await PutAsync("m.csv", "s3://data/one\ns3://data/two\n");
        await PutAsync("one", "1\n2\n");
        var source = Get("m.csv", new ReaderConfig { ManifestType = "ATHENA_DATA", InputType = "JSONL" });
        var first = await _reader.ReadAsync(source, null, 1, default);
        await PutAsync("m.csv", "s3://data/two\n");

        var failure = await Assert.ThrowsAsync<ItemReaderException>(
            async () => await _reader.ReadAsync(source, first.Next, 1, default));

        Assert.Contains("The manifest s3://data/m.csv changed", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PARQUET", "Lungfish does not read PARQUET")]
    [InlineData("CSV", "s3://data/none in the folder buckets: The specified key does not exist (NoSuchKey).")]
    [InlineData(null, "must have an InputType")]
    public async Task Read_WhatCannotBeRead_IsSaid(string? type, string words)
    {
        var failure = await Assert.ThrowsAsync<ItemReaderException>(
            async () => await _reader.ReadAsync(Get("none", new ReaderConfig { InputType = type }), null, 1, default));

        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_ConnectionBreaksOff_IsTriedAgain()
    {
        await using var s3 = new FakeS3((200, FakeS3.Broken), (200, FakeS3.Broken), (200, "[1,2,3]"));
        using var store = new HttpObjectStore(new S3EndpointOptions { Endpoint = s3.Url }, TimeProvider.System);

        var page = await new S3ItemReader(store).ReadAsync(
            Get("file", new ReaderConfig { InputType = "JSON" }), null, 100, default);

        Assert.Equal("[1,2,3]", page.Items.ToText());
        Assert.Equal(3, s3.Asked.Count);
    }

    [Fact]
    public async Task Read_ConnectionKeepsBreakingOff_FailsAndSaysSo()
    {
        await using var s3 = new FakeS3((200, FakeS3.Broken));
        using var store = new HttpObjectStore(new S3EndpointOptions { Endpoint = s3.Url }, TimeProvider.System);

        var failure = await Assert.ThrowsAsync<ItemReaderException>(
            async () => await new S3ItemReader(store).ReadAsync(
                Get("file", new ReaderConfig { InputType = "JSON" }), null, 100, default));

        Assert.Contains("cannot read", failure.Message, StringComparison.Ordinal);
        Assert.Equal(3, s3.Asked.Count);
    }

    [Fact]
    public async Task Read_NotGzip_IsSaid()
    {
        await PutAsync("file.gz", "plain");

        var failure = await Assert.ThrowsAsync<ItemReaderException>(
            async () => await _reader.ReadAsync(
                Get("file.gz", new ReaderConfig { InputType = "CSV" }), null, 1, default));

        Assert.Contains("is no gzip", failure.Message, StringComparison.Ordinal);
    }

    private static ItemSource Get(string key, ReaderConfig config) => new(
        Resource("getObject"), JsonObject.Of(("Bucket", "data"), ("Key", key)), config);

    private static ItemSource List(string prefix, ReaderConfig config) => new(
        Resource("listObjectsV2"), JsonObject.Of(("Bucket", "data"), ("Prefix", prefix)), config);

    private static ServiceIntegration Resource(string action) =>
        new($"arn:aws:states:::s3:{action}", "s3", action, IntegrationPattern.RequestResponse);

    private static JsonValue Join(IEnumerable<ItemsPage> pages) =>
        JsonArray.Of(pages.SelectMany(page => (JsonArray)page.Items));

    /// <summary>Asks for each page with a reader of its own, as after a restart.</summary>
    private async Task<List<ItemsPage>> ReadAllAsync(ItemSource source, int countMax)
    {
        var pages = new List<ItemsPage>();
        string? position = null;
        do
        {
            pages.Add(await new S3ItemReader(_store).ReadAsync(source, position, countMax, default));
            position = pages[^1].Next;
        }
        while (position is not null);

        return pages;
    }

    private Task PutAsync(string key, string content) =>
        _store.PutAsync(new("data", key), Encoding.UTF8.GetBytes(content), null, default);

    private async Task PutCompressedAsync(string key, string content)
    {
        using var compressed = new MemoryStream();
        await using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(content));
        }

        _ = await _store.PutAsync(new("data", key), compressed.ToArray(), null, default);
    }
}

using System.Text;
using Lungfish.Integrations.S3;
using Lungfish.Server.Hosting;
using Lungfish.Tests.Shared;

namespace Lungfish.Server.Tests;

/// <summary>Our own S3 client against our own S3 endpoint: what both sides make of odd keys and many objects.</summary>
public sealed class HttpObjectStoreTests : IAsyncLifetime
{
    private readonly TemporaryFolder _data = new();
    private LungfishServer? _server;
    private HttpObjectStore? _store;

    private HttpObjectStore Store => _store ?? throw new InvalidOperationException("Not started.");

    public async ValueTask InitializeAsync()
    {
        _server = await Servers.StartAsync(_data);
        _store = new HttpObjectStore(
            new S3EndpointOptions { Endpoint = _server.Url, Credentials = new AwsCredentials("any", "any") },
            TimeProvider.System);
        await Store.CreateBucketAsync("data", default);
    }

    public async ValueTask DisposeAsync()
    {
        _store?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _data.Dispose();
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("a b/c+d/%2F=&?#.txt")]
    [InlineData("ü/€/\U0001F600")]
    [InlineData("\u0001control\n")]
    public async Task Put_OddKey_IsReadListedAndDeletedByThatKey(string key)
    {
        var put = await Store.PutAsync(new("data", key), Encoding.UTF8.GetBytes("hello"), null, default);
        await using (var read = await Store.OpenAsync(new("data", key), 2, put.Etag, default))
        {
            Assert.Equal("llo", await new StreamReader(read.Content).ReadToEndAsync());
            Assert.Equal((5, put.Etag), (read.Attributes.Size, read.Attributes.Etag));
        }

        Assert.Equal([key], await KeysAsync(""));
        Assert.Equal(5, (await Store.HeadAsync(new("data", key), default)).Size);
        await Store.DeleteAsync(new("data", key), default);
        Assert.Empty(await KeysAsync(""));
    }

    [Fact]
    public async Task List_MoreThanAPage_GivesAllInOrder()
    {
        var folder = Directory.CreateDirectory(_data["buckets/data/many"]);
        string[] keys = [.. Enumerable.Range(0, 2_345).Select(i => $"many/{i:D5}")];
        foreach (var key in keys)
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, Path.GetFileName(key)), "");
        }

        Assert.Equal(keys, await KeysAsync("many/"));
        Assert.Equal(keys[1000..], await KeysAsync("many/", keys[999]));
    }

    [Fact]
    public async Task Open_AnotherEtagOrNoSuchThing_IsRefusedByName()
    {
        _ = await Store.PutAsync(new("data", "k"), Encoding.UTF8.GetBytes("hello"), null, default);

        await RefusesAsync("PreconditionFailed", () => Store.OpenAsync(new("data", "k"), 0, "\"other\"", default));
        await RefusesAsync("InvalidRange", () => Store.OpenAsync(new("data", "k"), 5, null, default));
        await RefusesAsync("NoSuchKey", () => Store.OpenAsync(new("data", "none"), 0, null, default));
        await RefusesAsync("NoSuchKey", () => Store.HeadAsync(new("data", "none"), default));
        await RefusesAsync("NoSuchBucket", () => Store.HeadBucketAsync("none", default));
        await RefusesAsync("BucketAlreadyOwnedByYou", () => Store.CreateBucketAsync("data", default));
        await RefusesAsync("BucketNotEmpty", () => Store.DeleteBucketAsync("data", default));
        await RefusesAsync(
            "InvalidRequest", () => Store.PutAsync(new("data", "../../x"), new byte[1], null, default));
    }

    [Fact]
    public async Task Buckets_Created_AreListed()
    {
        await Store.CreateBucketAsync("more", default);

        Assert.Equal(["data", "more"], (await Store.ListBucketsAsync(default)).Select(bucket => bucket.Name));
        await Store.DeleteBucketAsync("more", default);
        Assert.Equal(["data"], (await Store.ListBucketsAsync(default)).Select(bucket => bucket.Name));
    }

    private static async Task RefusesAsync(string code, Func<Task> act) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<ObjectStoreException>(act)).Code);

    private async Task<List<string>> KeysAsync(string prefix, string? startAfter = null)
    {
        var keys = new List<string>();
        await foreach (var item in Store.ListAsync("data", prefix, startAfter, default))
        {
            keys.Add(item.Key);
        }

        return keys;
    }
}

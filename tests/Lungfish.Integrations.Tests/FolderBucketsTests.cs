using System.Text;
using Lungfish.Integrations.S3;
using Lungfish.Tests.Shared;

namespace Lungfish.Integrations.Tests;

public sealed class FolderBucketsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FolderBuckets _store;

    public FolderBucketsTests()
    {
        _store = new FolderBuckets(_folder["buckets"]);
        _ = Directory.CreateDirectory(_folder["buckets/data"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Put_ThenOpen_GivesTheContentAndItsMd5()
    {
        var put = await PutAsync("a/b.txt", "hello");

        await using var read = await _store.OpenAsync(new("data", "a/b.txt"), 1, put.Etag, default);

        Assert.Equal("\"5d41402abc4b2a76b9719d911017c592\"", put.Etag); // MD5 of "hello".
        Assert.Equal(put.Etag, read.Attributes.Etag);
        Assert.Equal(5, read.Attributes.Size);
        Assert.Equal("ello", await new StreamReader(read.Content).ReadToEndAsync());
        Assert.Equal("hello", await File.ReadAllTextAsync(_folder["buckets/data/a/b.txt"]));
    }

    [Fact]
    public async Task Open_FilePutThereByHand_IsAnObject()
    {
        await File.WriteAllTextAsync(_folder["buckets/data/mine.csv"], "a,b\n");

        await using var read = await _store.OpenAsync(new("data", "mine.csv"), 0, null, default);

        Assert.Equal("a,b\n", await new StreamReader(read.Content).ReadToEndAsync());
    }

    [Fact]
    public async Task Open_AnotherEtag_IsRefused()
    {
        var first = await PutAsync("k", "one");
        _ = await PutAsync("k", "other");

        await RefusesAsync("PreconditionFailed", () => _store.OpenAsync(new("data", "k"), 0, first.Etag, default));
    }

    [Theory]
    [InlineData("../secret")]
    [InlineData("a/../../secret")]
    [InlineData("/etc/passwd")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("nul\0byte")]
    public async Task Put_KeyThatIsNoPlainPath_IsRefusedAndWritesNothing(string key)
    {
        await File.WriteAllTextAsync(_folder["secret"], "untouched");

        await RefusesAsync("InvalidRequest", () => PutAsync(key, "x"));
        await RefusesAsync("NoSuchKey", () => _store.HeadAsync(new("data", key), default));
        await _store.DeleteAsync(new("data", key), default);

        Assert.Equal("untouched", await File.ReadAllTextAsync(_folder["secret"]));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["buckets/data"]));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["buckets/.incoming"]));
    }

    [Fact]
    public void WhyNotAPath_LoneSurrogate_WouldBecomeAnotherKey()
    {
        Assert.NotNull(BucketNames.WhyNotAPath("\ud800"));
        Assert.NotNull(BucketNames.WhyNotAPath("\udc00\ud800"));
        Assert.Null(BucketNames.WhyNotAPath("\ud83d\ude00"));
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".incoming")]
    [InlineData("Data")]
    [InlineData("no")]
    [InlineData("data/../data")]
    public async Task Head_BucketNameThatIsNone_IsNoSuchBucket(string bucket)
    {
        await RefusesAsync("NoSuchBucket", () => _store.HeadAsync(new(bucket, "k"), default));
        await RefusesAsync("InvalidBucketName", () => _store.CreateBucketAsync(bucket, default));
    }

    [Fact]
    public async Task Open_ThroughALink_IsNoSuchKey()
    {
        await File.WriteAllTextAsync(_folder["secret"], "s");
        _ = Directory.CreateDirectory(_folder["outside"]);
        await File.WriteAllTextAsync(_folder["outside/file"], "s");
        _ = File.CreateSymbolicLink(_folder["buckets/data/link"], _folder["secret"]);
        _ = Directory.CreateSymbolicLink(_folder["buckets/data/dir"], _folder["outside"]);
        _ = Directory.CreateSymbolicLink(_folder["buckets/linked"], _folder["outside"]);

        await RefusesAsync("NoSuchKey", () => _store.OpenAsync(new("data", "link"), 0, null, default));
        await RefusesAsync("NoSuchKey", () => _store.OpenAsync(new("data", "dir/file"), 0, null, default));
        await RefusesAsync("NoSuchBucket", () => _store.OpenAsync(new("linked", "file"), 0, null, default));
        await RefusesAsync("InvalidRequest", () => PutAsync("dir/new", "x"));
        await RefusesAsync("InvalidRequest", () => PutAsync("link", "x"));
        await _store.DeleteAsync(new("data", "dir/file"), default);

        Assert.Empty(await ListAsync("", null));
        Assert.Equal("s", await File.ReadAllTextAsync(_folder["secret"]));
        Assert.Equal(["file"], Directory.EnumerateFiles(_folder["outside"]).Select(Path.GetFileName));
    }

    [Fact]
    public async Task List_Keys_ComeInTheOrderOfTheirBytes()
    {
        // U+10000 is after U+FFFD in UTF-8, and before it in UTF-16. A dot is before a slash, and a zero after it.
        string[] keys = ["a.txt", "a/b", "a/b/c0", "a/b.txt", "a0", "\ufffd", "\U00010000", "A"];
        foreach (var key in keys.Where(key => key != "a/b"))
        {
            _ = await PutAsync(key, key);
        }

        var expected = keys.Where(key => key != "a/b")
            .OrderBy(key => Convert.ToHexString(Encoding.UTF8.GetBytes(key)), StringComparer.Ordinal)
            .ToList();

        Assert.Equal(expected, await ListAsync("", null));
        for (var i = 0; i < expected.Count; i++)
        {
            Assert.Equal(expected[(i + 1)..], await ListAsync("", expected[i]));
        }

        Assert.Equal(["a/b.txt", "a/b/c0"], await ListAsync("a/", null));
        Assert.Equal(["a/b/c0"], await ListAsync("a/b/", null));
        Assert.Equal(["a.txt", "a/b.txt", "a/b/c0", "a0"], await ListAsync("a", null));
        Assert.Empty(await ListAsync("../", null));
    }

    [Fact]
    public async Task List_LargeFolderThatChanges_ShowsTheChange()
    {
        for (var i = 0; i < 2_500; i++)
        {
            await File.WriteAllTextAsync(_folder[$"buckets/data/f{i:D4}"], "");
        }

        // Older than any file system's clock step: now its order is kept.
        Directory.SetLastWriteTimeUtc(_folder["buckets/data"], DateTime.UtcNow.AddHours(-1));
        var before = await ListAsync("f1", "f1998");
        _ = await PutAsync("f1998a", "x");
        File.Delete(_folder["buckets/data/f1999"]);

        Assert.Equal(["f1999"], before);
        Assert.Equal(["f1998a"], await ListAsync("f1", "f1998"));
        Assert.Equal(2_500, (await ListAsync("", null)).Count);
    }

    [Fact]
    public async Task Delete_LastObjectOfAFolder_RemovesTheFolderAndKeepsTheBucket()
    {
        _ = await PutAsync("a/b/c", "x");

        await _store.DeleteAsync(new("data", "a/b/c"), default);
        await _store.DeleteAsync(new("data", "a/b/c"), default);

        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["buckets/data"]));
        await _store.HeadBucketAsync("data", default);
    }

    [Fact]
    public async Task Put_KeyBelowAnObject_IsRefusedWithTheReason()
    {
        _ = await PutAsync("a/b", "x");

        var above = await RefusesAsync("InvalidRequest", () => PutAsync("a", "x"));
        _ = await RefusesAsync("InvalidRequest", () => PutAsync("a/b/c", "x"));

        Assert.Contains("as if it were a folder", above.Message, StringComparison.Ordinal);
        Assert.Equal(["a/b"], await ListAsync("", null));
    }

    [Fact]
    public async Task Put_WriterThrows_LeavesTheOldObject()
    {
        _ = await PutAsync("k", "old");

        _ = await Assert.ThrowsAsync<IOException>(() => _store.PutAsync(
            new("data", "k"),
            async (content, token) =>
            {
                await content.WriteAsync("half"u8.ToArray(), token);
                throw new IOException("the sender went away");
            },
            default));

        Assert.Equal("old", await File.ReadAllTextAsync(_folder["buckets/data/k"]));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["buckets/.incoming"]));
    }

    [Fact]
    public async Task Buckets_CreatedAndDeleted_AreListed()
    {
        await _store.CreateBucketAsync("more", default);
        _ = await RefusesAsync("BucketAlreadyOwnedByYou", () => _store.CreateBucketAsync("more", default));
        _ = await PutAsync("k", "x");

        Assert.Equal(["data", "more"], (await _store.ListBucketsAsync(default)).Select(bucket => bucket.Name));
        _ = await RefusesAsync("BucketNotEmpty", () => _store.DeleteBucketAsync("data", default));
        await _store.DeleteBucketAsync("more", default);
        Assert.Equal(["data"], (await _store.ListBucketsAsync(default)).Select(bucket => bucket.Name));
    }

    private Task<ObjectAttributes> PutAsync(string key, string content) =>
        _store.PutAsync(new("data", key), Encoding.UTF8.GetBytes(content), null, default);

    private async Task<List<string>> ListAsync(string prefix, string? startAfter)
    {
        var keys = new List<string>();
        await foreach (var item in _store.ListAsync("data", prefix, startAfter, default))
        {
            keys.Add(item.Key);
        }

        return keys;
    }

    private static async Task<ObjectStoreException> RefusesAsync(string code, Func<Task> act)
    {
        var refusal = await Assert.ThrowsAsync<ObjectStoreException>(act);
        Assert.Equal(code, refusal.Code);
        return refusal;
    }
}

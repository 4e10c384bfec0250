using Lungfish.Engine.Storage;

namespace Lungfish.Storage.Contract.Contracts;

public abstract class CatalogContract(IStoreHost host) : StoreContract(host)
{
    private const string Kind = "machine";

    private Task WriteAsync(params CatalogChange[] changes) => Store.WriteCatalogAsync(changes, Cancellation);

    private static CatalogChange Put(string key, string value, long? expectedVersion = null) =>
        new(Kind, key, expectedVersion, Given.Bytes(value));

    private static CatalogChange Remove(string key, long? expectedVersion = null) =>
        new(Kind, key, expectedVersion, null);

    private async Task<(long Version, string Value)?> FindAsync(string key) =>
        await Store.FindCatalogAsync(Kind, key, Cancellation) is { } entry
            ? (entry.Version, Given.Text(entry.Value))
            : null;

    [Fact]
    public async Task WriteCatalog_NewAndAgain_CountsItsVersions()
    {
        await WriteAsync(Put("a", "one", expectedVersion: 0));
        Assert.Equal((1L, "one"), await FindAsync("a"));

        await WriteAsync(Put("a", "two", expectedVersion: 1));
        await WriteAsync(Put("a", ""));
        await ReopenAsync();

        Assert.Equal((3L, ""), await FindAsync("a"));
    }

    [Fact]
    public async Task WriteCatalog_Removed_IsGoneAndBeginsAnew()
    {
        await WriteAsync(Put("a", "one"), Put("b", "one"));
        await WriteAsync(Remove("a", expectedVersion: 1), Remove("never-there"));
        Assert.Null(await FindAsync("a"));

        await WriteAsync(Put("a", "two", expectedVersion: 0));

        Assert.Equal((1L, "two"), await FindAsync("a"));
    }

    [Theory]
    [InlineData("there", 0L)]
    [InlineData("there", 2L)]
    [InlineData("missing", 1L)]
    public async Task WriteCatalog_AnotherVersionThanExpected_WritesNothing(string key, long expectedVersion)
    {
        await WriteAsync(Put("there", "one"));

        await Assert.ThrowsAsync<CatalogConflictException>(() =>
            WriteAsync(Put("new", "x"), Put(key, "two", expectedVersion), Remove("there")));

        Assert.Null(await FindAsync("new"));
        Assert.Equal((1L, "one"), await FindAsync("there"));
    }

    [Fact]
    public async Task WriteCatalog_ManyWithTheSameExpectation_OneWins()
    {
        var writes = Enumerable.Range(0, 30)
            .Select(i => WriteAsync(Put("a", $"value {i}", expectedVersion: 0))).ToList();

        await Task.WhenAll(writes).ContinueWith(_ => { }, Cancellation, default, TaskScheduler.Default);

        Assert.Equal(1, writes.Count(write => write.IsCompletedSuccessfully));
        Assert.Equal(29, writes.Count(write => write.Exception?.InnerException is CatalogConflictException));
        Assert.Equal(1, (await FindAsync("a"))?.Version);
    }

    [Fact]
    public async Task FindCatalog_SameKeyOfAnotherKind_IsAnotherEntry()
    {
        await WriteAsync(Put("a", "one"));

        Assert.Null(await Store.FindCatalogAsync("activity", "a", Cancellation));
    }

    [Theory]
    [InlineData("", null, 10, "a a/1 a/10 a/2 a0 b")]
    [InlineData("a/", null, 10, "a/1 a/10 a/2")]
    [InlineData("a/", "a/1", 10, "a/10 a/2")]
    [InlineData("a/", "a/1", 1, "a/10")]
    [InlineData("a/", "a/2", 10, "")]
    [InlineData("a/", "A", 10, "a/1 a/10 a/2")]
    [InlineData("", "a0", 10, "b")]
    [InlineData("c", null, 10, "")]
    public async Task ListCatalog_PrefixAndCursor_InOrdinalOrder(
        string prefix, string? after, int countMax, string expected)
    {
        await WriteAsync(
            Put("a/2", "v"), Put("b", "v"), Put("a", "v"), Put("a/10", "v"), Put("a0", "v"), Put("a/1", "v"));
        await Store.WriteCatalogAsync([new("activity", "a/3", 0, Given.Bytes("v"))], Cancellation);

        var entries = await Store.ListCatalogAsync(Kind, prefix, after, countMax, Cancellation);

        Assert.Equal(expected, string.Join(' ', entries.Select(entry => entry.Key)));
        Assert.All(
            entries, entry => Assert.Equal((Kind, 1L, "v"), (entry.Kind, entry.Version, Given.Text(entry.Value))));
    }
}

using Lungfish.Engine.Storage;
using Lungfish.Storage.Sqlite;

namespace Lungfish.Storage.Contract.Sqlite;

/// <summary>Who writes, and when the log is copied though nobody pauses.</summary>
public sealed class SqliteWriterTests : IAsyncDisposable
{
    private readonly SqliteHost _host = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Write_NobodyAtWork_IsDurableBeforeItReturns()
    {
        await using var store = await _host.OpenSqliteAsync(new SqliteStoreOptions());

        var write = store.WriteCatalogAsync([Change("a", 10)], Cancellation);

        Assert.True(write.IsCompletedSuccessfully);
        Assert.NotNull(await store.FindCatalogAsync("test", "a", Cancellation));
    }

    [Fact]
    public async Task Write_WithoutAnyPause_DoesNotLetTheLogGrow()
    {
        await using var store = await _host.OpenSqliteAsync(new SqliteStoreOptions());
        for (var i = 0; i < 60; i++)
        {
            await store.WriteCatalogAsync([Change("a", 1_000_000, (byte)i)], Cancellation);
        }

        // 60 MB went through it, and it is copied at 16 MiB.
        Assert.InRange(new FileInfo(_host.Database + "-wal").Length, 16_000_000, 24_000_000);
    }

    [Fact]
    public async Task Write_ManyThreads_AllAreWrittenOnce()
    {
        await using var store = await _host.OpenSqliteAsync(new SqliteStoreOptions());
        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(
            async () =>
            {
                for (var i = 0; i < 50; i++)
                {
                    var change = Change($"{thread}", 100) with { ExpectedVersion = i };
                    await store.WriteCatalogAsync([change], Cancellation);
                }
            },
            Cancellation)));

        var entries = await store.ListCatalogAsync("test", "", null, 100, Cancellation);
        Assert.Equal(Enumerable.Repeat(50L, 8), entries.Select(entry => entry.Version));
    }

    [Fact]
    public async Task Dispose_HousekeepingHasFailed_Ends()
    {
        var patience = TimeSpan.FromMinutes(2); // Only to fail rather than hang.
        var store = await _host.OpenSqliteAsync(new SqliteStoreOptions());
        File.Delete(_host.Database); // As when somebody removes the folder; the log is due at 16 MiB.

        for (var i = 0; i < 60 && !store.Failed.IsCompleted; i++)
        {
            _ = await Record.ExceptionAsync(
                () => store.WriteCatalogAsync([Change("a", 1_000_000, (byte)i)], Cancellation));
        }

        _ = await store.Failed.WaitAsync(patience, Cancellation);
        await store.DisposeAsync().AsTask().WaitAsync(patience, Cancellation);
    }

    /// <summary>SQLite writes nothing where the bytes are as they were.</summary>
    private static CatalogChange Change(string key, int bytes, byte fill = 0)
    {
        var value = new byte[bytes];
        value.AsSpan().Fill(fill);
        return new("test", key, null, value);
    }
}

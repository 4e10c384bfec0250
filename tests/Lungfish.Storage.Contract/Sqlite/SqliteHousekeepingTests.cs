using Lungfish.Storage.Sqlite.Native;
using Lungfish.Storage.Sqlite.Writing;

namespace Lungfish.Storage.Contract.Sqlite;

public sealed class SqliteHousekeepingTests : IAsyncLifetime, IDisposable
{
    private readonly SqliteHost _host = new();
    private readonly FakeDisk _disk = new() { FreeBytes = long.MaxValue };
    private Connection? _connection;

    private Connection Connection => _connection ?? throw new InvalidOperationException("The test has not begun.");

    private string Log => _host.Database + "-wal";

    public async ValueTask InitializeAsync()
    {
        await (await _host.OpenAsync()).DisposeAsync();
        _connection = Connection.OpenReadWrite(_host.Database);
        _connection.Execute("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0");
        _connection.WatchWal();
    }

    public void Dispose() => _connection?.Dispose();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _connection?.Dispose();
        await _host.DisposeAsync();
    }

    private void Write(long bytes) => Connection.Execute(
        $"INSERT OR REPLACE INTO lf_catalog VALUES ('test', 'a', 1, zeroblob({bytes}))");

    [Fact]
    public void AfterCommit_LongLog_IsCopiedAndWrittenOver()
    {
        var housekeeping = new Housekeeping(Connection, _host.Database, _disk);
        for (var i = 0; i < 12; i++)
        {
            Write(4_000_000);
            housekeeping.AfterCommit();
        }

        // 48 MB went through it. It is copied at 16 MiB, so it never had much more.
        Assert.InRange(new FileInfo(Log).Length, 16_000_000, 28_000_000);
    }

    [Fact]
    public void AfterCommit_LogIsCopiedAndNothingComes_IsNotDueAgain()
    {
        var housekeeping = new Housekeeping(Connection, _host.Database, _disk);
        Write(20_000_000);
        Assert.True(housekeeping.IsDue);

        housekeeping.AfterCommit();

        Assert.False(housekeeping.IsDue); // Else the writer's thread would do it again and again.
    }

    [Fact]
    public void AfterCommit_ReaderThatStays_LetsTheLogGrowUntilItIsDone()
    {
        var housekeeping = new Housekeeping(Connection, _host.Database, _disk);
        using var reader = Connection.OpenReadOnly(_host.Database);
        reader.Execute("BEGIN; SELECT count(*) FROM lf_catalog");
        for (var i = 0; i < 10; i++)
        {
            Write(4_000_000);
            housekeeping.AfterCommit();
        }

        Assert.True(new FileInfo(Log).Length > 40_000_000);
        Assert.Equal(0, reader.QueryInt64("SELECT count(*) FROM lf_catalog"));

        reader.Execute("COMMIT");
        housekeeping.WhenIdle();
        housekeeping.WhenIdle();
        Assert.Equal(0, new FileInfo(Log).Length); // A burst left it long: made short when idle.
    }

    [Fact]
    public void WhenIdle_FreePages_GoBackToTheFileSystem()
    {
        var housekeeping = new Housekeeping(Connection, _host.Database, _disk, freePagesKept: 100);
        Write(20_000_000);
        Connection.Execute("DELETE FROM lf_catalog");
        Assert.True(Connection.QueryInt64("PRAGMA freelist_count") > 2_000);

        while (housekeeping.IdleWait != Timeout.InfiniteTimeSpan)
        {
            housekeeping.WhenIdle();
        }

        Assert.Equal(100, Connection.QueryInt64("PRAGMA freelist_count"));
    }

    [Fact]
    public void WhenIdle_DatabaseWouldGrowByMoreThanTheDiskHas_LeavesTheRoomToTheLog()
    {
        var housekeeping = new Housekeeping(Connection, _host.Database, _disk);
        var before = new FileInfo(_host.Database).Length;
        Write(1_000_000);

        _disk.FreeBytes = 500_000;
        housekeeping.WhenIdle();
        Assert.Equal(before, new FileInfo(_host.Database).Length);

        _disk.FreeBytes = 1_100_000;
        housekeeping.AfterCommit();
        housekeeping.WhenIdle();
        Assert.InRange(new FileInfo(_host.Database).Length, before + 900_000, before + 1_100_000);
    }
}

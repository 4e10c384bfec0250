using System.Diagnostics;
using System.Globalization;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Storage;
using Lungfish.Journal;
using Lungfish.States.Journal;
using Lungfish.Storage.Contract.Contracts;
using Lungfish.Storage.Sqlite;
using Lungfish.Storage.Sqlite.Native;

namespace Lungfish.Storage.Contract.Sqlite;

/// <summary>Full disks, killed processes and damaged rows.</summary>
public sealed class SqliteFaultTests : IAsyncDisposable
{
    private readonly SqliteHost _host = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static async Task<Owner> OwnAsync(SqliteStore store) => new(
        store, await store.AcquireAsync(Given.Partition, Given.AllSlots, Guid.NewGuid(), Cancellation));

    [Fact]
    public async Task Commit_DiskFull_WritesNothingAndGoesOnWhenThereIsSpace()
    {
        await using var store = await _host.OpenSqliteAsync(new SqliteStoreOptions { DatabaseBytesMax = 4_000_000 });
        var owner = await OwnAsync(store);
        var written = new List<ExecutionId>();
        ExecutionDelta refused;
        for (var i = 0; ; i++)
        {
            refused = Large($"order-{i}");
            try
            {
                await owner.CommitAsync(refused);
                written.Add(refused.Id);
            }
            catch (StoreFullException e)
            {
                Assert.Contains("full", e.Message);
                break;
            }
        }

        Assert.InRange(written.Count, 10, 100);
        Assert.Null(await store.FindExecutionAsync(refused.Id, Cancellation));
        Assert.NotNull(await store.FindExecutionAsync(written[^1], Cancellation)); // Reads go on.
        await Assert.ThrowsAsync<StoreFullException>(() => owner.CommitAsync(refused));
        Assert.Equal(StoreSpace.None, store.Space);

        await store.RemoveClosedAsync(DateTimeOffset.MaxValue, Given.Noon, 1_000, Cancellation);
        Assert.NotEqual(StoreSpace.None, store.Space);
        await owner.CommitAsync(refused); // The sequence was not used up by what was refused.
        Assert.False(store.Failed.IsCompleted);

        static ExecutionDelta Large(string name) => Given.Birth(name) with
        {
            Journal = new NewSegment(0, 1, 1, new JournalSegment(new byte[100_000], [])),
            Resting = Given.Closed(),
        };
    }

    [Fact]
    public async Task Commit_NoSpaceLeftOnTheDevice_WritesNothingAndGoesOnWhenThereIsSpace()
    {
        SkipUnlessLinux();
        var lease = await CommitAndCloseAsync(Given.Birth("order-1"));
        await using var store = await _host.OpenSqliteAsync(new SqliteStoreOptions());
        var owner = new Owner(store, lease);
        var refused = Given.Birth("order-2");

        // Only zeros are read from it; a disk that is full gives back what was written. So the log must be empty.
        using (OpenFiles.Replace(_host.Database + "-wal", "/dev/full", FileAccess.ReadWrite))
        {
            var full = await Assert.ThrowsAsync<StoreFullException>(() => owner.CommitAsync(refused));
            Assert.Contains("full", full.Message);
        }

        Assert.Null(await store.FindExecutionAsync(refused.Id, Cancellation));
        await owner.CommitAsync(refused);
        Assert.NotNull(await store.FindExecutionAsync(refused.Id, Cancellation));
        Assert.False(store.Failed.IsCompleted);
    }

    [Fact]
    public async Task Commit_WriteError_EndsTheStoreAndLosesNothingAcknowledged()
    {
        SkipUnlessLinux();
        var acknowledged = Given.Birth("order-1");
        await using (var store = await _host.OpenSqliteAsync(new SqliteStoreOptions()))
        {
            var owner = await OwnAsync(store);
            await owner.CommitAsync(acknowledged);

            // A descriptor that cannot be written fails with EBADF, which is an I/O error like that of a broken disk.
            using (OpenFiles.Replace(_host.Database + "-wal", "/dev/null", FileAccess.Read))
            {
                await Assert.ThrowsAsync<StoreUnavailableException>(() => owner.CommitAsync(Given.Birth("order-2")));
            }

            await store.Failed.WaitAsync(Cancellation);
            await Assert.ThrowsAsync<StoreUnavailableException>(() => owner.CommitAsync(Given.Birth("order-3")));
        }

        await using var reopened = await _host.OpenSqliteAsync(new SqliteStoreOptions());
        Assert.NotNull(await reopened.FindExecutionAsync(acknowledged.Id, Cancellation));
        await (await OwnAsync(reopened)).CommitAsync(Given.Birth("order-4"));
    }

    /// <summary>The log is merged into the database then.</summary>
    private async Task<PartitionLease> CommitAndCloseAsync(ExecutionDelta delta)
    {
        await using var store = await _host.OpenSqliteAsync(new SqliteStoreOptions());
        var owner = await OwnAsync(store);
        await owner.CommitAsync(delta);
        return owner.Lease;
    }

    private static void SkipUnlessLinux()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("Needs /proc/self/fd.");
        }
    }

    [Fact]
    public async Task Commit_ProcessKilledAtAnyMoment_LosesNothingAcknowledged()
    {
        for (var round = 0; round < 3; round++)
        {
            var (sequence, name) = await KillAfterAsync(acknowledged: 50 + (round * 37));

            await using var store = await _host.OpenSqliteAsync(new SqliteStoreOptions());
            Assert.NotNull(await store.FindByNameAsync(new ExecutionKey(Given.Orders, name), Cancellation));
            using var connection = Connection.OpenReadOnly(_host.Database);
            var committed = connection.QueryInt64("SELECT commit_seq FROM lf_partition");
            Assert.InRange(committed, sequence, long.MaxValue);
            Assert.Equal(committed, connection.QueryInt64("SELECT count(*) FROM lf_execution"));
            Assert.Equal(committed, connection.QueryInt64("SELECT count(*) FROM lf_journal"));
            Assert.Equal(0, connection.QueryInt64(
                "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"));
        }
    }

    /// <returns>The last commit that the child said was acknowledged.</returns>
    private async Task<(long Sequence, string Name)> KillAfterAsync(int acknowledged)
    {
        var program = Environment.ProcessPath ?? throw new InvalidOperationException("No executable.");
        var start = new ProcessStartInfo(program)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
        {
            start.ArgumentList.Add(typeof(CommitUntilKilled).Assembly.Location);
        }

        start.ArgumentList.Add(CommitUntilKilled.Argument);
        start.ArgumentList.Add(_host.Database);
        using var child = Process.Start(start) ?? throw new InvalidOperationException("The child did not start.");
        var last = Array.Empty<string>();
        for (var count = 1; await child.StandardOutput.ReadLineAsync(Cancellation) is { } line; count++)
        {
            if (line.Split(' ') is [_, { Length: 36 }] whole) // The kill may cut the last line.
            {
                last = whole;
            }

            if (count == acknowledged)
            {
                child.Kill();
            }
        }

        await child.WaitForExitAsync(Cancellation);
        return (long.Parse(last[0], CultureInfo.InvariantCulture), last[1]);
    }

    [Theory]
    [InlineData("DELETE FROM lf_journal WHERE sequence = 1")]
    [InlineData("UPDATE lf_blob SET content = 'other'")]
    [InlineData("DELETE FROM lf_blob")]
    public async Task FindExecution_DamagedRows_IsSaidAndNothingElseIsAffected(string damage)
    {
        var damaged = Given.Birth("damaged") with { Journal = Given.Segment(0, 1, 2, "large") };
        var other = Given.Birth("other");
        await using (var store = await _host.OpenSqliteAsync(new SqliteStoreOptions()))
        {
            var owner = await OwnAsync(store);
            await owner.CommitAsync(damaged, other);
            await owner.CommitAsync(Given.After(damaged) with { Journal = Given.Segment(1, 3, 1) });
            await owner.CommitAsync(Given.After(damaged) with { Journal = Given.Segment(2, 4, 1) });
        }

        using (var connection = Connection.OpenReadWrite(_host.Database))
        {
            connection.Execute(damage);
        }

        await using var reopened = await _host.OpenSqliteAsync(new SqliteStoreOptions());
        var unreadable = await Assert.ThrowsAsync<UnreadableExecutionException>(
            () => reopened.FindExecutionAsync(damaged.Id, Cancellation));
        Assert.Equal("damaged", unreadable.Key.Name);
        await Assert.ThrowsAsync<CorruptJournalException>(
            () => reopened.ReadJournalAsync(damaged.Id, 1, 9, Cancellation));
        Assert.NotNull(await reopened.FindExecutionAsync(other.Id, Cancellation));
    }

    [Fact]
    public async Task Dispose_WithCommitsUnderWay_MakesThemDurableFirst()
    {
        var birth = Given.Birth("order-1");
        var store = await _host.OpenSqliteAsync(new SqliteStoreOptions());
        var owner = await OwnAsync(store);

        var commit = owner.CommitAsync(birth);
        await store.DisposeAsync();
        await commit;

        await Assert.ThrowsAsync<StoreUnavailableException>(() => owner.CommitAsync(Given.Birth("order-2")));
        await using var reopened = await _host.OpenSqliteAsync(new SqliteStoreOptions());
        Assert.NotNull(await reopened.FindExecutionAsync(birth.Id, Cancellation));
    }
}

using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Storage;
using Lungfish.Storage.Contract.Contracts;
using Lungfish.Storage.Sqlite.Native;

namespace Lungfish.Storage.Contract.Sqlite;

/// <summary>Databases of former versions open, and what was in them is found.</summary>
public sealed class SqliteMigrationTests : IAsyncDisposable
{
    private readonly SqliteHost _host = new();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Open_FormerSchema_KeepsWhatSleepsAndWhatHasClosed(int schema)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var sleeper = Given.Birth("sleeper") with { Resting = new Parked(Given.Noon.AddDays(1)) };
        var closed = Given.Birth("closed") with { Resting = Given.Closed() };
        await using (var store = await _host.OpenAsync())
        {
            var lease = await store.AcquireAsync(Given.Partition, Given.AllSlots, Guid.NewGuid(), cancellation);
            var owner = new Owner(store, lease);
            await owner.CommitAsync(sleeper, closed);
            await owner.CommitAsync(Given.After(sleeper) with { Journal = Given.Segment(1, 3, 2, "large") });
        }

        GoBack(schema);
        await using var migrated = await _host.OpenAsync();

        Assert.Equal(
            new Wakeup(sleeper.Id, Given.Noon.AddDays(1)),
            Assert.Single(await migrated.ReadWakeupsAsync(
                Given.AllSlots, ExecutionKind.StateMachine, DateTimeOffset.MaxValue, 9, cancellation)));
        var journal = await migrated.ReadJournalAsync(sleeper.Id, 1, 9, cancellation);
        Assert.Equal([0, 1], journal.Select(segment => segment.Sequence));
        Assert.Equal(
            Given.Segment(1, 3, 2, "large").Content.Segment.ToArray(), journal[1].Content.Segment.ToArray());
        Assert.Single(journal[1].Content.Blobs);
        Assert.Equal(1, await migrated.RemoveClosedAsync(DateTimeOffset.MaxValue, Given.Noon, 9, cancellation));
        Assert.Null(await migrated.FindExecutionAsync(closed.Id, cancellation));
        Assert.Empty(await migrated.ReadJournalAsync(closed.Id, 1, 9, cancellation));
    }

    private void GoBack(int schema)
    {
        using var connection = Connection.OpenReadWrite(_host.Database);
        connection.Execute(Undo4);
        if (schema < 3)
        {
            connection.Execute(Undo3);
        }

        connection.Execute($"UPDATE lf_meta SET value = {schema} WHERE key = 'schema_version'");
    }

    /// <summary>The journal clustered by execution, as 0001 made it.</summary>
    private const string Undo4 =
        """
        CREATE TABLE lf_journal_old (
            execution BLOB NOT NULL, sequence INTEGER NOT NULL, first_event INTEGER NOT NULL,
            event_count INTEGER NOT NULL, blobs BLOB, segment BLOB NOT NULL, PRIMARY KEY (execution, sequence)
        ) WITHOUT ROWID;
        INSERT INTO lf_journal_old SELECT execution, sequence, first_event, event_count, blobs, segment FROM lf_journal;
        DROP TABLE lf_journal;
        ALTER TABLE lf_journal_old RENAME TO lf_journal;
        DROP INDEX lf_execution_by_wake;
        CREATE INDEX lf_execution_by_wake ON lf_execution (kind, wake_at, slot) WHERE wake_at IS NOT NULL
        """;

    /// <summary>The indexes as 0001 made them, and no new columns.</summary>
    private const string Undo3 =
        """
        DROP INDEX lf_execution_by_removal;
        DROP INDEX lf_execution_by_stop;
        DROP INDEX lf_execution_by_wake;
        ALTER TABLE lf_execution DROP COLUMN remove_at;
        ALTER TABLE lf_execution DROP COLUMN kind;
        CREATE INDEX lf_execution_by_wake ON lf_execution (wake_at, slot) WHERE wake_at IS NOT NULL;
        CREATE INDEX lf_execution_by_stop ON lf_execution (stopped_at) WHERE stopped_at IS NOT NULL
        """;
}

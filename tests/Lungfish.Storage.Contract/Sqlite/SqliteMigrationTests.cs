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

    [Fact]
    public async Task Open_SchemaBeforeDurableExecutions_KeepsWhatSleepsAndWhatHasClosed()
    {
        var sleeper = Given.Birth("sleeper") with { Resting = new Parked(Given.Noon.AddDays(1)) };
        var closed = Given.Birth("closed") with { Resting = Given.Closed() };
        await using (var store = await _host.OpenAsync())
        {
            var lease = await store.AcquireAsync(
                Given.Partition, Given.AllSlots, Guid.NewGuid(), TestContext.Current.CancellationToken);
            await new Owner(store, lease).CommitAsync(sleeper, closed);
        }

        GoBackToSchema2();
        await using var migrated = await _host.OpenAsync();

        Assert.Equal(
            new Wakeup(sleeper.Id, Given.Noon.AddDays(1)),
            Assert.Single(await migrated.ReadWakeupsAsync(
                Given.AllSlots,
                ExecutionKind.StateMachine,
                DateTimeOffset.MaxValue,
                9,
                TestContext.Current.CancellationToken)));
        Assert.Equal(1, await migrated.RemoveClosedAsync(
            DateTimeOffset.MaxValue, Given.Noon, 9, TestContext.Current.CancellationToken));
        Assert.Null(await migrated.FindExecutionAsync(closed.Id, TestContext.Current.CancellationToken));
    }

    /// <summary>Undoes what 0003 did: the indexes as 0001 made them, and no new columns.</summary>
    private void GoBackToSchema2()
    {
        using var connection = Connection.OpenReadWrite(_host.Database);
        connection.Execute(
            """
            DROP INDEX lf_execution_by_removal;
            DROP INDEX lf_execution_by_stop;
            DROP INDEX lf_execution_by_wake;
            ALTER TABLE lf_execution DROP COLUMN remove_at;
            ALTER TABLE lf_execution DROP COLUMN kind;
            CREATE INDEX lf_execution_by_wake ON lf_execution (wake_at, slot) WHERE wake_at IS NOT NULL;
            CREATE INDEX lf_execution_by_stop ON lf_execution (stopped_at) WHERE stopped_at IS NOT NULL;
            UPDATE lf_meta SET value = 2 WHERE key = 'schema_version'
            """);
    }
}

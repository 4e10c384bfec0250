using Lungfish.Storage.Sqlite.Native;
using Lungfish.Storage.Sqlite.Reading;
using Lungfish.Storage.Sqlite.Writing;

namespace Lungfish.Storage.Contract.Sqlite;

/// <summary>How SQLite carries statements out: a change of schema or statement must not make it slow unseen.</summary>
public sealed class SqlitePlanTests : IAsyncLifetime, IDisposable
{
    private readonly SqliteHost _host = new();
    private Connection? _connection;

    private Connection Connection => _connection ?? throw new InvalidOperationException("The test has not begun.");

    public async ValueTask InitializeAsync()
    {
        await (await _host.OpenAsync()).DisposeAsync();
        _connection = Connection.OpenReadWrite(_host.Database);
    }

    public void Dispose() => _connection?.Dispose();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _connection?.Dispose();
        await _host.DisposeAsync();
    }

    private List<string> Plan(string sql)
    {
        var steps = new List<string>();
        using var rows = Connection.Prepare("EXPLAIN QUERY PLAN " + sql).Read();
        while (rows.Next())
        {
            steps.Add(rows.Text(3));
        }

        return steps;
    }

    private List<string> Opcodes(string sql)
    {
        var opcodes = new List<string>();
        using var rows = Connection.Prepare("EXPLAIN " + sql).Read();
        while (rows.Next())
        {
            opcodes.Add(rows.Text(1));
        }

        return opcodes;
    }

    [Fact]
    public void ReadWakeups_Plan_IsTheIndexAloneInItsOrder() => Assert.Equal(
        ["SEARCH lf_execution USING COVERING INDEX lf_execution_by_wake (kind=? AND <expr><?)"],
        Plan(RecoveryReads.WakeupsSql));

    [Fact]
    public void ReadActive_Plan_PassesOverWhatSleeps() => Assert.Equal(
        ["SCAN m", "SEARCH e USING INDEX lf_execution_by_state (machine=? AND state=?)"],
        Plan(RecoveryReads.ActiveSql));

    [Fact]
    public void Lists_EveryStatement_ReadsNoMoreThanItAnswers()
    {
        var machines = new MachineReads(Connection);
        _ = new ListReads(Connection, machines);
        _ = new DurableListReads(Connection, machines);

        var limited = Connection.PreparedSql.Where(sql => sql.Contains("LIMIT", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(limited);
        Assert.All(limited, sql =>
        {
            Assert.DoesNotContain("SorterOpen", Opcodes(sql)); // Who sorts has read all of them before.
            Assert.DoesNotContain(Plan(sql), step => step.Contains("TEMP B-TREE", StringComparison.Ordinal));
        });
    }

    [Fact]
    public void Writes_EveryStatement_NeedsNoTemporaryTableNorScan()
    {
        _ = new WriteTables(Connection);
        var statements = Connection.PreparedSql.ToList();

        Assert.NotEmpty(statements);
        Assert.All(statements, sql =>
        {
            Assert.Empty(Opcodes(sql).Intersect(["OpenEphemeral", "OpenAutoindex", "SorterOpen"]));
            Assert.DoesNotContain(Plan(sql), step => step.StartsWith("SCAN", StringComparison.Ordinal));
        });
    }

    [Fact]
    public void Reads_EveryStatementButTheListOfMachines_FindsItsRowsByAnIndex()
    {
        var machines = new MachineReads(Connection);
        _ = new ExecutionReads(Connection, machines);
        _ = new ListReads(Connection, machines);
        _ = new CallbackReads(Connection, machines);
        _ = new CatalogReads(Connection);

        Assert.All(
            Connection.PreparedSql.Where(sql => !sql.StartsWith("SELECT id FROM lf_machine", StringComparison.Ordinal)
                || sql.Contains('?', StringComparison.Ordinal)).ToList(),
            sql => Assert.DoesNotContain(Plan(sql), step => step.StartsWith("SCAN", StringComparison.Ordinal)));
    }
}

using Lungfish.Storage.Sqlite.Native;

namespace Lungfish.Storage.Sqlite.Reading;

/// <summary>What can be read, on one connection.</summary>
internal sealed class ReadTables : IDisposable
{
    private readonly Connection _connection;
    private readonly Statement _begin;
    private readonly Statement _end;

    public ReadTables(Connection connection)
    {
        _connection = connection;
        connection.Execute("PRAGMA query_only = ON; PRAGMA cache_size = -8192; PRAGMA cell_size_check = ON");
        _begin = connection.Prepare("BEGIN");
        _end = connection.Prepare("COMMIT");
        var machines = new MachineReads(connection);
        Executions = new ExecutionReads(connection, machines);
        Lists = new ListReads(connection, machines);
        MapRuns = new MapRunReads(connection);
        Recovery = new RecoveryReads(connection);
        Callbacks = new CallbackReads(connection, machines);
        Catalog = new CatalogReads(connection);
    }

    public ExecutionReads Executions { get; }

    public ListReads Lists { get; }

    public MapRunReads MapRuns { get; }

    public RecoveryReads Recovery { get; }

    public CallbackReads Callbacks { get; }

    public CatalogReads Catalog { get; }

    /// <summary>All that is read in it is as of one commit.</summary>
    public T InSnapshot<T>(Func<ReadTables, T> read)
    {
        _begin.Run();
        try
        {
            return read(this);
        }
        finally
        {
            if (_connection.InTransaction)
            {
                _end.Run();
            }
        }
    }

    public void Dispose() => _connection.Dispose();
}

using Lungfish.Engine.Checking;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Storage;
using Lungfish.Storage.Sqlite.Checking;
using Lungfish.Storage.Sqlite.Native;
using Lungfish.Storage.Sqlite.Reading;
using Lungfish.Storage.Sqlite.Schema;

namespace Lungfish.Storage.Sqlite;

/// <summary>A database that is only read: beside a server that runs on it, or a copy that nobody runs on.</summary>
/// <remarks>It never writes, locks nobody out and merges no log. What it reads at length it reads in many short
/// snapshots, so that the server's log does not grow meanwhile. For one thread at a time.</remarks>
public sealed class DataFile : IDisposable
{
    private const int IdsOfAPage = 256;

    private readonly Connection _connection;
    private Tables? _tables; // Prepared at the first read: a check must also open a file that lacks one.

    private DataFile(Connection connection, string path, int schemaVersion)
    {
        _connection = connection;
        Path = path;
        SchemaVersion = schemaVersion;
    }

    public string Path { get; }

    public int SchemaVersion { get; }

    /// <exception cref="StoreRefusedException">There is none, it is not ours, or of another schema than this
    /// program's.</exception>
    public static DataFile Open(string path)
    {
        _ = Sqlite3.Load();
        if (!File.Exists(path))
        {
            throw new StoreRefusedException($"There is no database '{path}'.");
        }

        Connection? connection = null;
        try
        {
            connection = Connection.OpenReadOnly(path);
            connection.Execute("PRAGMA query_only = ON; PRAGMA cache_size = -8192; PRAGMA cell_size_check = ON");
            var version = SchemaMigration.ReadVersion(connection, path);
            return version == SchemaMigration.Newest
                ? new DataFile(connection, path, version)
                : throw new StoreRefusedException(
                    version == 0
                        ? $"'{path}' is empty: no server has used it yet."
                        : $"'{path}' was written by an older version of Lungfish (its schema is {version}, this "
                            + $"version's is {SchemaMigration.Newest}): start a server on it once, which brings it "
                            + "forward.");
        }
        catch (SqliteException e)
        {
            connection?.Dispose();
            throw new StoreRefusedException(Sentence(path, e), e);
        }
        catch
        {
            connection?.Dispose();
            throw;
        }
    }

    /// <summary>Checks the file, and tells each thing that is not as it must be.</summary>
    /// <param name="checkCatalog">Looks at one entry of the catalog.</param>
    public DataFileCounts Check(
        DataFileCheckOptions options,
        Func<CatalogEntry, IEnumerable<Finding>> checkCatalog,
        Action<Finding> report,
        CancellationToken cancellationToken) =>
        new DataFileCheck(_connection, this, options, report).Run(checkCatalog, cancellationToken);

    /// <summary>Writes all that is committed now into another file, which must not exist.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be read or written; what is there of the target is worth
    /// nothing.</exception>
    public void CopyTo(string target, CancellationToken cancellationToken)
    {
        try
        {
            OnlineCopy.Make(_connection, target, cancellationToken);
        }
        catch (SqliteException e)
        {
            throw new StoreUnavailableException($"The database could not be copied to '{target}': {e.Message}.", e);
        }
    }

    /// <summary>Every execution that is there now, by id, which is by the time of its start; each as of a moment of its
    /// own.</summary>
    /// <exception cref="StoreUnavailableException">The file cannot be read.</exception>
    public IEnumerable<ExecutionId> ReadIds()
    {
        var after = Guid.Empty;
        var last = Read(tables => tables.FindNewest());
        while (true)
        {
            var page = Read(tables => tables.ReadIds(after, last, IdsOfAPage));
            foreach (var id in page)
            {
                yield return id;
            }

            if (page.Count < IdsOfAPage)
            {
                yield break;
            }

            after = page[^1].Uuid;
        }
    }

    /// <exception cref="UnreadableExecutionException">It is not what was written.</exception>
    public StoredExecution? FindExecution(ExecutionId id) => Read(tables => tables.Executions.Find(id));

    public CatalogEntry? FindCatalog(string kind, string key) => Prepared.Catalog.Find(kind, key);

    /// <summary>All entries of a kind, in ordinal order of their keys.</summary>
    public IEnumerable<CatalogEntry> ReadCatalog(string kind)
    {
        string? after = null;
        while (true)
        {
            var page = Read(tables => tables.Catalog.List(kind, "", after, IdsOfAPage));
            foreach (var entry in page)
            {
                yield return entry;
            }

            if (page.Count < IdsOfAPage)
            {
                yield break;
            }

            after = page[^1].Key;
        }
    }

    public void Dispose() => _connection.Dispose();

    private Tables Prepared => _tables ??= new Tables(_connection);

    /// <summary>All that is read in it is as of one commit.</summary>
    private T Read<T>(Func<Tables, T> read)
    {
        try
        {
            _connection.Execute("BEGIN");
            try
            {
                return read(Prepared);
            }
            finally
            {
                _connection.Execute("COMMIT");
            }
        }
        catch (SqliteException e)
        {
            throw new StoreUnavailableException($"'{Path}' cannot be read: {e.Message}.", e);
        }
    }

    private static string Sentence(string path, SqliteException e) => e.PrimaryCode switch
    {
        Sqlite3.NotADatabase =>
            $"'{path}' is not a Lungfish database, or its first page is damaged: if it was one, restore a backup.",
        Sqlite3.CantOpen or Sqlite3.Permission or Sqlite3.ReadOnly =>
            $"'{path}' cannot be opened for reading ({e.Message}): check its permissions, and those of its directory.",
        Sqlite3.Corrupt => $"'{path}' is damaged ({e.Message}): restore it from a backup.",
        _ => $"'{path}' cannot be opened: {e.Message}.",
    };

    private sealed class Tables(Connection connection)
    {
        private readonly Statement _ids = connection.Prepare(
            "SELECT slot, id FROM lf_execution WHERE id > ?1 AND id <= ?2 ORDER BY id LIMIT ?3");

        private readonly Statement _newest = connection.Prepare(
            "SELECT id FROM lf_execution ORDER BY id DESC LIMIT 1");

        public ExecutionReads Executions { get; } = new(connection, new MachineReads(connection));

        public CatalogReads Catalog { get; } = new(connection);

        public Guid FindNewest()
        {
            using var rows = _newest.Read();
            return rows.Next() ? rows.Guid(0) : Guid.Empty;
        }

        public List<ExecutionId> ReadIds(Guid after, Guid last, int countMax)
        {
            var ids = new List<ExecutionId>();
            using var rows = _ids.Bind(1, after).Bind(2, last).Bind(3, countMax).Read();
            while (rows.Next())
            {
                ids.Add(new ExecutionId(new Slot(checked((short)rows.Int64(0))), rows.Guid(1)));
            }

            return ids;
        }
    }
}

/// <summary>How thoroughly a file is checked.</summary>
public sealed record DataFileCheckOptions
{
    /// <summary>Leaves out the comparison of indexes with their tables.</summary>
    public bool Quick { get; init; }

    /// <summary>Looks at so many executions only, the newest and some of all times; null: at all.</summary>
    public int? SampleCount { get; init; }
}

/// <summary>What was looked at.</summary>
public sealed record DataFileCounts
{
    public long Executions { get; internal set; }

    public long Segments { get; internal set; }

    public long CatalogEntries { get; internal set; }
}

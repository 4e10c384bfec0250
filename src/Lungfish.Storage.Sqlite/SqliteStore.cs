using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Storage;
using Lungfish.Storage.Sqlite.Native;
using Lungfish.Storage.Sqlite.Reading;
using Lungfish.Storage.Sqlite.Writing;

namespace Lungfish.Storage.Sqlite;

/// <summary>The store in one SQLite file: one thread writes, a few connections read.</summary>
/// <remarks>Do not open the live file with another program that writes.</remarks>
public sealed class SqliteStore : IStore
{
    private readonly Writer _writer;
    private readonly ReaderPool _readers;
    private readonly FileLock _lock;
    private bool _disposed;

    private SqliteStore(Writer writer, ReaderPool readers, FileLock fileLock, string sqliteVersion)
    {
        _writer = writer;
        _readers = readers;
        _lock = fileLock;
        SqliteVersion = sqliteVersion;
    }

    /// <summary>The version of the machine's SQLite library.</summary>
    public string SqliteVersion { get; }

    /// <inheritdoc cref="IStore.Space"/>
    public StoreSpace Space => _writer.Space;

    /// <summary>Completes when the disk fails: the process should then end, and the next one read what is on the
    /// disk.</summary>
    public Task<StoreUnavailableException> Failed => _writer.Failed;

    /// <summary>Opens a database, or makes it with its directory, and brings its schema up to date.</summary>
    /// <exception cref="StoreRefusedException">It cannot be opened; nothing was changed.</exception>
    public static Task<SqliteStore> OpenAsync(string path, SqliteStoreOptions options) =>
        Task.Run(() => Open(Path.GetFullPath(path), options));

    private static SqliteStore Open(string path, SqliteStoreOptions options)
    {
        var version = Sqlite3.Load();
        var fileLock = DatabaseFile.Lock(path);
        try
        {
            var connection = DatabaseFile.Open(path, options);
            return new SqliteStore(
                new Writer(connection, path), new ReaderPool(path, options.ReaderCount), fileLock, version);
        }
        catch
        {
            fileLock.Dispose();
            throw;
        }
    }

    public async Task<PartitionLease> AcquireAsync(
        PartitionId partition, SlotRange slots, Guid owner, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        PartitionLease? lease = null;
        await _writer.WriteAsync(tables => lease = tables.Partitions.Acquire(partition, slots, owner));
        return lease ?? throw new InvalidOperationException("A write was acknowledged that did not run.");
    }

    public Task CommitAsync(LaneBatch batch, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
            ? Task.FromCanceled(cancellationToken)
            : _writer.WriteAsync(tables => tables.Write(batch));

    public Task WriteCatalogAsync(IReadOnlyList<CatalogChange> changes, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
            ? Task.FromCanceled(cancellationToken)
            : _writer.WriteAsync(tables => tables.Catalog.Write(changes));

    public async Task<int> RemoveClosedAsync(
        DateTimeOffset closedBefore, DateTimeOffset now, int countMax, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var removed = 0;
        await _writer.WriteAsync(tables => removed = tables.Retention.RemoveClosed(closedBefore, now, countMax));
        return removed;
    }

    public Task<StoredExecution?> FindExecutionAsync(ExecutionId id, CancellationToken cancellationToken) =>
        _readers.ReadAsync(tables => tables.Executions.Find(id), cancellationToken);

    public Task<ExecutionHeader?> FindByNameAsync(ExecutionKey key, CancellationToken cancellationToken) =>
        _readers.ReadAsync(tables => tables.Executions.FindByName(key), cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>?> ListNamesAsync(
        string ownerArn, string? after, int countMax, CancellationToken cancellationToken) =>
        await _readers.ReadManyAsync(tables => tables.Lists.ReadNames(ownerArn, after, countMax), cancellationToken);

    public Task<IReadOnlyList<StoredSegment>> ReadJournalAsync(
        ExecutionId id, long firstEventId, long lastEventId, CancellationToken cancellationToken) =>
        _readers.ReadAsync(tables => tables.Executions.ReadEvents(id, firstEventId, lastEventId), cancellationToken);

    public Task<long> FindLastEventIdAsync(ExecutionId id, CancellationToken cancellationToken) =>
        _readers.ReadAsync(tables => tables.Executions.FindLastEventId(id), cancellationToken);

    public Task<CatalogEntry?> FindCatalogAsync(string kind, string key, CancellationToken cancellationToken) =>
        _readers.ReadAsync(tables => tables.Catalog.Find(kind, key), cancellationToken);

    public Task<IReadOnlyList<ExecutionId>> ReadActiveAsync(SlotRange slots, CancellationToken cancellationToken) =>
        _readers.ReadManyAsync(tables => tables.Recovery.ReadActive(slots), cancellationToken);

    public Task<IReadOnlyList<Wakeup>> ReadWakeupsAsync(
        SlotRange slots,
        ExecutionKind kind,
        DateTimeOffset before,
        int countMax,
        CancellationToken cancellationToken) =>
        _readers.ReadManyAsync(tables => tables.Recovery.ReadWakeups(slots, kind, before, countMax), cancellationToken);

    public Task<IReadOnlyList<ExecutionHeader>> ListExecutionsAsync(
        ExecutionQuery query, CancellationToken cancellationToken) =>
        _readers.ReadManyAsync(tables => tables.Lists.Read(query), cancellationToken);

    public Task<StoredMapRun?> FindMapRunAsync(Guid id, CancellationToken cancellationToken) =>
        _readers.ReadAsync(tables => tables.MapRuns.Find(id), cancellationToken);

    public Task<IReadOnlyList<StoredMapRun>> ListMapRunsAsync(
        ExecutionId execution, ExecutionCursor? after, int countMax, CancellationToken cancellationToken) =>
        _readers.ReadManyAsync(tables => tables.MapRuns.List(execution.Uuid, after, countMax), cancellationToken);

    public Task<IReadOnlyList<StoredMapRun>> ReadEndedMapRunsWithOpenChildrenAsync(
        CancellationToken cancellationToken) =>
        _readers.ReadManyAsync(tables => tables.MapRuns.ReadEndedWithOpenChildren(), cancellationToken);

    public Task<IReadOnlyList<StoredCallback>> ListCallbacksAsync(
        CallbackQuery query, CancellationToken cancellationToken) =>
        _readers.ReadManyAsync(tables => tables.Callbacks.Read(query), cancellationToken);

    public Task<IReadOnlyList<CatalogEntry>> ListCatalogAsync(
        string kind, string keyPrefix, string? afterKey, int countMax, CancellationToken cancellationToken) =>
        _readers.ReadManyAsync(tables => tables.Catalog.List(kind, keyPrefix, afterKey, countMax), cancellationToken);

    /// <summary>Makes durable what was asked for before; then gives the file free.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        await Task.Run(() =>
        {
            _readers.Dispose();
            _writer.Dispose(); // The last connection: SQLite then merges the log into the database.
            _lock.Dispose();
        });
    }
}

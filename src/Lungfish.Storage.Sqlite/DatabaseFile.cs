using Lungfish.Engine.Storage;
using Lungfish.Storage.Sqlite.Native;
using Lungfish.Storage.Sqlite.Schema;
using Lungfish.Storage.Sqlite.Writing;

namespace Lungfish.Storage.Sqlite;

/// <summary>Opening the file: each thing that can be wrong with it is one sentence.</summary>
internal static class DatabaseFile
{
    private const int PageBytes = 8_192;
    private const int FreeBytesMin = 32 * PageBytes;

    /// <exception cref="StoreRefusedException">It is not ours to write.</exception>
    public static FileLock Lock(string path)
    {
        var directory = Path.GetDirectoryName(path) ?? path;
        try
        {
            Directory.CreateDirectory(directory);
            if (new DriveInfo(directory).DriveType == DriveType.Network)
            {
                throw new StoreRefusedException(
                    $"'{directory}' is on a network file system, where SQLite's log and locks are not safe: "
                    + "choose a directory on a local disk.");
            }

            return FileLock.Acquire(path);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new StoreRefusedException($"'{directory}' cannot be written: {e.Message}", e);
        }
    }

    /// <summary>The one connection that writes, with an up-to-date schema.</summary>
    /// <exception cref="StoreRefusedException">Unreadable, not a database, or of a newer schema.</exception>
    public static Connection Open(string path, SqliteStoreOptions options)
    {
        Connection? connection = null;
        try
        {
            connection = Connection.OpenReadWrite(path);
            var version = SchemaMigration.ReadVersion(connection, path);
            Configure(connection, options);
            SchemaMigration.Apply(connection, version);
            connection.WatchWal();
            return connection;
        }
        catch (SqliteException e)
        {
            connection?.Dispose();
            if (!IsFull(path))
            {
                throw new StoreRefusedException(Sentence(path, e), e);
            }

            // SQLite may call it an I/O error: it could not make the file that its connections share.
            return SpaceReserve.Remove(path)
                ? Open(path, options)
                : throw new StoreRefusedException($"The disk of '{path}' is full: make space first.", e);
        }
        catch
        {
            connection?.Dispose();
            throw;
        }
    }

    private static bool IsFull(string path) =>
        new DiskOf(Path.GetDirectoryName(path) ?? path).FreeBytes < FreeBytesMin;

    private static void Configure(Connection connection, SqliteStoreOptions options)
    {
        // The first two count only until the file has its first page. Checkpoints are the writer's own business.
        connection.Execute(
            $"""
            PRAGMA page_size = {PageBytes};
            PRAGMA auto_vacuum = INCREMENTAL;
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = {(options.Durability == Durability.Full ? "FULL" : "NORMAL")};
            PRAGMA fullfsync = ON;
            PRAGMA wal_autocheckpoint = 0;
            PRAGMA cache_size = -32768;
            PRAGMA temp_store = MEMORY;
            PRAGMA secure_delete = OFF;
            PRAGMA cell_size_check = ON;
            PRAGMA trusted_schema = OFF
            """);
        if (options.DatabaseBytesMax is { } bytesMax)
        {
            connection.Execute($"PRAGMA max_page_count = {Math.Max(1, bytesMax / PageBytes)}");
        }
    }

    private static string Sentence(string path, SqliteException e) => e.PrimaryCode switch
    {
        Sqlite3.NotADatabase => $"'{path}' is not a Lungfish database: move it away, or choose another data directory.",
        Sqlite3.CantOpen or Sqlite3.Permission or Sqlite3.ReadOnly =>
            $"'{path}' cannot be opened for reading and writing ({e.Message}): check its permissions, and those of "
            + "its directory.",
        Sqlite3.Corrupt =>
            $"'{path}' is damaged ({e.Message}): check it with 'lungfish fsck', and restore it from a backup.",
        Sqlite3.Busy => $"'{path}' is in use by another program: stop it first.",
        _ => $"'{path}' cannot be opened: {e.Message}.",
    };
}

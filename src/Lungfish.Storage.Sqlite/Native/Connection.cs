using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using System.Text;

namespace Lungfish.Storage.Sqlite.Native;

/// <summary>A connection and the statements prepared on it. Used by one thread at a time.</summary>
internal sealed unsafe class Connection : IDisposable
{
    private readonly List<(string Sql, Statement Statement)> _statements = [];
    private readonly nint _handle;
    private int* _walPages;
    private bool _disposed;

    private Connection(nint handle) => _handle = handle;

    /// <summary>Pages in the write-ahead log after the last commit of this connection.</summary>
    public int WalPages => _walPages == null ? 0 : *_walPages;

    /// <summary>What was prepared on it.</summary>
    public IEnumerable<string> PreparedSql => _statements.Select(prepared => prepared.Sql);

    public bool InTransaction => Sqlite3.sqlite3_get_autocommit(_handle) == 0;

    /// <summary>How many rows the last INSERT, UPDATE or DELETE changed.</summary>
    public int Changes => Sqlite3.sqlite3_changes(_handle);

    public static Connection OpenReadWrite(string path) =>
        Open(path, Sqlite3.OpenReadWrite | Sqlite3.OpenCreate);

    public static Connection OpenReadOnly(string path) => Open(path, Sqlite3.OpenReadOnly);

    private static Connection Open(string path, int mode)
    {
        var flags = mode | Sqlite3.OpenNoMutex | Sqlite3.OpenExtendedResultCodes;
        var code = Sqlite3.sqlite3_open_v2(path, out var handle, flags, 0);
        var connection = new Connection(handle); // SQLite gives a handle to close even when it fails.
        if (code != Sqlite3.Ok)
        {
            var error = connection.Error(code);
            connection.Dispose();
            throw error;
        }

        // The writer waits for nobody but a foreign program; a reader for nobody but a recovery at the start.
        _ = Sqlite3.sqlite3_busy_timeout(handle, 5_000);
        return connection;
    }

    /// <summary>From now on <see cref="WalPages"/> is kept.</summary>
    public void WatchWal()
    {
        _walPages = (int*)NativeMemory.AllocZeroed(sizeof(int));
        Sqlite3.sqlite3_wal_hook(_handle, &OnCommitted, (nint)_walPages);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnCommitted(nint context, nint database, byte* schema, int pages)
    {
        *(int*)context = pages;
        return Sqlite3.Ok;
    }

    /// <summary>Prepares one statement, which lives as long as the connection.</summary>
    public Statement Prepare(string sql)
    {
        var text = Encoding.UTF8.GetBytes(sql);
        fixed (byte* start = text)
        {
            Check(Sqlite3.sqlite3_prepare_v3(
                _handle, start, text.Length, Sqlite3.PreparePersistent, out var handle, out _));
            var statement = new Statement(this, handle);
            _statements.Add((sql, statement));
            return statement;
        }
    }

    /// <summary>Runs a script of statements once, without parameters.</summary>
    public void Execute(string script)
    {
        var text = Encoding.UTF8.GetBytes(script);
        fixed (byte* start = text)
        {
            var next = start;
            var end = start + text.Length;
            while (next < end)
            {
                Check(Sqlite3.sqlite3_prepare_v3(_handle, next, (int)(end - next), 0, out var handle, out next));
                if (handle == 0)
                {
                    return; // Only white space or a comment was left.
                }

                using var statement = new Statement(this, handle);
                statement.Run();
            }
        }
    }

    /// <summary>The first column of the first row as a number; 0 if there is no row.</summary>
    public long QueryInt64(string sql)
    {
        var text = Encoding.UTF8.GetBytes(sql);
        fixed (byte* start = text)
        {
            Check(Sqlite3.sqlite3_prepare_v3(_handle, start, text.Length, 0, out var handle, out _));
            using var statement = new Statement(this, handle);
            return statement.Step() ? statement.Int64(0) : 0;
        }
    }

    /// <returns>False if readers, or a foreign program, kept it from finishing.</returns>
    public bool Checkpoint(int mode)
    {
        var code = Sqlite3.sqlite3_wal_checkpoint_v2(_handle, 0, mode, out var log, out var done);
        if (code != Sqlite3.Ok && (code & 0xff) != Sqlite3.Busy)
        {
            throw Error(code);
        }

        var isWhole = code == Sqlite3.Ok && log == done;
        if (isWhole && _walPages != null)
        {
            *_walPages = 0; // Nothing in it waits; the next commit says how long it is.
        }

        return isWhole;
    }

    /// <summary>Makes this database, which is empty, a copy of another as that connection sees it.</summary>
    public void CopyFrom(Connection source, int pagesAtOnce, CancellationToken cancellationToken)
    {
        nint backup;
        fixed (byte* main = "main\0"u8)
        {
            backup = Sqlite3.sqlite3_backup_init(_handle, main, source._handle, main);
        }

        if (backup == 0)
        {
            throw Error(Sqlite3.sqlite3_errcode(_handle));
        }

        var code = Sqlite3.Ok;
        while (code == Sqlite3.Ok && !cancellationToken.IsCancellationRequested)
        {
            code = Sqlite3.sqlite3_backup_step(backup, pagesAtOnce);
        }

        var finished = Sqlite3.sqlite3_backup_finish(backup);
        cancellationToken.ThrowIfCancellationRequested();
        if (code != Sqlite3.Done)
        {
            throw Error(finished == Sqlite3.Ok ? code : finished);
        }
    }

    /// <summary>How long it waits for another connection; used around checkpoints that wait for readers.</summary>
    public void SetBusyTimeout(TimeSpan timeout) =>
        Check(Sqlite3.sqlite3_busy_timeout(_handle, checked((int)timeout.TotalMilliseconds)));

    public void Check(int code)
    {
        if (code != Sqlite3.Ok)
        {
            throw Error(code);
        }
    }

    public SqliteException Error(int code)
    {
        var message = _handle == 0 ? Sqlite3.sqlite3_errstr(code) : Sqlite3.sqlite3_errmsg(_handle);
        return new SqliteException(code, Utf8StringMarshaller.ConvertToManaged(message) ?? $"SQLite error {code}");
    }

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        foreach (var (_, statement) in _statements)
        {
            statement.Dispose();
        }

        _ = Sqlite3.sqlite3_close_v2(_handle); // Does nothing for a null handle.
        NativeMemory.Free(_walPages);
    }
}

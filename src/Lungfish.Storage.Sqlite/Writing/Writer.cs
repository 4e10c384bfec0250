using Lungfish.Engine.Faults;
using Lungfish.Engine.Storage;
using Lungfish.Storage.Sqlite.Native;

namespace Lungfish.Storage.Sqlite.Writing;

/// <summary>The one connection that writes and checkpoints the database, and the queue in front of it.</summary>
/// <remarks>SQLite before 3.51.3 can damage a database when two connections write or checkpoint at the same instant;
/// with one connection, which one thread uses at a time, that cannot happen. Who finds nobody at work writes here and
/// now: at low load a hand-over to another thread costs more than the work. What comes meanwhile shares the next
/// transaction, which is left to a thread of its own, as is the housekeeping.</remarks>
internal sealed class Writer : IDisposable
{
    private const int GroupMax = 64; // Bounds how long the first of a group waits for the last.

    private static readonly TimeSpan WhileThereIsNoReserve = TimeSpan.FromSeconds(1);

    private readonly object _gate = new(); // A monitor: the thread waits on it.
    private readonly List<WriteRequest> _group = new(GroupMax); // Of whoever is at work.
    private readonly Connection _connection;
    private readonly WriteTables _tables;
    private readonly string _path;
    private readonly Housekeeping _housekeeping;
    private readonly SpaceReserve _reserve;
    private readonly Statement _begin;
    private readonly Statement _commit;
    private readonly Statement _rollback;
    private readonly Thread _thread;
    private readonly TaskCompletionSource<StoreUnavailableException> _failed =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly Queue<WriteRequest> _waiting = new();
    private bool _isAtWork; // Somebody uses the connection.
    private bool _wantsAttention; // The thread is to look after the file.
    private long _turns;
    private StoreUnavailableException? _refusal; // Why nothing more is taken: the store was closed, or has failed.

    public Writer(Connection connection, string path)
    {
        _connection = connection;
        _tables = new WriteTables(connection);
        _path = path;
        var disk = new DiskOf(Path.GetDirectoryName(path) ?? path);
        _housekeeping = new Housekeeping(connection, path, disk);
        _reserve = new SpaceReserve(path, disk);
        _begin = connection.Prepare("BEGIN IMMEDIATE");
        _commit = connection.Prepare("COMMIT");
        _rollback = connection.Prepare("ROLLBACK");
        _thread = new Thread(Run) { Name = "lungfish-sqlite-writer", IsBackground = true };
        _thread.Start();
    }

    public StoreSpace Space => _reserve.Space;

    /// <summary>Completes when the disk has failed in a way after which nothing here can be trusted.</summary>
    public Task<StoreUnavailableException> Failed => _failed.Task;

    /// <summary>Runs in a transaction, perhaps with others; completes when that is durable, which may be before this
    /// returns.</summary>
    /// <param name="write">Checks all that it may refuse before it writes anything; may run twice.</param>
    public Task WriteAsync(Action<WriteTables> write)
    {
        var request = new WriteRequest(write);
        lock (_gate)
        {
            if (_refusal is { } refusal)
            {
                return Task.FromException(refusal);
            }

            // Whoever is at work wakes the thread for it. A log that must be copied comes first: else it might grow for
            // as long as nobody has to wait.
            if (_isAtWork || _waiting.Count > 0 || _housekeeping.IsDue)
            {
                _waiting.Enqueue(request);
                return request.Completion;
            }

            _isAtWork = true;
        }

        _group.Add(request);
        Work(CommitHere);
        return request.Completion;
    }

    private void Run()
    {
        while (Take() is { } work)
        {
            Work(work);
        }
    }

    /// <summary>Waits for something to do, and for the connection.</summary>
    /// <returns>Null when the store is closed and nothing waits.</returns>
    private Action? Take()
    {
        lock (_gate)
        {
            while (true)
            {
                // Housekeeping that has failed stays due, and is nobody's business any more.
                if (!_isAtWork && (_waiting.Count > 0 || (_housekeeping.IsDue && _refusal is null)))
                {
                    while (_group.Count < GroupMax && _waiting.TryDequeue(out var request))
                    {
                        _group.Add(request);
                    }

                    _isAtWork = true;
                    return CommitThere;
                }

                if (!_isAtWork && _refusal is not null)
                {
                    return null;
                }

                if (!_isAtWork && _reserve.IsDue)
                {
                    _isAtWork = true;
                    return _reserve.Tend;
                }

                var turns = _turns;
                var idleWait = _housekeeping.IdleWait;
                var isShort = !_reserve.IsWhole && (idleWait < TimeSpan.Zero || idleWait > WhileThereIsNoReserve);
                var nothingCame = !Monitor.Wait(_gate, isShort ? WhileThereIsNoReserve : idleWait) && turns == _turns;
                if (nothingCame && !isShort && !_isAtWork && _waiting.Count == 0 && _refusal is null)
                {
                    _isAtWork = true;
                    return _housekeeping.WhenIdle;
                }
            }
        }
    }

    /// <summary>Does it with the connection, then leaves that to others.</summary>
    private void Work(Action work)
    {
        try
        {
            work();
        }
        catch (Exception e)
        {
            Fail(e); // Whatever it was: nobody may wait for a writer that is gone.
        }

        lock (_gate)
        {
            _turns++;
            _group.Clear();
            _isAtWork = false;
            if (_waiting.Count > 0 || _refusal is not null || _wantsAttention)
            {
                _wantsAttention = false;
                Monitor.PulseAll(_gate);
            }
        }
    }

    private void CommitHere()
    {
        CommitGroup();
        _wantsAttention = _housekeeping.WantsAttention() || !_reserve.IsWhole;
    }

    private void CommitThere()
    {
        if (_group.Count > 0)
        {
            CommitGroup();
        }

        _housekeeping.AfterCommit();
    }

    private void CommitGroup()
    {
        try
        {
            if (TryCommit(_group))
            {
                return;
            }
        }
        catch (SqliteException e) when (LeavesNothing(e))
        {
            RollBack();
            if (e.PrimaryCode == Sqlite3.Full && _reserve.GiveUp())
            {
                CommitGroup(); // Nothing was written: with the room that there is now, it may be.
                return;
            }

            var unavailable = Unavailable(e);
            _group.ForEach(request => request.Refuse(unavailable));
            return;
        }

        // One of them broke a rule of the tables. To find out which, each is tried alone; the culprit fails alone.
        foreach (var request in _group)
        {
            CommitAlone(request);
        }
    }

    /// <returns>False if one of them cannot be written; then nothing was.</returns>
    private bool TryCommit(List<WriteRequest> group)
    {
        CrashPoints.Pass(CrashPoint.BeforeBegin);
        _begin.Run();
        foreach (var request in group)
        {
            try
            {
                request.Write(_tables);
            }
            catch (Exception e) when (e is LeaseLostException or CatalogConflictException)
            {
                request.Refuse(e); // Seen before it wrote anything, so the others go on.
            }
            catch (Exception e) when (e is not SqliteException { PrimaryCode: not Sqlite3.Constraint })
            {
                RollBack();
                if (group.Count == 1)
                {
                    request.Refuse(AsRefusal(e));
                    return true;
                }

                return false;
            }
        }

        CrashPoints.Pass(CrashPoint.BeforeCommit);
        _commit.Run();
        CrashPoints.Pass(CrashPoint.AfterCommit);
        _reserve.Written();
        group.ForEach(request => request.Acknowledge());
        return true;
    }

    private void CommitAlone(WriteRequest request)
    {
        try
        {
            TryCommit([request]);
        }
        catch (SqliteException e) when (LeavesNothing(e))
        {
            RollBack();
            request.Refuse(Unavailable(e));
        }
    }

    private void RollBack()
    {
        _tables.Forget();
        if (_connection.InTransaction) // A full disk may have made SQLite roll back by itself.
        {
            _rollback.Run();
        }
    }

    private static bool LeavesNothing(SqliteException e) => e.PrimaryCode is Sqlite3.Full or Sqlite3.Busy;

    private static StoreUnavailableException Unavailable(SqliteException e) => e.PrimaryCode == Sqlite3.Full
        ? new StoreFullException("The disk of the database is full; nothing was written.", e)
        : new StoreUnavailableException("Another program is writing to the database; nothing was written.", e);

    private static Exception AsRefusal(Exception e) => e is SqliteException
        ? new InvalidOperationException($"The batch contradicts what is stored: {e.Message}.", e)
        : e;

    /// <summary>After an I/O error nobody knows what is on the disk: only a restart, which reads it, tells.</summary>
    private void Fail(Exception error)
    {
        var failure = error is SqliteException { PrimaryCode: Sqlite3.Corrupt or Sqlite3.NotADatabase }
            ? new StoreDamagedException(_path, error.Message, error)
            : new StoreUnavailableException(
                $"The database cannot be written any more ({error.Message}); the next start reads what is on the disk.",
                error);
        lock (_gate)
        {
            _refusal = failure;
            _group.AddRange(_waiting);
            _waiting.Clear();
        }

        _group.ForEach(request => request.Refuse(failure));
        _failed.TrySetResult(failure);
    }

    /// <summary>Writes what was asked for before, then closes the connection.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _refusal ??= new StoreUnavailableException("The store is closed.");
            Monitor.PulseAll(_gate);
        }

        _thread.Join();
        _connection.Dispose();
    }
}

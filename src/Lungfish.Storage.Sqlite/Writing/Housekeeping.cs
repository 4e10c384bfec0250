using Lungfish.Engine.Faults;
using Lungfish.Storage.Sqlite.Native;

namespace Lungfish.Storage.Sqlite.Writing;

/// <summary>The housekeeping of the file, by the writer between commits: when the write-ahead log is copied
/// into the database, and when space goes back to the file system.</summary>
/// <remarks>A log that was copied is written over from its start, which syncs faster than one that grows; so it is
/// made shorter only when a burst left it long.</remarks>
internal sealed class Housekeeping(
    Connection connection, string databasePath, IDisk disk, int freePagesKept = Housekeeping.FreePagesKept)
{
    private const int PageBytes = 8_192;
    private const int PagesDue = 16 * 1_048_576 / PageBytes;
    private const int PagesUntilNextTry = PagesDue / 4;
    private const int PagesMax = 256 * 1_048_576 / PageBytes;
    private const long FileBytesKept = 32 * 1_048_576;
    private const int FreePagesKept = 64 * 1_048_576 / PageBytes; // New executions will soon need them.
    private const int FreePagesReturnedAtOnce = 1_024; // Each is moved by way of the log.

    private static readonly TimeSpan QuietBeforeCheckpoint = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan QuietBeforeTruncation = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WaitForReadersMax = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _waitForOthers = TimeSpan.FromSeconds(5);
    private int _pagesDue = PagesDue;
    private Idle _idle = Idle.Checkpoint;

    private enum Idle
    {
        Checkpoint = 0,
        Truncate = 1,
        Nothing = 2,
    }

    /// <summary>How long nothing must come before <see cref="WhenIdle"/> is called.</summary>
    public TimeSpan IdleWait => _idle switch
    {
        Idle.Checkpoint => QuietBeforeCheckpoint,
        Idle.Truncate => QuietBeforeTruncation,
        _ => Timeout.InfiniteTimeSpan,
    };

    /// <summary>The log is to be copied now.</summary>
    public bool IsDue => connection.WalPages >= _pagesDue;

    /// <summary>A commit was made whose maker leaves the housekeeping to others.</summary>
    /// <returns>True if they must look: the log is due, or they sleep longer than they are to from now on.</returns>
    public bool WantsAttention()
    {
        var sleepsLong = _idle != Idle.Checkpoint;
        _idle = Idle.Checkpoint;
        return sleepsLong || IsDue;
    }

    public void AfterCommit()
    {
        _idle = Idle.Checkpoint;
        if (!IsDue)
        {
            return;
        }

        var pages = connection.WalPages;

        // At the bound it waits for readers, a second each time, which slows writers down to what readers allow.
        var done = pages < PagesMax ? Try(Sqlite3.CheckpointPassive) : TryWaiting(Sqlite3.CheckpointRestart);
        _pagesDue = done ? PagesDue : pages + PagesUntilNextTry;
    }

    public void WhenIdle()
    {
        if (_idle == Idle.Checkpoint)
        {
            if (connection.WalPages > 0 && Try(Sqlite3.CheckpointPassive))
            {
                _pagesDue = PagesDue;
            }

            _idle = Idle.Truncate;
            return;
        }

        var log = new FileInfo(databasePath + "-wal");
        if (log.Exists && log.Length > FileBytesKept)
        {
            Try(Sqlite3.CheckpointTruncate);
        }

        _idle = ReturnFreePages() ? Idle.Checkpoint : Idle.Nothing;
    }

    /// <summary>Gives a part of the space that retention freed back to the file system.</summary>
    /// <returns>True if there is more.</returns>
    private bool ReturnFreePages()
    {
        var free = connection.QueryInt64("PRAGMA freelist_count");
        var excess = free - freePagesKept;
        return excess > 0
            && Try(() => connection.Execute($"PRAGMA incremental_vacuum({Math.Min(excess, FreePagesReturnedAtOnce)})"))
            && excess > FreePagesReturnedAtOnce;
    }

    private bool TryWaiting(int mode)
    {
        connection.SetBusyTimeout(WaitForReadersMax);
        var done = Try(mode);
        connection.SetBusyTimeout(_waitForOthers);
        return done;
    }

    private bool Try(int mode)
    {
        if (!HasRoomToCopy())
        {
            return false;
        }

        var done = false;
        CrashPoints.PassDuring(CrashPoint.InCheckpoint);
        return Try(() => done = connection.Checkpoint(mode)) && done;
    }

    /// <summary>A copy that fills the disk half-way gives no room back, and takes that which is kept for what is open:
    /// only a whole one lets the log be written over.</summary>
    private bool HasRoomToCopy()
    {
        var pages = connection.QueryInt64("PRAGMA page_count");
        return (pages * PageBytes) - new FileInfo(databasePath).Length <= disk.FreeBytes;
    }

    private static bool Try(Action work)
    {
        try
        {
            work();
            return true;
        }
        catch (SqliteException e) when (e.PrimaryCode is Sqlite3.Full or Sqlite3.Busy)
        {
            return false; // What is committed is safe in the log. The next time, then.
        }
    }
}

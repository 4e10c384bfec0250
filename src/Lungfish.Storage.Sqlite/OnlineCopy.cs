using Lungfish.Storage.Sqlite.Native;

namespace Lungfish.Storage.Sqlite;

/// <summary>Copies a database page by page while a server goes on writing it.</summary>
/// <remarks>One snapshot is held for the whole of it: SQLite then never begins anew, and the server's log keeps what
/// comes meanwhile.</remarks>
internal static class OnlineCopy
{
    private const int PagesAtOnce = 512; // Between two looks at whether it was cancelled.

    public static void Make(Connection source, string target, CancellationToken cancellationToken)
    {
        // Made here, for its owner only: SQLite would let the whole group read what the payloads hold.
        using (new FileStream(target, OwnerOnly(FileMode.CreateNew)))
        {
        }

        source.Execute("BEGIN");
        try
        {
            using var copy = Connection.OpenReadWrite(target);
            copy.Execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF"); // Half a copy is worth nothing anyway.
            _ = source.QueryInt64("SELECT count(*) FROM lf_meta"); // Only a read begins the snapshot.
            copy.CopyFrom(source, PagesAtOnce, cancellationToken);

            // What nobody writes needs no log; the server sets its own way when it opens the file.
            copy.Execute("PRAGMA journal_mode = DELETE");
        }
        finally
        {
            source.Execute("COMMIT");
        }

        using var file = new FileStream(target, FileMode.Open, FileAccess.ReadWrite);
        file.Flush(flushToDisk: true);
    }

    private static FileStreamOptions OwnerOnly(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }
}

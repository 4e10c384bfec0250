using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using Lungfish.Engine.Storage;

namespace Lungfish.Storage.Sqlite.Native;

/// <summary>The functions of the machine's own SQLite that the store calls, and where that library is found.</summary>
/// <remarks>https://sqlite.org/c3ref/funclist.html says what each does. Short calls that never block skip the
/// switch of the GC mode, which would cost more than they do.</remarks>
internal static unsafe partial class Sqlite3
{
    public const int Ok = 0;
    public const int Permission = 3;
    public const int Busy = 5;
    public const int ReadOnly = 8;
    public const int IoError = 10;
    public const int Corrupt = 11;
    public const int Full = 13;
    public const int CantOpen = 14;
    public const int Constraint = 19;
    public const int NotADatabase = 26;
    public const int Row = 100;
    public const int Done = 101;

    public const int OpenReadOnly = 0x1;
    public const int OpenReadWrite = 0x2;
    public const int OpenCreate = 0x4;
    public const int OpenNoMutex = 0x8000; // A connection is used by one thread at a time.
    public const int OpenExtendedResultCodes = 0x2000000;

    public const uint PreparePersistent = 1;

    public const int CheckpointPassive = 0;
    public const int CheckpointRestart = 2;
    public const int CheckpointTruncate = 3;

    public const int TypeNull = 5;

    /// <summary>Whether it counts its memory, under a lock that all connections share.</summary>
    private const int ConfigMemoryStatus = 9;

    /// <summary>Tells SQLite to copy what is bound.</summary>
    public static readonly nint Transient = -1;

    /// <summary>The oldest version that has all that the SQL here uses.</summary>
    public const int VersionMin = 3_035_000;

    private const string Library = "sqlite3";
    private const string PathVariable = "LUNGFISH_SQLITE";

    static Sqlite3() => NativeLibrary.SetDllImportResolver(typeof(Sqlite3).Assembly, Resolve);

    /// <summary>Loads the library, or says what to install.</summary>
    /// <returns>Its version.</returns>
    /// <exception cref="StoreRefusedException">There is none, or it is too old.</exception>
    public static string Load()
    {
        int number;
        try
        {
            number = sqlite3_libversion_number();
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            throw new StoreRefusedException(
                $"SQLite was not found ({string.Join(", ", Candidates())}): {HowToInstall()}, "
                + $"or set {PathVariable} to the path of the library.", e);
        }

        // Refused once SQLite is in use, which does no harm: nobody asks how much memory it has.
        _ = sqlite3_config(ConfigMemoryStatus, 0);
        var version = Utf8StringMarshaller.ConvertToManaged(sqlite3_libversion()) ?? "unknown";
        return number >= VersionMin
            ? version
            : throw new StoreRefusedException($"SQLite {version} is too old: version 3.35 or later is needed.");
    }

    private static string HowToInstall() =>
        OperatingSystem.IsLinux() ? "install the package libsqlite3-0 (Debian, Ubuntu) or sqlite-libs (Fedora, Alpine)"
        : OperatingSystem.IsMacOS() ? "it is part of macOS; reinstall it with 'brew install sqlite'"
        : "winsqlite3.dll is part of Windows 10 and later";

    private static string[] Candidates()
    {
        var configured = Environment.GetEnvironmentVariable(PathVariable);
        return !string.IsNullOrEmpty(configured) ? [configured]
            : OperatingSystem.IsWindows() ? ["winsqlite3.dll"]
            : OperatingSystem.IsMacOS() ? ["libsqlite3.dylib", "/usr/lib/libsqlite3.dylib"]
            : ["libsqlite3.so.0"];
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Library)
        {
            return 0; // Left to the runtime.
        }

        foreach (var candidate in Candidates())
        {
            if (NativeLibrary.TryLoad(candidate, out var handle))
            {
                return handle;
            }
        }

        return 0;
    }

    [LibraryImport(Library)]
    public static partial byte* sqlite3_libversion();

    [LibraryImport(Library)]
    public static partial int sqlite3_libversion_number();

    [LibraryImport(Library)]
    private static partial int sqlite3_config(int option, int value);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int sqlite3_open_v2(string path, out nint database, int flags, nint vfs);

    [LibraryImport(Library)]
    public static partial int sqlite3_close_v2(nint database);

    [LibraryImport(Library)]
    public static partial byte* sqlite3_errmsg(nint database);

    [LibraryImport(Library)]
    public static partial byte* sqlite3_errstr(int code);

    [LibraryImport(Library)]
    public static partial int sqlite3_busy_timeout(nint database, int milliseconds);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial int sqlite3_get_autocommit(nint database);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial int sqlite3_changes(nint database);

    [LibraryImport(Library)]
    public static partial nint sqlite3_wal_hook(
        nint database, delegate* unmanaged[Cdecl]<nint, nint, byte*, int, int> callback, nint context);

    [LibraryImport(Library)]
    public static partial int sqlite3_wal_checkpoint_v2(
        nint database, nint schema, int mode, out int logFrames, out int checkpointedFrames);

    [LibraryImport(Library)]
    public static partial int sqlite3_errcode(nint database);

    [LibraryImport(Library)]
    public static partial nint sqlite3_backup_init(nint target, byte* targetName, nint source, byte* sourceName);

    [LibraryImport(Library)]
    public static partial int sqlite3_backup_step(nint backup, int pages);

    [LibraryImport(Library)]
    public static partial int sqlite3_backup_finish(nint backup);

    [LibraryImport(Library)]
    public static partial int sqlite3_prepare_v3(
        nint database, byte* sql, int byteCount, uint flags, out nint statement, out byte* tail);

    [LibraryImport(Library)]
    public static partial int sqlite3_step(nint statement);

    [LibraryImport(Library)]
    public static partial int sqlite3_reset(nint statement);

    [LibraryImport(Library)]
    public static partial int sqlite3_finalize(nint statement);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial int sqlite3_bind_int64(nint statement, int index, long value);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial int sqlite3_bind_null(nint statement, int index);

    [LibraryImport(Library)]
    public static partial int sqlite3_bind_text(
        nint statement, int index, byte* value, int byteCount, nint destructor);

    [LibraryImport(Library)]
    public static partial int sqlite3_bind_blob(
        nint statement, int index, byte* value, int byteCount, nint destructor);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial int sqlite3_column_type(nint statement, int column);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial long sqlite3_column_int64(nint statement, int column);

    [LibraryImport(Library)]
    public static partial byte* sqlite3_column_blob(nint statement, int column);

    [LibraryImport(Library)]
    public static partial int sqlite3_column_bytes(nint statement, int column);
}

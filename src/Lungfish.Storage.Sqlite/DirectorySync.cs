using System.Runtime.InteropServices;

namespace Lungfish.Storage.Sqlite;

/// <summary>Makes the names in a directory durable, which syncing the files in it does not.</summary>
public static partial class DirectorySync
{
    /// <exception cref="IOException">The disk refused.</exception>
    public static void Flush(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            return; // NTFS keeps names in its own log.
        }

        var descriptor = Open(directory, 0);
        if (descriptor < 0)
        {
            throw new IOException($"'{directory}' cannot be opened: {Marshal.GetLastPInvokeErrorMessage()}.");
        }

        var failed = Sync(descriptor) != 0;
        var message = Marshal.GetLastPInvokeErrorMessage();
        _ = Close(descriptor);
        if (failed)
        {
            throw new IOException($"'{directory}' cannot be synced: {message}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}

using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Lungfish.Engine.Storage;
using Microsoft.Win32.SafeHandles;

namespace Lungfish.Storage.Sqlite;

/// <summary>The exclusive right of this process to a database: a lock on the file <c>DATABASE.lock</c>.</summary>
/// <remarks>The system gives the lock back when the process ends, however it ends. The file itself stays: to remove
/// it would let a third process lock a new file while a second one still holds the old.</remarks>
internal sealed partial class FileLock : IDisposable
{
    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <exception cref="StoreRefusedException">Another process has it.</exception>
    public static FileLock Acquire(string databasePath)
    {
        var path = databasePath + ".lock";
        FileStream file;
        try
        {
            // On Windows others may read who holds it; elsewhere "None" is what makes the runtime take flock(LOCK_EX).
            var share = OperatingSystem.IsWindows() ? FileShare.Read : FileShare.None;
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, share, bufferSize: 0);
        }
        catch (IOException e) when (IsHeldByAnother(e))
        {
            var holder = FindHolder(path) is { } process ? $"by process {process}" : "by another process";
            throw new StoreRefusedException(
                $"'{databasePath}' is in use {holder}: stop that server, or give this one another data directory.", e);
        }

        file.SetLength(0);
        file.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
        file.Flush();
        return new FileLock(file);
    }

    /// <summary>The system's code is all that tells it from other failures: EWOULDBLOCK of Linux and of macOS,
    /// ERROR_SHARING_VIOLATION of Windows.</summary>
    private static bool IsHeldByAnother(IOException e) =>
        e.HResult == (OperatingSystem.IsLinux() ? 11 : OperatingSystem.IsWindows() ? unchecked((int)0x80070020) : 35);

    private static int? FindHolder(string path)
    {
        using var handle = OperatingSystem.IsWindows()
            ? File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite)
            : new SafeFileHandle(OpenForReading(path, 0), ownsHandle: true);
        if (handle.IsInvalid)
        {
            return null;
        }

        Span<byte> text = stackalloc byte[16];
        var length = RandomAccess.Read(handle, text, 0);
        return int.TryParse(text[..length], CultureInfo.InvariantCulture, out var process) ? process : null;
    }

    /// <summary>The system's own <c>open</c>: the runtime's would ask for a lock and be refused.</summary>
    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint OpenForReading(string path, int flags);

    public void Dispose() => _file.Dispose();
}

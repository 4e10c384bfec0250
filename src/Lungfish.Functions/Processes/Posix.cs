using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Lungfish.Functions.Processes;

/// <summary>The few calls of the operating system that .NET does not offer.</summary>
internal static partial class Posix
{
    private const int SigKill = 9;
    private const int RlimitNoFile = 7; // Linux numbers it so on all architectures that .NET runs on.
    private const int RlimitCore = 4;
    private const int RlimitProcesses = 6;

    /// <summary>Kills the process and everything that it started and that did not leave its group.</summary>
    public static void KillGroup(int processId, bool onlyGroup = false)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        // Until the child has called setsid it has no group of its own.
        if (Kill(-processId, SigKill) != 0 && !onlyGroup)
        {
            KillOne(processId);
        }
    }

    public static void KillOne(int processId) => _ = Kill(processId, SigKill);

    /// <summary>Limits what a child may open, as AWS does, and forbids core dumps.</summary>
    /// <remarks>Not the address space: Node and .NET reserve far more than they use.</remarks>
    /// <param name="threadsMax">Of the user that the child runs as, its other programs included: they are counted, but
    /// only the child and what it starts are refused more. Does not bind root.</param>
    public static void LimitChild(int processId, ulong filesMax, ulong threadsMax)
    {
        if (OperatingSystem.IsLinux())
        {
            Limit(processId, RlimitNoFile, filesMax);
            Limit(processId, RlimitCore, 0);
            Limit(processId, RlimitProcesses, threadsMax);
        }
    }

    /// <summary>Reads what the system tells in a small file. 0: it is not there, or not for us.</summary>
    /// <remarks>Without exceptions: processes come and go, and most are other users'.</remarks>
    public static int ReadFile(string path, Span<byte> buffer)
    {
        using var file = Open(path, 0);
        var length = 0;
        while (!file.IsInvalid && length < buffer.Length)
        {
            var read = (int)Read(file, buffer[length..], (nuint)(buffer.Length - length));
            if (read <= 0)
            {
                break;
            }

            length += read;
        }

        return length;
    }

    /// <summary>It is there, and for us to read.</summary>
    public static bool CanOpen(string path)
    {
        using var file = Open(path, 0);
        return !file.IsInvalid;
    }

    /// <summary>Bytes that were written into a pipe and not read yet; 0 where that cannot be asked.</summary>
    public static int BytesInPipe(SafePipeHandle pipe)
    {
        const nuint BytesToRead = 0x541B; // FIONREAD
        return OperatingSystem.IsLinux() && Control(pipe, BytesToRead, out var count) == 0 ? count : 0;
    }

    /// <summary>Returns when all that was written to the file system of the path is on its disk.</summary>
    public static void SyncFileSystem(string path)
    {
        if (OperatingSystem.IsLinux())
        {
            using var folder = Open(path, 0);
            if (!folder.IsInvalid && SyncFs(folder) == 0)
            {
                return;
            }
        }

        if (!OperatingSystem.IsWindows())
        {
            Sync();
        }
    }

    private static void Limit(int processId, int resource, ulong most)
    {
        var limit = new ResourceLimit(most, most);
        _ = SetLimit(processId, resource, in limit, 0);
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct ResourceLimit(ulong Soft, ulong Hard);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);

    [LibraryImport("libc", EntryPoint = "prlimit64")]
    private static partial int SetLimit(int processId, int resource, in ResourceLimit limit, nint former);

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int Control(SafePipeHandle file, nuint request, out int count);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint Read(SafeFileHandle file, Span<byte> buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "syncfs")]
    private static partial int SyncFs(SafeFileHandle folder);

    [LibraryImport("libc", EntryPoint = "sync")]
    private static partial void Sync();
}

using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Lungfish.Functions.Processes;

/// <summary>The few calls of the operating system that .NET does not offer.</summary>
internal static partial class Posix
{
    private const int SigKill = 9;
    private const int RlimitNoFile = 7; // Linux numbers it so on all architectures that .NET runs on.
    private const int RlimitCore = 4;

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
            _ = Kill(processId, SigKill);
        }
    }

    /// <summary>Limits what a child may open, as AWS does, and forbids core dumps.</summary>
    /// <remarks>Not the number of processes: that limit counts all of the user's, and would hit the developer.
    /// Not the address space: Node and .NET reserve far more than they use.</remarks>
    public static void LimitFiles(int processId, ulong filesMax)
    {
        if (OperatingSystem.IsLinux())
        {
            var files = new ResourceLimit(filesMax, filesMax);
            _ = SetLimit(processId, RlimitNoFile, in files, 0);
            var core = new ResourceLimit(0, 0);
            _ = SetLimit(processId, RlimitCore, in core, 0);
        }
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
            using var folder = OpenFolder(path, 0);
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

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct ResourceLimit(ulong Soft, ulong Hard);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);

    [LibraryImport("libc", EntryPoint = "prlimit64")]
    private static partial int SetLimit(int processId, int resource, in ResourceLimit limit, nint former);

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int Control(SafePipeHandle file, nuint request, out int count);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle OpenFolder(string path, int flags);

    [LibraryImport("libc", EntryPoint = "syncfs")]
    private static partial int SyncFs(SafeFileHandle folder);

    [LibraryImport("libc", EntryPoint = "sync")]
    private static partial void Sync();
}

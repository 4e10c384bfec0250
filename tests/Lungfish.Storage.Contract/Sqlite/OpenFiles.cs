using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Lungfish.Storage.Contract.Sqlite;

/// <summary>Puts another file under the descriptors of this process that are open on a path, until disposed
/// of.</summary>
internal sealed partial class OpenFiles : IDisposable
{
    private readonly List<(int Descriptor, int Original)> _replaced = [];

    private OpenFiles()
    {
    }

    public static OpenFiles Replace(string path, string other, FileAccess access)
    {
        var files = new OpenFiles();
        using var replacement = File.OpenHandle(other, FileMode.Open, access, FileShare.ReadWrite);
        foreach (var entry in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
        {
            if (new FileInfo(entry).LinkTarget == path)
            {
                var descriptor = int.Parse(Path.GetFileName(entry), CultureInfo.InvariantCulture);
                files._replaced.Add((descriptor, Duplicate(descriptor)));
                _ = DuplicateTo(Number(replacement), descriptor);
            }
        }

        return files._replaced.Count > 0 ? files : throw new InvalidOperationException($"Nobody has {path} open.");
    }

    public void Dispose()
    {
        foreach (var (descriptor, original) in _replaced)
        {
            _ = DuplicateTo(original, descriptor);
            _ = Close(original);
        }
    }

    private static int Number(SafeFileHandle handle) => (int)handle.DangerousGetHandle();

    [LibraryImport("libc", EntryPoint = "dup")]
    private static partial int Duplicate(int descriptor);

    [LibraryImport("libc", EntryPoint = "dup2")]
    private static partial int DuplicateTo(int from, int to);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}

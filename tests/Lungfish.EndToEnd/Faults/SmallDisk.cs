using Lungfish.EndToEnd.Running;
using Lungfish.Tests.Shared;

namespace Lungfish.EndToEnd.Faults;

/// <summary>A real file system of so many mebibytes, which can be filled to the last byte.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    private SmallDisk()
    {
    }

    public string this[string name] => _folder[name];

    public static async Task<SmallDisk> MountAsync(int mebibytes)
    {
        var disk = await TryMountAsync(mebibytes);
        Assert.SkipWhen(disk is null, "Only root can mount a small disk.");
        return disk;
    }

    /// <returns>Null if this user may not.</returns>
    public static async Task<SmallDisk?> TryMountAsync(int mebibytes)
    {
        var disk = new SmallDisk();
        var mounted = await Command.RunAsync(
            "mount", ["-t", "tmpfs", "-o", $"size={mebibytes}m", "tmpfs", disk._folder.Path]);
        if (mounted.ExitCode != 0)
        {
            disk._folder.Dispose();
            return null;
        }

        return disk;
    }

    /// <summary>Until nothing more goes in.</summary>
    public void Fill(string name)
    {
        try
        {
            using var file =
                new FileStream(this[name], FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
            while (true)
            {
                file.Write(new byte[4096]);
            }
        }
        catch (IOException)
        {
            // It is full: that is what we came for.
        }
    }

    public void Free(string name) => File.Delete(this[name]);

    public async ValueTask DisposeAsync()
    {
        await Command.RunAsync("umount", ["-l", _folder.Path]);
        _folder.Dispose();
    }
}

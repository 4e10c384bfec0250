using Lungfish.Storage.Sqlite;

namespace Lungfish.Server.Keeping;

/// <summary>What lies where in a data directory, and in a backup of one.</summary>
internal static class DataFolder
{
    public const string Database = "lungfish.db";
    public const string TokenKey = "token.key";
    public const int TokenKeyBytes = 32;

    /// <summary>Names that deployments made up.</summary>
    public const string Deployment = "deployment.json";

    public const string Functions = "functions";
    public const string Buckets = "buckets";

    /// <summary>Made for its owner only: payloads and the token key are secrets.</summary>
    public static void CreatePrivate(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            _ = Directory.CreateDirectory(path);
        }
        else
        {
            _ = Directory.CreateDirectory(
                path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Copies a file for its owner only, onto the disk.</summary>
    public static async Task CopyPrivateAsync(string source, string target, CancellationToken cancellationToken)
    {
        CreatePrivate(Path.GetDirectoryName(target) ?? target);
        await using var from = new FileStream(source, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        await using var to = new FileStream(target, PrivateFile());
        await from.CopyToAsync(to, cancellationToken);
        to.Flush(flushToDisk: true);
    }

    public static FileStreamOptions PrivateFile()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }

    /// <summary>Gives what is complete its name. From then on it counts.</summary>
    public static void Publish(string draft, string target)
    {
        if (Directory.Exists(target))
        {
            Directory.Delete(target); // It was empty before, or this refuses.
        }

        foreach (var directory in Directory.EnumerateDirectories(draft, "*", SearchOption.AllDirectories).Append(draft))
        {
            DirectorySync.Flush(directory);
        }

        Directory.Move(draft, target);
        DirectorySync.Flush(Path.GetDirectoryName(Path.GetFullPath(target)) ?? target);
    }

    public static bool IsEmptyOrMissing(string path) =>
        !File.Exists(path) && (!Directory.Exists(path) || !Directory.EnumerateFileSystemEntries(path).Any());
}

/// <summary>What cannot be backed up, restored or exported that way: a sentence for the person who asked.</summary>
public sealed class KeepingException(string message, Exception? innerException = null)
    : Exception(message, innerException);

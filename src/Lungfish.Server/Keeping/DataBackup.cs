using Lungfish.Engine.Storage;
using Lungfish.Functions;
using Lungfish.Storage.Sqlite;

namespace Lungfish.Server.Keeping;

/// <summary>Makes a backup of a data directory, also while a server runs on it.</summary>
/// <remarks>The database is copied as of one commit, before the files beside it: code is written before anything in the
/// database names it, so all that the copy names is there. Until it is complete the backup has another name.</remarks>
public static class DataBackup
{
    /// <param name="data">A data directory.</param>
    /// <param name="target">A folder that does not exist, or is empty.</param>
    /// <param name="version">That of this program.</param>
    /// <exception cref="KeepingException">It cannot be made; nothing is there under the target's name.</exception>
    /// <exception cref="StoreRefusedException">There is no database that this program can read.</exception>
    public static async Task<BackupManifest> MakeAsync(
        string data, string target, string version, TimeProvider time, CancellationToken cancellationToken)
    {
        target = Path.GetFullPath(target);
        if (!DataFolder.IsEmptyOrMissing(target))
        {
            throw new KeepingException($"'{target}' is there already: a backup is never written over anything.");
        }

        if (target.StartsWith(Path.GetFullPath(data) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new KeepingException($"'{target}' lies in the data directory: choose a folder outside of it.");
        }

        var draft = $"{target}.unfinished-{Environment.ProcessId}";
        using var file = DataFile.Open(Path.Combine(data, DataFolder.Database));
        try
        {
            DataFolder.CreatePrivate(draft);
            file.CopyTo(Path.Combine(draft, DataFolder.Database), cancellationToken);
            await CopyBesideAsync(data, draft, cancellationToken);
            var manifest = new BackupManifest
            {
                Format = BackupManifest.FormatNow,
                CreatedAt = time.GetUtcNow(),
                Version = version,
                Schema = file.SchemaVersion,
                Files = await BackupManifest.LookAsync(draft, cancellationToken),
            };
            await manifest.WriteAsync(draft, cancellationToken);
            DataFolder.Publish(draft, target);
            return manifest;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or StoreUnavailableException)
        {
            throw new KeepingException($"The backup '{target}' could not be made: {e.Message}", e);
        }
        finally
        {
            if (Directory.Exists(draft))
            {
                Directory.Delete(draft, recursive: true);
            }
        }
    }

    private static async Task CopyBesideAsync(string data, string draft, CancellationToken cancellationToken)
    {
        foreach (var name in FilesBeside(data))
        {
            try
            {
                await DataFolder.CopyPrivateAsync(
                    Path.Combine(data, name), Path.Combine(draft, name), cancellationToken);
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                // Somebody deleted an object of a bucket meanwhile: then it belongs into no backup.
                if (!name.StartsWith(DataFolder.Buckets, StringComparison.Ordinal))
                {
                    throw;
                }
            }
        }
    }

    /// <summary>What cannot be made again. Code that was unpacked, logs and working folders can, or are not
    /// missed.</summary>
    private static IEnumerable<string> FilesBeside(string data)
    {
        foreach (var name in (string[])[DataFolder.TokenKey, DataFolder.Deployment])
        {
            if (File.Exists(Path.Combine(data, name)))
            {
                yield return name;
            }
        }

        var packages = FunctionCatalogCheck.PackagesIn(Path.Combine(data, DataFolder.Functions));
        if (Directory.Exists(packages))
        {
            foreach (var path in Directory.EnumerateFiles(packages, "*.zip"))
            {
                yield return Path.GetRelativePath(data, path);
            }
        }

        var buckets = Path.Combine(data, DataFolder.Buckets);
        foreach (var bucket in Directory.Exists(buckets) ? Directory.EnumerateDirectories(buckets) : [])
        {
            // No bucket's name begins with a dot: that is where uploads lie that have not ended.
            if (!Path.GetFileName(bucket).StartsWith('.'))
            {
                foreach (var path in Directory.EnumerateFiles(bucket, "*", SearchOption.AllDirectories))
                {
                    yield return Path.GetRelativePath(data, path);
                }
            }
        }
    }
}

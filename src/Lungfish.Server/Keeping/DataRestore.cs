namespace Lungfish.Server.Keeping;

/// <summary>Makes a data directory out of a backup.</summary>
public static class DataRestore
{
    /// <param name="data">A folder that does not exist, or is empty.</param>
    /// <exception cref="KeepingException">It is not whole, or there is something already; nothing was
    /// changed.</exception>
    public static async Task<BackupManifest> RunAsync(
        string backup, string data, CancellationToken cancellationToken)
    {
        data = Path.GetFullPath(data);
        var manifest = BackupManifest.Read(backup);
        if (!DataFolder.IsEmptyOrMissing(data))
        {
            throw new KeepingException(
                $"'{data}' is not empty: nothing is ever restored over data. Give another directory with --data, or "
                + "move this one away.");
        }

        await VerifyAsync(backup, manifest, cancellationToken);
        var draft = $"{data}.unfinished-{Environment.ProcessId}";
        try
        {
            DataFolder.CreatePrivate(draft);
            foreach (var file in manifest.Files)
            {
                await DataFolder.CopyPrivateAsync(
                    Path.Combine(backup, file.Path), Path.Combine(draft, file.Path), cancellationToken);
            }

            DataFolder.Publish(draft, data);
            return manifest;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KeepingException($"'{backup}' could not be restored to '{data}': {e.Message}", e);
        }
        finally
        {
            if (Directory.Exists(draft))
            {
                Directory.Delete(draft, recursive: true);
            }
        }
    }

    private static async Task VerifyAsync(
        string backup, BackupManifest manifest, CancellationToken cancellationToken)
    {
        try
        {
            var found = await BackupManifest.LookAsync(backup, cancellationToken);
            if (manifest.Files.Except(found).FirstOrDefault() is { } wrong)
            {
                var what = found.Any(file => file.Path == wrong.Path) ? "has changed" : "is missing";
                throw new KeepingException(
                    $"The backup '{backup}' is damaged: '{wrong.Path}' {what} since it was made. Use another backup.");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KeepingException($"The backup '{backup}' cannot be read: {e.Message}", e);
        }
    }
}

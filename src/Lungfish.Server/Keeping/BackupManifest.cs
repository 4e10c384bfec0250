using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lungfish.Server.Keeping;

/// <summary>What a backup consists of: the file <c>backup.json</c>, which is written last.</summary>
public sealed record BackupManifest
{
    public const string FileName = "backup.json";

    /// <summary>Of this file; another one is not understood.</summary>
    public const int FormatNow = 1;

    private static readonly JsonSerializerOptions Json =
        new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public required int Format { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The version of Lungfish that made it.</summary>
    public required string Version { get; init; }

    /// <summary>The version of the database's schema.</summary>
    public required int Schema { get; init; }

    /// <summary>All other files, in ordinal order.</summary>
    public required ImmutableArray<BackupFile> Files { get; init; }

    [JsonIgnore]
    public long Bytes => Files.Sum(file => file.Bytes);

    /// <exception cref="KeepingException">There is none, or none that this program understands.</exception>
    public static BackupManifest Read(string backup)
    {
        var path = Path.Combine(backup, FileName);
        if (!File.Exists(path))
        {
            throw new KeepingException(
                $"'{backup}' is no backup: it has no {FileName}, which is written when a backup is complete.");
        }

        try
        {
            var manifest = JsonSerializer.Deserialize<BackupManifest>(File.ReadAllBytes(path), Json);
            return manifest?.Format == FormatNow
                ? manifest
                : throw new KeepingException(
                    $"'{backup}' was made by a newer version of Lungfish ({manifest?.Version}): restore it with that "
                    + "version or a later one.");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new KeepingException($"'{path}' cannot be read: {e.Message}", e);
        }
    }

    public async Task WriteAsync(string backup, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(Path.Combine(backup, FileName), DataFolder.PrivateFile());
        await JsonSerializer.SerializeAsync(file, this, Json, cancellationToken);
        file.Flush(flushToDisk: true);
    }

    /// <summary>The files below a folder as they are.</summary>
    public static async Task<ImmutableArray<BackupFile>> LookAsync(
        string backup, CancellationToken cancellationToken)
    {
        var files = ImmutableArray.CreateBuilder<BackupFile>();
        foreach (var path in Directory.EnumerateFiles(backup, "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(backup, path).Replace('\\', '/');
            if (name != FileName)
            {
                files.Add(await LookAsync(path, name, cancellationToken));
            }
        }

        files.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return files.ToImmutable();
    }

    private static async Task<BackupFile> LookAsync(string path, string name, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        var hash = await SHA256.HashDataAsync(file, cancellationToken);
        return new BackupFile(name, file.Length, Convert.ToHexStringLower(hash));
    }
}

/// <param name="Path">From the backup's folder, with slashes.</param>
/// <param name="Sha256">In lower-case hex.</param>
public sealed record BackupFile(string Path, long Bytes, string Sha256);

using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Lungfish.Integrations.S3;

/// <summary>The MD5 of files, so that listing a bucket again does not read all of it again.</summary>
internal sealed class EtagCache
{
    private const int FilesMax = 20_000;

    private readonly ConcurrentDictionary<string, Known> _known = new(StringComparer.Ordinal);

    /// <returns>In quotes, as S3 gives it.</returns>
    [SuppressMessage("Security", "CA5351", Justification = "S3's ETag is the MD5; nothing is protected by it.")]
    public async ValueTask<string> GetAsync(FileInfo file, CancellationToken cancellationToken)
    {
        var (length, written) = (file.Length, file.LastWriteTimeUtc.Ticks);
        if (_known.TryGetValue(file.FullName, out var known) && known.Length == length && known.WrittenTicks == written)
        {
            return known.Etag;
        }

        byte[] hash;
        try
        {
            await using var content = new FileStream(
                file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1, useAsync: false);
            hash = await MD5.HashDataAsync(content, cancellationToken);
        }
        catch (UnauthorizedAccessException e)
        {
            throw ObjectStoreException.AccessDenied(file.FullName, e);
        }

        var etag = $"\"{Convert.ToHexStringLower(hash)}\"";
        if (_known.Count >= FilesMax)
        {
            _known.Clear(); // Rare, and costs one more reading of what is asked for again.
        }

        _known[file.FullName] = new Known(length, written, etag);
        return etag;
    }

    private sealed record Known(long Length, long WrittenTicks, string Etag);
}

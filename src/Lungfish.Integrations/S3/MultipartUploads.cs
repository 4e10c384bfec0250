using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Lungfish.Integrations.S3;

/// <summary>Objects that come in parts. Until they are completed they are nowhere but here; a restart of the server
/// forgets them.</summary>
/// <param name="folder">For the parts; on the file system of the buckets.</param>
public sealed class MultipartUploads(FolderBuckets store, string folder)
{
    private const int PartsMax = 10_000; // S3's own limit.

    /// <returns>The upload's id.</returns>
    public async Task<string> BeginAsync(ObjectName name, CancellationToken cancellationToken)
    {
        await store.HeadBucketAsync(name.Bucket, cancellationToken);
        if (BucketNames.WhyNotAPath(name.Key) is { } why)
        {
            throw new ObjectStoreException("InvalidRequest", why, 400, name.ToString());
        }

        var id = Guid.NewGuid().ToString("N");
        _ = Directory.CreateDirectory(Path.Combine(folder, id));
        await File.WriteAllTextAsync(Path.Combine(folder, id, "name"), name.ToString(), cancellationToken);
        return id;
    }

    /// <returns>The part's ETag, in quotes.</returns>
    public async Task<string> PutPartAsync(
        ObjectName name,
        string id,
        int number,
        Func<Stream, CancellationToken, Task> write,
        CancellationToken cancellationToken)
    {
        var parts = await FindAsync(name, id, cancellationToken);
        if (number is < 1 or > PartsMax)
        {
            throw new ObjectStoreException(
                "InvalidArgument", $"Part number must be an integer between 1 and {PartsMax}", 400, name.ToString());
        }

        // Aside until it is whole: a part that is sent again takes the place of the first.
        var temporary = Path.Combine(parts, Guid.NewGuid().ToString("N"));
        try
        {
            await using (var file = File.Create(temporary))
            {
                await write(file, cancellationToken);
            }

            var etag = await EtagOfAsync(temporary, cancellationToken);
            File.Move(temporary, PartOf(parts, number), overwrite: true);
            return etag;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Puts the parts together to an object.</summary>
    public async Task<ObjectAttributes> CompleteAsync(
        ObjectName name,
        string id,
        IReadOnlyList<(int Number, string Etag)> parts,
        CancellationToken cancellationToken)
    {
        var at = await FindAsync(name, id, cancellationToken);
        for (var i = 0; i < parts.Count; i++)
        {
            var (number, etag) = parts[i];
            if (i > 0 && number <= parts[i - 1].Number)
            {
                throw new ObjectStoreException(
                    "InvalidPartOrder", "The list of parts was not in ascending order", 400, name.ToString());
            }

            var part = PartOf(at, number);
            if (!File.Exists(part) || await EtagOfAsync(part, cancellationToken) != $"\"{etag.Trim('"')}\"")
            {
                throw new ObjectStoreException(
                    "InvalidPart", "One or more of the specified parts could not be found", 400, name.ToString());
            }
        }

        if (parts.Count == 0)
        {
            throw new ObjectStoreException(
                "MalformedXML", "You must specify at least one part", 400, name.ToString());
        }

        var written = await store.PutAsync(
            name,
            async (file, token) =>
            {
                foreach (var (number, _) in parts)
                {
                    await using var part = File.OpenRead(PartOf(at, number));
                    await part.CopyToAsync(file, token);
                }
            },
            cancellationToken);
        Directory.Delete(at, recursive: true);
        return written;
    }

    public async Task AbortAsync(ObjectName name, string id, CancellationToken cancellationToken) =>
        Directory.Delete(await FindAsync(name, id, cancellationToken), recursive: true);

    private static string PartOf(string parts, int number) =>
        Path.Combine(parts, "part" + number.ToString(CultureInfo.InvariantCulture));

    private static async Task<string> EtagOfAsync(string file, CancellationToken cancellationToken)
    {
        await using var content = File.OpenRead(file);
#pragma warning disable CA5351 // S3's ETag is the MD5; nothing is protected by it.
        return $"\"{Convert.ToHexStringLower(await MD5.HashDataAsync(content, cancellationToken))}\"";
#pragma warning restore CA5351
    }

    /// <summary>The folder of an upload's parts.</summary>
    private async Task<string> FindAsync(ObjectName name, string id, CancellationToken cancellationToken)
    {
        var parts = Path.Combine(folder, id);
        return id.Length == 32 && id.All(char.IsAsciiHexDigitLower) && Directory.Exists(parts)
            && await File.ReadAllTextAsync(Path.Combine(parts, "name"), Encoding.UTF8, cancellationToken)
                == name.ToString()
            ? parts
            : throw new ObjectStoreException(
                "NoSuchUpload",
                "The specified upload does not exist. The upload ID may be invalid, or the upload may have been "
                + "aborted or completed.",
                404,
                name.ToString());
    }
}

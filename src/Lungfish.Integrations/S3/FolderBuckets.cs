using System.Runtime.CompilerServices;

namespace Lungfish.Integrations.S3;

/// <summary>Folders that play buckets: <c>ROOT/BUCKET/KEY</c>, where a slash in the key is a folder more.</summary>
/// <remarks>Files may be put there and changed by hand. Nothing outside is read or written: a key that is no plain
/// path names no object, and links are not followed. Content types are not kept.</remarks>
public sealed class FolderBuckets : IObjectStore
{
    private const string Where = "in the folder buckets";
    private const int MovesMax = 5;

    private readonly string _root;
    private readonly string _incoming;
    private readonly EtagCache _etags = new();
    private readonly FolderListing _listing = new();

    /// <param name="root">Made if it does not exist. What a crash left half written in it is removed.</param>
    public FolderBuckets(string root)
    {
        _root = Path.GetFullPath(root);
        _incoming = Path.Combine(_root, ".incoming"); // No bucket's name begins with a dot.
        if (Directory.Exists(_incoming))
        {
            Directory.Delete(_incoming, recursive: true);
        }

        _ = Directory.CreateDirectory(_incoming);
        Uploads = new MultipartUploads(this, _incoming);
    }

    public MultipartUploads Uploads { get; }

    public async Task<OpenObject> OpenAsync(
        ObjectName name, long from, string? ifMatch, CancellationToken cancellationToken)
    {
        var file = FindFile(name);
        FileStream content;
        try
        {
            content = new FileStream(
                file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1, useAsync: true);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw ObjectStoreException.NoSuchKey(name, Where); // Deleted since we looked.
        }
        catch (UnauthorizedAccessException e)
        {
            throw ObjectStoreException.AccessDenied(file.FullName, e);
        }

        try
        {
            var attributes = Describe(file, await _etags.GetAsync(file, cancellationToken));
            if (ifMatch is not null && ifMatch != attributes.Etag)
            {
                throw ObjectStoreException.PreconditionFailed(name, Where);
            }

            content.Position = from;
            return new OpenObject(attributes, content);
        }
        catch
        {
            await content.DisposeAsync();
            throw;
        }
    }

    public async Task<ObjectAttributes> HeadAsync(ObjectName name, CancellationToken cancellationToken)
    {
        var file = FindFile(name);
        return Describe(file, await _etags.GetAsync(file, cancellationToken));
    }

    public async IAsyncEnumerable<ObjectSummary> ListAsync(
        string bucket, string prefix, string? startAfter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var (key, file) in _listing.Read(GetFolder(bucket), prefix, startAfter))
        {
            cancellationToken.ThrowIfCancellationRequested();
            string etag;
            try
            {
                etag = await _etags.GetAsync(file, cancellationToken);
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                continue; // Deleted since its folder was read.
            }

            yield return new ObjectSummary(key, etag, file.Length, new DateTimeOffset(file.LastWriteTimeUtc));
        }
    }

    public Task<ObjectAttributes> PutAsync(
        ObjectName name, ReadOnlyMemory<byte> content, string? contentType, CancellationToken cancellationToken) =>
        PutAsync(name, (file, token) => file.WriteAsync(content, token).AsTask(), cancellationToken);

    /// <summary>The same from a stream of any length.</summary>
    /// <param name="write">Writes the content. If it throws, nothing is changed.</param>
    public async Task<ObjectAttributes> PutAsync(
        ObjectName name, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        var folder = GetFolder(name.Bucket);
        if (BucketNames.WhyNotAPath(name.Key) is { } why)
        {
            throw Refuse(name, why);
        }

        var temporary = Path.Combine(_incoming, Guid.NewGuid().ToString("N"));
        try
        {
            await using (var file = new FileStream(
                temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, useAsync: true))
            {
                await write(file, cancellationToken);
                await file.FlushAsync(cancellationToken);
                file.Flush(flushToDisk: true);
            }

            var moved = Move(temporary, folder, name);
            return Describe(moved, await _etags.GetAsync(moved, cancellationToken));
        }
        finally
        {
            File.Delete(temporary); // Gone already if all went well.
        }
    }

    public Task DeleteAsync(ObjectName name, CancellationToken cancellationToken)
    {
        var folder = GetFolder(name.Bucket);
        if (BucketNames.WhyNotAPath(name.Key) is not null || !IsPlain(folder, name.Key))
        {
            return Task.CompletedTask;
        }

        var path = Path.Combine(folder, name.Key);
        if (File.Exists(path))
        {
            File.Delete(path);
        }

        // Folders exist for the sake of objects only; the bucket itself stays.
        for (var parent = Path.GetDirectoryName(path);
            parent is not null && parent.Length > folder.Length && TryRemoveEmpty(parent);
            parent = Path.GetDirectoryName(parent))
        {
        }

        return Task.CompletedTask;
    }

    public Task CreateBucketAsync(string bucket, CancellationToken cancellationToken)
    {
        if (!BucketNames.IsBucket(bucket))
        {
            throw new ObjectStoreException(
                "InvalidBucketName", "The specified bucket is not valid.", 400, $"s3://{bucket} {Where}");
        }

        if (FindFolder(bucket) is not null)
        {
            throw new ObjectStoreException(
                "BucketAlreadyOwnedByYou",
                "Your previous request to create the named bucket succeeded and you already own it.",
                409,
                $"s3://{bucket} {Where}");
        }

        _ = Directory.CreateDirectory(Path.Combine(_root, bucket));
        return Task.CompletedTask;
    }

    public Task DeleteBucketAsync(string bucket, CancellationToken cancellationToken)
    {
        try
        {
            Directory.Delete(GetFolder(bucket));
            return Task.CompletedTask;
        }
        catch (IOException e)
        {
            throw new ObjectStoreException(
                "BucketNotEmpty",
                "The bucket you tried to delete is not empty",
                409,
                $"s3://{bucket} {Where}",
                e);
        }
    }

    public Task HeadBucketAsync(string bucket, CancellationToken cancellationToken)
    {
        _ = GetFolder(bucket);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<BucketSummary>> ListBucketsAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<BucketSummary>>(
        [
            .. new DirectoryInfo(_root).EnumerateDirectories()
                .Where(folder => BucketNames.IsBucket(folder.Name) && !IsLink(folder))
                .OrderBy(folder => folder.Name, StringComparer.Ordinal)
                .Select(folder => new BucketSummary(folder.Name, new DateTimeOffset(folder.CreationTimeUtc))),
        ]);

    internal static bool IsLink(FileSystemInfo entry) => entry.Attributes.HasFlag(FileAttributes.ReparsePoint);

    private static ObjectAttributes Describe(FileInfo file, string etag) =>
        new(etag, file.Length, new DateTimeOffset(file.LastWriteTimeUtc)) { ContentType = "binary/octet-stream" };

    private static ObjectStoreException Refuse(ObjectName name, string why) =>
        new("InvalidRequest", why, 400, $"{name} {Where}");

    /// <summary>Whether no part of the path below the bucket is a link, which could lead anywhere.</summary>
    private static bool IsPlain(string folder, string key)
    {
        var path = folder;
        foreach (var segment in key.Split('/'))
        {
            path = Path.Combine(path, segment);
            var entry = new FileInfo(path);
            if (entry.Attributes is (FileAttributes)(-1))
            {
                return true; // Nothing is there, and so nothing below it.
            }

            if (IsLink(entry))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryRemoveEmpty(string folder)
    {
        try
        {
            Directory.Delete(folder);
            return true;
        }
        catch (IOException)
        {
            return false; // Something else is in it.
        }
    }

    private static FileInfo Move(string temporary, string folder, ObjectName name)
    {
        if (!IsPlain(folder, name.Key))
        {
            throw Refuse(name, "there is a link on the way, which folder buckets do not follow");
        }

        var path = Path.Combine(folder, name.Key);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                _ = Directory.CreateDirectory(Path.GetDirectoryName(path) ?? folder);
                File.Move(temporary, path, overwrite: true);
                return new FileInfo(path);
            }
            catch (DirectoryNotFoundException) when (attempt < MovesMax)
            {
                // A deletion beside us took the folder away as it was empty.
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                var why = Directory.Exists(path)
                    ? "there are objects below it as if it were a folder, and a folder bucket cannot have both"
                    : e.Message;
                throw new ObjectStoreException("InvalidRequest", why, 400, $"{name} {Where}", e);
            }
        }
    }

    private string GetFolder(string bucket) =>
        FindFolder(bucket) ?? throw ObjectStoreException.NoSuchBucket(bucket, Where);

    private string? FindFolder(string bucket)
    {
        var folder = BucketNames.IsBucket(bucket) ? new DirectoryInfo(Path.Combine(_root, bucket)) : null;
        return folder is { Exists: true } && !IsLink(folder) ? folder.FullName : null;
    }

    private FileInfo FindFile(ObjectName name)
    {
        var folder = GetFolder(name.Bucket);
        if (name.VersionId is not (null or "null"))
        {
            throw new ObjectStoreException(
                "NoSuchVersion", "The specified version does not exist.", 404, $"{name} {Where}");
        }

        var file = BucketNames.WhyNotAPath(name.Key) is null && IsPlain(folder, name.Key)
            ? new FileInfo(Path.Combine(folder, name.Key))
            : null;
        return file is { Exists: true } ? file : throw ObjectStoreException.NoSuchKey(name, Where);
    }
}

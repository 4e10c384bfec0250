namespace Lungfish.Integrations.S3;

/// <summary>Buckets of objects: at an S3 endpoint, or as folders of the data directory.</summary>
/// <remarks>May be used by many threads. Whatever a store refuses, or cannot do, is an
/// <see cref="ObjectStoreException"/>.</remarks>
public interface IObjectStore
{
    /// <summary>Opens an object for reading.</summary>
    /// <param name="from">The first byte wanted; less than the object's size unless it is 0.</param>
    /// <param name="ifMatch">Only this ETag will do, quotes included; another is <c>PreconditionFailed</c>.</param>
    Task<OpenObject> OpenAsync(ObjectName name, long from, string? ifMatch, CancellationToken cancellationToken);

    Task<ObjectAttributes> HeadAsync(ObjectName name, CancellationToken cancellationToken);

    /// <summary>Objects in the order of their keys' UTF-8 bytes, page by page as the caller goes on.</summary>
    /// <param name="startAfter">Only keys after this one, which need not exist; null: from the first.</param>
    IAsyncEnumerable<ObjectSummary> ListAsync(
        string bucket, string prefix, string? startAfter, CancellationToken cancellationToken);

    /// <summary>Writes an object, or nothing; readers see the old content or the new one, whole.</summary>
    Task<ObjectAttributes> PutAsync(
        ObjectName name, ReadOnlyMemory<byte> content, string? contentType, CancellationToken cancellationToken);

    /// <summary>Removes an object. One that does not exist is no error.</summary>
    Task DeleteAsync(ObjectName name, CancellationToken cancellationToken);

    Task CreateBucketAsync(string bucket, CancellationToken cancellationToken);

    /// <summary>Removes a bucket that is empty.</summary>
    Task DeleteBucketAsync(string bucket, CancellationToken cancellationToken);

    /// <exception cref="ObjectStoreException"><c>NoSuchBucket</c>.</exception>
    Task HeadBucketAsync(string bucket, CancellationToken cancellationToken);

    Task<IReadOnlyList<BucketSummary>> ListBucketsAsync(CancellationToken cancellationToken);
}

/// <summary>Which object is meant.</summary>
/// <param name="VersionId">Null: the latest.</param>
public sealed record ObjectName(string Bucket, string Key, string? VersionId = null)
{
    public override string ToString() => $"s3://{Bucket}/{Key}";
}

/// <summary>What S3 tells about an object beside its content.</summary>
/// <param name="Etag">In quotes, as on the wire.</param>
/// <param name="Size">In bytes.</param>
public sealed record ObjectAttributes(string Etag, long Size, DateTimeOffset LastModified)
{
    public string? ContentType { get; init; }

    public string? VersionId { get; init; }

    /// <summary>As the endpoint names it (<c>AES256</c>), or null if it does not say.</summary>
    public string? ServerSideEncryption { get; init; }
}

/// <summary>One object of a listing.</summary>
/// <param name="Etag">In quotes, as on the wire.</param>
/// <param name="Size">In bytes.</param>
public sealed record ObjectSummary(
    string Key, string Etag, long Size, DateTimeOffset LastModified, string StorageClass = "STANDARD");

public sealed record BucketSummary(string Name, DateTimeOffset CreationDate);

/// <summary>An object that is being read. Disposing it ends the reading.</summary>
public sealed class OpenObject(ObjectAttributes attributes, Stream content, IDisposable? owner = null)
    : IAsyncDisposable
{
    public ObjectAttributes Attributes => attributes;

    /// <summary>From the byte that was asked for to the object's end.</summary>
    public Stream Content => content;

    public async ValueTask DisposeAsync()
    {
        await content.DisposeAsync();
        owner?.Dispose();
    }
}

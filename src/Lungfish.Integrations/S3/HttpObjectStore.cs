using System.Globalization;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;

namespace Lungfish.Integrations.S3;

/// <summary>Objects at an S3 endpoint: AWS, MinIO, moto and others that speak its protocol, path-style.</summary>
public sealed class HttpObjectStore : IObjectStore, IDisposable
{
    private readonly S3Wire _wire;

    public HttpObjectStore(S3EndpointOptions options, TimeProvider time) => _wire = new S3Wire(options, time);

    public async Task<OpenObject> OpenAsync(
        ObjectName name, long from, string? ifMatch, CancellationToken cancellationToken)
    {
        var call = Call(HttpMethod.Get, name);
        call.IfMatch = ifMatch;
        call.Range = from > 0 ? $"bytes={from.ToString(CultureInfo.InvariantCulture)}-" : null;
        var answer = await _wire.SendAsync(call, cancellationToken);
        try
        {
            var attributes = Describe(answer);
            if (from > 0 && answer.StatusCode != System.Net.HttpStatusCode.PartialContent)
            {
                throw new ObjectStoreException(
                    "NotImplemented", "It sent the whole object and not the range that was asked for",
                    (int)answer.StatusCode, _wire.Where(call));
            }

            return new OpenObject(attributes, await answer.Content.ReadAsStreamAsync(cancellationToken), answer);
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    public async Task<ObjectAttributes> HeadAsync(ObjectName name, CancellationToken cancellationToken)
    {
        using var answer = await _wire.SendAsync(Call(HttpMethod.Head, name), cancellationToken);
        return Describe(answer);
    }

    public async IAsyncEnumerable<ObjectSummary> ListAsync(
        string bucket, string prefix, string? startAfter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? continuation = null;
        do
        {
            var call = new S3Call(HttpMethod.Get, bucket, null);
            call.Query.Add(new("list-type", "2"));
            call.Query.Add(new("encoding-type", "url")); // XML has no form for control characters in keys.
            Add(call, "prefix", prefix);
            Add(call, "start-after", continuation is null ? startAfter : null);
            Add(call, "continuation-token", continuation);
            using var answer = await _wire.SendAsync(call, cancellationToken);
            var page = ObjectListPage.Read(await _wire.ReadXmlAsync(call, answer, cancellationToken));
            foreach (var summary in page.Objects)
            {
                yield return summary;
            }

            continuation = page.Continuation;
        }
        while (continuation is not null);
    }

    public async Task<ObjectAttributes> PutAsync(
        ObjectName name, ReadOnlyMemory<byte> content, string? contentType, CancellationToken cancellationToken)
    {
        var call = Call(HttpMethod.Put, name);
        call.Body = content;
        call.ContentType = contentType;
        using var answer = await _wire.SendAsync(call, cancellationToken);
        return Describe(answer) with { Size = content.Length };
    }

    public async Task DeleteAsync(ObjectName name, CancellationToken cancellationToken) =>
        (await _wire.SendAsync(Call(HttpMethod.Delete, name), cancellationToken)).Dispose();

    public async Task CreateBucketAsync(string bucket, CancellationToken cancellationToken) =>
        (await _wire.SendAsync(
            new S3Call(HttpMethod.Put, bucket, null) { Body = _wire.LocationConstraint }, cancellationToken)).Dispose();

    public async Task DeleteBucketAsync(string bucket, CancellationToken cancellationToken) =>
        (await _wire.SendAsync(new S3Call(HttpMethod.Delete, bucket, null), cancellationToken)).Dispose();

    public async Task HeadBucketAsync(string bucket, CancellationToken cancellationToken) =>
        (await _wire.SendAsync(new S3Call(HttpMethod.Head, bucket, null), cancellationToken)).Dispose();

    public async Task<IReadOnlyList<BucketSummary>> ListBucketsAsync(CancellationToken cancellationToken)
    {
        var call = new S3Call(HttpMethod.Get, null, null);
        using var answer = await _wire.SendAsync(call, cancellationToken);
        return ObjectListPage.ReadBuckets(await _wire.ReadXmlAsync(call, answer, cancellationToken));
    }

    public void Dispose() => _wire.Dispose();

    private static S3Call Call(HttpMethod method, ObjectName name)
    {
        var call = new S3Call(method, name.Bucket, name.Key);
        Add(call, "versionId", name.VersionId);
        return call;
    }

    private static void Add(S3Call call, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            call.Query.Add(new(name, value));
        }
    }

    private static ObjectAttributes Describe(HttpResponseMessage answer)
    {
        var size = answer.Content.Headers.ContentRange?.Length ?? answer.Content.Headers.ContentLength ?? 0;
        return new ObjectAttributes(
            Header(answer.Headers, "ETag") ?? "",
            size,
            answer.Content.Headers.LastModified ?? DateTimeOffset.UnixEpoch)
        {
            ContentType = answer.Content.Headers.ContentType?.ToString(),
            VersionId = Header(answer.Headers, "x-amz-version-id"),
            ServerSideEncryption = Header(answer.Headers, "x-amz-server-side-encryption"),
        };
    }

    private static string? Header(HttpHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;
}

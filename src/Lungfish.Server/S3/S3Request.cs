using Lungfish.Integrations.S3;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Lungfish.Server.S3;

/// <summary>A request to the S3 endpoint: <c>/</c>, <c>/BUCKET</c> or <c>/BUCKET/KEY</c>.</summary>
/// <param name="Bucket">Null: the service itself.</param>
/// <param name="Key">Null: the bucket itself.</param>
internal sealed record S3Request(HttpContext Http, FolderBuckets Store, string? Bucket, string? Key)
{
    private const string Credential = "X-Amz-Credential";

    /// <summary>What is signed for S3 is meant for it, wherever its path leads: a bucket may have any name.</summary>
    public static bool IsOne(HttpRequest request) =>
        NamesS3(request.Headers.Authorization.ToString()) || IsPresigned(request);

    public static S3Request Read(HttpContext http, FolderBuckets store)
    {
        // As it was sent: a key may have dots, doubled slashes and encoded slashes, which paths lose.
        var target = http.Features.Get<IHttpRequestFeature>()?.RawTarget ?? http.Request.Path.ToUriComponent();
        if (!target.StartsWith('/') && Uri.TryCreate(target, UriKind.Absolute, out var absolute))
        {
            target = absolute.PathAndQuery;
        }

        var path = target.Split('?', 2)[0].TrimStart('/').Split('/', 2);
        return new S3Request(
            http,
            store,
            path[0].Length == 0 ? null : Uri.UnescapeDataString(path[0]),
            path is [_, { Length: > 0 } key] ? Uri.UnescapeDataString(key) : null);
    }

    public ObjectName Name => new(Bucket ?? "", Key ?? "", Query("versionId"));

    public CancellationToken Aborted => Http.RequestAborted;

    /// <summary>Null if the query does not have it; "" where it has no value.</summary>
    public string? Query(string name) => Http.Request.Query.TryGetValue(name, out var value) ? value.ToString() : null;

    public string? Header(string name) =>
        Http.Request.Headers.TryGetValue(name, out var value) ? value.ToString() : null;

    /// <summary>Most requests have no such query, and then it need not be taken apart. Its name may be
    /// encoded.</summary>
    private static bool IsPresigned(HttpRequest request) =>
        request.QueryString.Value is { } query
        && (query.Contains('%') || query.Contains(Credential, StringComparison.OrdinalIgnoreCase))
        && NamesS3(request.Query[Credential].ToString());

    private static bool NamesS3(string credential) => credential.Contains("/s3/aws4_request", StringComparison.Ordinal);
}

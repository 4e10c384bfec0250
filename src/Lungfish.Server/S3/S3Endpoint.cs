using System.Xml.Linq;
using Lungfish.Integrations.S3;
using Microsoft.AspNetCore.Http;

namespace Lungfish.Server.S3;

/// <summary>The part of S3 that makes folder buckets usable with the aws command and the SDKs, path-style.</summary>
/// <remarks>Signatures are not checked, as nowhere on this loopback port; they only tell who is meant.</remarks>
internal sealed class S3Endpoint(FolderBuckets store)
{
    // Queries that ask for something else than the object or bucket itself, of the API's model.
    private static readonly string[] OtherSubresources =
    [
        "accelerate", "acl", "analytics", "attributes", "cors", "encryption", "inventory", "legal-hold", "lifecycle",
        "logging", "metrics", "notification", "object-lock", "ownershipControls", "policy", "policyStatus",
        "publicAccessBlock", "replication", "requestPayment", "restore", "retention", "select", "tagging", "torrent",
        "versioning", "versions", "website",
    ];

    public async Task HandleAsync(HttpContext http)
    {
        var requestId = Guid.NewGuid().ToString("N")[..16].ToUpperInvariant();
        http.Response.Headers["x-amz-request-id"] = requestId;
        var request = S3Request.Read(http, store);
        try
        {
            await DispatchAsync(request);
        }
        catch (ObjectStoreException e) when (!http.Response.HasStarted)
        {
            http.Response.StatusCode = e.HttpStatus;
            if (HttpMethods.IsHead(http.Request.Method))
            {
                return; // HEAD has no body; the status has to do.
            }

            await S3Xml.WriteAsync(http, new XElement(
                "Error",
                new XElement("Code", e.Code),
                new XElement("Message", e.ServiceMessage),
                new XElement("Resource", http.Request.Path.Value),
                new XElement("RequestId", requestId)));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone; there is nobody to answer.
        }
    }

    private static Task DispatchAsync(S3Request request)
    {
        if (OtherSubresources.FirstOrDefault(name => request.Query(name) is not null) is { } other)
        {
            throw NotImplemented($"The subresource '{other}' is not implemented for folder buckets");
        }

        return (request.Http.Request.Method, request) switch
        {
            ("GET", { Bucket: null }) => BucketActions.ListBucketsAsync(request),
            (_, { Bucket: null }) => throw NotImplemented("There is no such operation on the service"),
            ("GET", { Key: null }) when request.Query("location") is not null =>
                BucketActions.GetLocationAsync(request),
            ("GET", { Key: null }) when request.Query("uploads") is not null =>
                throw NotImplemented("Uploads are not listed"),
            ("GET", { Key: null }) => BucketActions.ListObjectsAsync(request),
            ("HEAD", { Key: null }) => request.Store.HeadBucketAsync(request.Bucket, request.Aborted),
            ("PUT", { Key: null }) => BucketActions.CreateAsync(request),
            ("DELETE", { Key: null }) => BucketActions.DeleteAsync(request),
            ("POST", { Key: null }) when request.Query("delete") is not null =>
                BucketActions.DeleteObjectsAsync(request),
            ("POST", _) when request.Query("uploads") is not null => UploadActions.BeginAsync(request),
            ("POST", _) when request.Query("uploadId") is not null => UploadActions.CompleteAsync(request),
            ("PUT", _) when request.Query("uploadId") is not null => UploadActions.PutPartAsync(request),
            ("DELETE", _) when request.Query("uploadId") is not null => UploadActions.AbortAsync(request),
            ("GET", _) when request.Query("uploadId") is not null =>
                throw NotImplemented("The parts of uploads are not listed"),
            ("GET" or "HEAD", _) => ObjectActions.GetAsync(request),
            ("PUT", _) => ObjectActions.PutAsync(request),
            ("DELETE", _) => ObjectActions.DeleteAsync(request),
            _ => throw NotImplemented("There is no such operation for folder buckets"),
        };
    }

    private static ObjectStoreException NotImplemented(string why) => new("NotImplemented", why, 501, "S3 endpoint");
}

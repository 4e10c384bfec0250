using System.Globalization;
using System.Xml.Linq;
using Lungfish.Integrations.S3;
using Microsoft.AspNetCore.Http;

namespace Lungfish.Server.S3;

/// <summary>What can be done with buckets.</summary>
internal static class BucketActions
{
    private const int DeletedMax = 1000;

    public static async Task ListBucketsAsync(S3Request request)
    {
        var buckets = await request.Store.ListBucketsAsync(request.Aborted);
        await S3Xml.WriteAsync(request.Http, new XElement(
            S3Xml.Namespace + "ListAllMyBucketsResult",
            Element("Owner", Element("ID", "lungfish"), Element("DisplayName", "lungfish")),
            Element("Buckets", buckets.Select(bucket => Element(
                "Bucket",
                Element("Name", bucket.Name),
                Element("CreationDate", S3Xml.TimeText(bucket.CreationDate)))))));
    }

    public static async Task GetLocationAsync(S3Request request)
    {
        await request.Store.HeadBucketAsync(request.Bucket ?? "", request.Aborted);
        await S3Xml.WriteAsync(request.Http, Element("LocationConstraint"));
    }

    public static async Task CreateAsync(S3Request request)
    {
        await request.Store.CreateBucketAsync(request.Bucket ?? "", request.Aborted);
        request.Http.Response.Headers.Location = "/" + request.Bucket;
    }

    public static async Task DeleteAsync(S3Request request)
    {
        await request.Store.DeleteBucketAsync(request.Bucket ?? "", request.Aborted);
        request.Http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    /// <summary>ListObjectsV2, and ListObjects for older clients.</summary>
    public static async Task ListObjectsAsync(S3Request request)
    {
        var isV2 = request.Query("list-type") is "2";
        var token = request.Query("continuation-token");
        var startAfter = !isV2 ? request.Query("marker")
            : token is { Length: > 0 } ? ContinuationToken.Read(token)
            : request.Query("start-after");
        var asked = new ObjectPageRequest(
            request.Bucket ?? "",
            request.Query("prefix") ?? "",
            request.Query("delimiter") ?? "",
            startAfter is { Length: > 0 } ? startAfter : null,
            CountMaxOf(request.Query("max-keys")));
        var page = await ObjectPage.ReadAsync(request.Store, asked, request.Aborted);
        var isEncoded = request.Query("encoding-type") is "url";
        string Encode(string key) => isEncoded ? Uri.EscapeDataString(key).Replace("%2F", "/") : key;
        var next = page.Next is null ? null
            : isV2 ? Element("NextContinuationToken", ContinuationToken.Of(page.Next))
            : Element("NextMarker", Encode(page.Next));
        await S3Xml.WriteAsync(request.Http, Element(
            "ListBucketResult",
            Element("Name", asked.Bucket),
            Element("Prefix", Encode(asked.Prefix)),
            asked.Delimiter.Length == 0 ? null : Element("Delimiter", Encode(asked.Delimiter)),
            isEncoded ? Element("EncodingType", "url") : null,
            isV2 ? Element("KeyCount", page.Objects.Count + page.CommonPrefixes.Count) : Element("Marker", ""),
            Element("MaxKeys", asked.CountMax),
            Element("IsTruncated", page.Next is not null),
            next,
            page.Objects.Select(item => Element(
                "Contents",
                Element("Key", Encode(item.Key)),
                Element("LastModified", S3Xml.TimeText(item.LastModified)),
                Element("ETag", item.Etag),
                Element("Size", item.Size),
                Element("StorageClass", item.StorageClass))),
            page.CommonPrefixes.Select(prefix => Element("CommonPrefixes", Element("Prefix", Encode(prefix))))));
    }

    public static async Task DeleteObjectsAsync(S3Request request)
    {
        var body = await S3Xml.ReadAsync(request.Http);
        var keys = body.Elements().Where(element => element.Name.LocalName == "Object")
            .Select(element => element.Elements().FirstOrDefault(child => child.Name.LocalName == "Key")?.Value ?? "")
            .Take(DeletedMax + 1)
            .ToList();
        if (keys.Count > DeletedMax)
        {
            throw new ObjectStoreException(
                "MalformedXML", $"At most {DeletedMax} objects can be deleted at once", 400, "S3 endpoint");
        }

        foreach (var key in keys)
        {
            await request.Store.DeleteAsync(new ObjectName(request.Bucket ?? "", key), request.Aborted);
        }

        var isQuiet = body.Elements().Any(element => element.Name.LocalName == "Quiet" && element.Value == "true");
        await S3Xml.WriteAsync(request.Http, Element(
            "DeleteResult",
            isQuiet ? null : keys.Select(key => Element("Deleted", Element("Key", key)))));
    }

    private static int CountMaxOf(string? maxKeys) =>
        maxKeys is null or "" ? ObjectPage.CountMax
        : int.TryParse(maxKeys, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? Math.Min(count, ObjectPage.CountMax)
            : throw new ObjectStoreException(
                "InvalidArgument", "Provided max-keys not an integer or within integer range", 400, "S3 endpoint");

    private static XElement Element(string name, params object?[] content) => new(S3Xml.Namespace + name, content);
}

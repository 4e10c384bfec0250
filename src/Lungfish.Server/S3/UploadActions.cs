using System.Globalization;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;

namespace Lungfish.Server.S3;

/// <summary>Uploads in parts, which clients use for large files.</summary>
internal static class UploadActions
{
    public static async Task BeginAsync(S3Request request)
    {
        var id = await request.Store.Uploads.BeginAsync(request.Name, request.Aborted);
        await S3Xml.WriteAsync(request.Http, new XElement(
            S3Xml.Namespace + "InitiateMultipartUploadResult",
            new XElement(S3Xml.Namespace + "Bucket", request.Bucket),
            new XElement(S3Xml.Namespace + "Key", request.Key),
            new XElement(S3Xml.Namespace + "UploadId", id)));
    }

    public static async Task PutPartAsync(S3Request request) =>
        request.Http.Response.Headers.ETag = await request.Store.Uploads.PutPartAsync(
            request.Name,
            request.Query("uploadId") ?? "",
            NumberOf(request.Query("partNumber")),
            (file, token) => AwsChunkedBody.CopyAsync(request.Http.Request, file, token),
            request.Aborted);

    public static async Task CompleteAsync(S3Request request)
    {
        var body = await S3Xml.ReadAsync(request.Http);
        var written = await request.Store.Uploads.CompleteAsync(
            request.Name,
            request.Query("uploadId") ?? "",
            [
                .. body.Elements().Where(element => element.Name.LocalName == "Part")
                    .Select(part => (NumberOf(TextOf(part, "PartNumber")), TextOf(part, "ETag") ?? "")),
            ],
            request.Aborted);
        await S3Xml.WriteAsync(request.Http, new XElement(
            S3Xml.Namespace + "CompleteMultipartUploadResult",
            new XElement(S3Xml.Namespace + "Location", request.Http.Request.Path.Value),
            new XElement(S3Xml.Namespace + "Bucket", request.Bucket),
            new XElement(S3Xml.Namespace + "Key", request.Key),
            new XElement(S3Xml.Namespace + "ETag", written.Etag)));
    }

    public static async Task AbortAsync(S3Request request)
    {
        await request.Store.Uploads.AbortAsync(request.Name, request.Query("uploadId") ?? "", request.Aborted);
        request.Http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    /// <summary>0, which no part has, for what is no number.</summary>
    private static int NumberOf(string? number) =>
        int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : 0;

    private static string? TextOf(XElement part, string name) =>
        part.Elements().FirstOrDefault(element => element.Name.LocalName == name)?.Value;
}

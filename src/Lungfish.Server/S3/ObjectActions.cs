using System.Globalization;
using System.Xml.Linq;
using Lungfish.Integrations.S3;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Net.Http.Headers;

namespace Lungfish.Server.S3;

/// <summary>What can be done with objects.</summary>
internal static class ObjectActions
{
    /// <summary>GetObject and HeadObject.</summary>
    public static async Task GetAsync(S3Request request)
    {
        await using var read = await request.Store.OpenAsync(
            request.Name, 0, request.Header("If-Match"), request.Aborted);
        var response = request.Http.Response;
        var attributes = read.Attributes;
        response.Headers.ETag = attributes.Etag;
        response.Headers.LastModified = attributes.LastModified.ToString("R", CultureInfo.InvariantCulture);
        response.Headers.AcceptRanges = "bytes";
        response.ContentType = attributes.ContentType;
        if (request.Header("If-None-Match") == attributes.Etag)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var (from, count) = (0L, attributes.Size);
        if (request.Header("Range") is { } range)
        {
            (from, count) = RangeOf(range, attributes.Size);
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = string.Create(
                CultureInfo.InvariantCulture, $"bytes {from}-{from + count - 1}/{attributes.Size}");
        }

        response.ContentLength = count;
        if (!HttpMethods.IsHead(request.Http.Request.Method))
        {
            read.Content.Position = from;
            await StreamCopyOperation.CopyToAsync(read.Content, response.Body, count, request.Aborted);
        }
    }

    /// <summary>PutObject and CopyObject.</summary>
    public static async Task PutAsync(S3Request request)
    {
        if (request.Header("x-amz-copy-source") is { } source)
        {
            await CopyAsync(request, source);
            return;
        }

        var written = await request.Store.PutAsync(
            request.Name,
            (file, token) => AwsChunkedBody.CopyAsync(request.Http.Request, file, token),
            request.Aborted);
        request.Http.Response.Headers.ETag = written.Etag;
    }

    public static async Task DeleteAsync(S3Request request)
    {
        await request.Store.DeleteAsync(request.Name, request.Aborted);
        request.Http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static async Task CopyAsync(S3Request request, string source)
    {
        var path = Uri.UnescapeDataString(source.Split('?', 2)[0]).TrimStart('/').Split('/', 2);
        await using var read = await request.Store.OpenAsync(
            new ObjectName(path[0], path.Length == 2 ? path[1] : ""), 0, null, request.Aborted);
        var written = await request.Store.PutAsync(
            request.Name, (file, token) => read.Content.CopyToAsync(file, token), request.Aborted);
        await S3Xml.WriteAsync(request.Http, new XElement(
            S3Xml.Namespace + "CopyObjectResult",
            new XElement(S3Xml.Namespace + "LastModified", S3Xml.TimeText(written.LastModified)),
            new XElement(S3Xml.Namespace + "ETag", written.Etag)));
    }

    /// <exception cref="ObjectStoreException"><c>InvalidRange</c>: it is no range of the object.</exception>
    private static (long From, long Count) RangeOf(string header, long size)
    {
        if (RangeHeaderValue.TryParse(header, out var parsed) && parsed.Ranges.Count == 1)
        {
            var range = parsed.Ranges.Single();
            var from = range.From ?? Math.Max(0, size - (range.To ?? 0));
            var to = range.From is null ? size - 1 : Math.Min(range.To ?? long.MaxValue, size - 1);
            if (from <= to)
            {
                return (from, to - from + 1);
            }
        }

        throw new ObjectStoreException("InvalidRange", "The requested range is not satisfiable", 416, "S3 endpoint");
    }
}

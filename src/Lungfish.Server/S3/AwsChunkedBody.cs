using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Lungfish.Integrations.S3;
using Microsoft.AspNetCore.Http;

namespace Lungfish.Server.S3;

/// <summary>Bodies of uploads, which SDKs may send in chunks that are signed or followed by checksums.</summary>
/// <remarks>Documented: <c>aws-chunked</c>; each chunk is its length in hex, extensions, the bytes and a line end; an
/// empty one ends the content, and trailers follow.</remarks>
internal static class AwsChunkedBody
{
    private const int LineBytesMax = 4096;

    /// <summary>Copies the content without its chunks.</summary>
    /// <exception cref="ObjectStoreException"><c>IncompleteBody</c>: chunks are not as they say.</exception>
    public static async Task CopyAsync(HttpRequest request, Stream destination, CancellationToken cancellationToken)
    {
        if (!IsChunked(request))
        {
            await request.Body.CopyToAsync(destination, cancellationToken);
            return;
        }

        var reader = request.BodyReader;
        while (true)
        {
            var line = await ReadLineAsync(reader, cancellationToken);
            if (!long.TryParse(
                    line.Split(';', 2)[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var length)
                || length < 0)
            {
                throw Incomplete();
            }

            if (length == 0)
            {
                break;
            }

            await CopyAsync(reader, destination, length, cancellationToken);
            if ((await ReadLineAsync(reader, cancellationToken)).Length > 0)
            {
                throw Incomplete();
            }
        }

        // Checksums stand in the trailers; on this machine's own loopback they guard against nothing.
        await request.Body.CopyToAsync(Stream.Null, cancellationToken);
    }

    private static bool IsChunked(HttpRequest request) =>
        request.Headers.ContentEncoding.ToString().Contains("aws-chunked", StringComparison.OrdinalIgnoreCase)
        || request.Headers["x-amz-content-sha256"].ToString().StartsWith("STREAMING-", StringComparison.Ordinal);

    private static async Task CopyAsync(
        PipeReader reader, Stream destination, long length, CancellationToken cancellationToken)
    {
        while (length > 0)
        {
            var read = await reader.ReadAsync(cancellationToken);
            var part = read.Buffer.Slice(0, Math.Min(length, read.Buffer.Length));
            foreach (var segment in part)
            {
                await destination.WriteAsync(segment, cancellationToken);
            }

            length -= part.Length;
            reader.AdvanceTo(part.End);
            if (read.IsCompleted && part.IsEmpty && length > 0)
            {
                throw Incomplete();
            }
        }
    }

    private static async Task<string> ReadLineAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            if (read.Buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = Encoding.ASCII.GetString(read.Buffer.Slice(0, end)).TrimEnd('\r');
                reader.AdvanceTo(read.Buffer.GetPosition(1, end));
                return line;
            }

            if (read.IsCompleted || read.Buffer.Length > LineBytesMax)
            {
                throw Incomplete();
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static ObjectStoreException Incomplete() => new(
        "IncompleteBody",
        "You did not provide the number of bytes specified by the Content-Length HTTP header",
        400,
        "S3 endpoint");
}

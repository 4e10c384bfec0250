using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Lungfish.Server.Console;

/// <summary>A response of one JSON object a line (NDJSON), written as things happen.</summary>
internal sealed class JsonLines(HttpResponse response)
{
    private readonly Utf8JsonWriter _writer = new(
        response.BodyWriter,
        new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    private bool _hasBegun;

    /// <summary>Sends the headers, so that the reader knows it is connected before the first line comes.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        if (!_hasBegun)
        {
            _hasBegun = true;
            response.ContentType = "application/x-ndjson";
            await response.StartAsync(cancellationToken);
            await FlushAsync(cancellationToken);
        }
    }

    /// <param name="write">Writes one JSON value.</param>
    public void Add(Action<Utf8JsonWriter> write)
    {
        write(_writer);
        _writer.Flush();
        _writer.Reset();
        response.BodyWriter.Write("\n"u8);
    }

    public async Task FlushAsync(CancellationToken cancellationToken) =>
        await response.BodyWriter.FlushAsync(cancellationToken);
}

using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Lungfish.Server.Protocol;

/// <summary>A reused buffer for one answer, so that it can go out with its length and in one piece.</summary>
internal sealed class AnswerBuffer
{
    private const int KeptBytesMax = 256 * 1024;

    private static readonly JsonWriterOptions Options = new()
    {
        // Answers are never embedded in HTML (nosniff is set), so only what JSON demands is escaped.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    [ThreadStatic]
    private static AnswerBuffer? t_spare;

    private readonly ArrayBufferWriter<byte> _bytes = new(1024);

    private AnswerBuffer() => Writer = new Utf8JsonWriter(_bytes, Options);

    public Utf8JsonWriter Writer { get; }

    public static AnswerBuffer Rent()
    {
        var spare = t_spare ?? new AnswerBuffer();
        t_spare = null;
        return spare;
    }

    /// <summary>Gives it back. Only after a send that did not throw: else somebody may still read from it.</summary>
    public void Return()
    {
        if (_bytes.Capacity <= KeptBytesMax)
        {
            Clear();
            t_spare = this;
        }
    }

    public void Clear()
    {
        _bytes.ResetWrittenCount();
        Writer.Reset(_bytes);
    }

    /// <summary>A copy of what was written.</summary>
    public byte[] ToArray()
    {
        Writer.Flush();
        return _bytes.WrittenSpan.ToArray();
    }

    /// <summary>Sends what was written as the whole body.</summary>
    public async Task SendAsync(HttpResponse response)
    {
        Writer.Flush();
        response.ContentLength = _bytes.WrittenCount;
        await response.BodyWriter.WriteAsync(_bytes.WrittenMemory, response.HttpContext.RequestAborted);
    }
}

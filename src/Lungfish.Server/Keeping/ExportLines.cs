using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Lungfish.Server.Keeping;

/// <summary>JSON objects, one a line, written out some at a time.</summary>
internal sealed class ExportLines(TextWriter output) : IDisposable
{
    private const int BytesKept = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _buffer = new(BytesKept);
    private readonly Utf8JsonWriter _writer = new(
        Stream.Null,
        new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    /// <param name="record">What kind of line it is.</param>
    /// <param name="write">Writes the members.</param>
    public void Add(string record, Action<Utf8JsonWriter> write)
    {
        _writer.Reset(_buffer);
        _writer.WriteStartObject();
        _writer.WriteString("record"u8, record);
        write(_writer);
        _writer.WriteEndObject();
        _writer.Flush();
        _buffer.Write("\n"u8);
    }

    public async Task FlushSomeAsync(CancellationToken cancellationToken)
    {
        if (_buffer.WrittenCount >= BytesKept)
        {
            await FlushAsync(cancellationToken);
        }
    }

    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await output.WriteAsync(Encoding.UTF8.GetString(_buffer.WrittenSpan).AsMemory(), cancellationToken);
        await output.FlushAsync(cancellationToken);
        _buffer.ResetWrittenCount();
    }

    public void Dispose() => _writer.Dispose();
}

using System.Diagnostics;
using Lungfish.Engine.MapRuns;

namespace Lungfish.Integrations.Items;

/// <summary>Reads a stream through a buffer that grows only as far as a single record needs.</summary>
/// <param name="position">Where in the object the stream begins.</param>
internal sealed class ByteWindow(Stream content, long position)
{
    /// <summary>No record may be longer. An execution's input is limited to far less.</summary>
    public const int RecordBytesMax = 16 * 1024 * 1024;

    private byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;

    /// <summary>Where in the object the first byte of <see cref="Unread"/> is.</summary>
    public long Position { get; private set; } = position;

    /// <summary>Whether <see cref="Unread"/> is all that is left.</summary>
    public bool HasEnded { get; private set; }

    public ReadOnlySpan<byte> Unread => _buffer.AsSpan(_start, _end - _start);

    public void Take(int count)
    {
        Debug.Assert(count <= _end - _start, "Only what is there can be taken.");
        _start += count;
        Position += count;
    }

    /// <summary>Adds to <see cref="Unread"/>, as much as fits.</summary>
    /// <exception cref="ItemReaderException">The record is too long.</exception>
    public async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        Debug.Assert(!HasEnded, "There is nothing left to read.");
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        if (_end == _buffer.Length)
        {
            if (_buffer.Length >= RecordBytesMax)
            {
                throw new ItemReaderException(
                    $"The item at byte {Position} is longer than {RecordBytesMax / 1024 / 1024} MiB.");
            }

            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        // The whole room: what is parsed again after each filling is then never more than twice the record.
        var room = _buffer.AsMemory(_end);
        var count = await content.ReadAtLeastAsync(room, room.Length, throwOnEndOfStream: false, cancellationToken);
        _end += count;
        HasEnded = count < room.Length;
    }
}

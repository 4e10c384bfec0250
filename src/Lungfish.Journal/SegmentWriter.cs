using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Lungfish.Json;

namespace Lungfish.Journal;

/// <summary>Writes the parts of a segment into a pooled buffer, and remembers what it wrote.</summary>
public sealed class SegmentWriter : IBufferWriter<byte>, IDisposable
{
    /// <summary>A larger payload is stored once for all segments that name it.</summary>
    public const int InlineBytesMax = 8 * 1024;

    private readonly References<string> _strings = new();
    private readonly References<JsonValue> _values = new();
    private readonly References<string> _payloads = new();
    private ImmutableArray<Blob>.Builder? _blobs;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(1024);
    private int _length;
    private long _eventId;
    private long _ticks;
    private (long First, int Second) _place;

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    public JournalSegment ToSegment()
    {
        var segment = new byte[_length + SegmentFrame.ChecksumBytes];
        _buffer.AsSpan(0, _length).CopyTo(segment);
        BinaryPrimitives.WriteUInt32LittleEndian(segment.AsSpan(_length), Crc32C.Of(segment.AsSpan(0, _length)));
        return new JournalSegment(segment, _blobs?.ToImmutable() ?? []);
    }

    public void WriteByte(byte value)
    {
        GetSpan(1)[0] = value;
        _length++;
    }

    /// <summary>A number that is never negative.</summary>
    public void WriteNumber(long value)
    {
        Debug.Assert(value >= 0, "Only signed numbers are zigzagged.");
        WriteVarint((ulong)value);
    }

    public void WriteNumber(long? value)
    {
        if (value is { } number)
        {
            WriteNumber(number);
        }
    }

    /// <summary>Events follow each other without gaps, so this is one byte.</summary>
    public void WriteEventId(long id)
    {
        WriteSigned(id - _eventId - 1);
        _eventId = id;
    }

    public void WriteTime(DateTimeOffset time)
    {
        WriteSigned(time.UtcTicks - _ticks);
        _ticks = time.UtcTicks;
    }

    /// <summary>Where something happened, as two numbers that are not negative: the same place as the last one is one
    /// byte.</summary>
    public void WritePlace(long first, int second)
    {
        if ((first, second) == _place)
        {
            WriteByte(0);
            return;
        }

        WriteNumber(first + 1);
        WriteNumber(second);
        _place = (first, second);
    }

    public void WriteString(string? value)
    {
        if (value is null)
        {
            return; // The reader knows from the flags.
        }

        if (_strings.Find(value) is var index && index >= 0)
        {
            WriteNumber(index + StringForm.FirstReference);
            return;
        }

        if (Utf16.IsWellFormed(value))
        {
            WriteByte(StringForm.Utf8);
            WriteUtf8(value);
        }
        else
        {
            WriteByte(StringForm.Utf16);
            WriteBytes(MemoryMarshal.AsBytes(value.AsSpan()));
        }

        _strings.Add(value);
    }

    public void WriteValue(JsonValue? value)
    {
        if (value is null)
        {
            return;
        }

        if (_values.Find(value) is var index && index >= 0)
        {
            WriteNumber(index + ValueForm.FirstReference);
            return;
        }

        var length = value.Utf8Length;
        if (length > InlineBytesMax)
        {
            var content = value.ToUtf8();
            WriteBlob(ValueForm.Blob, PayloadDigests.Of(value, content), content);
        }
        else
        {
            WriteByte(ValueForm.Inline);
            WriteNumber(length);
            var start = _length;
            value.WriteTo(this);
            Debug.Assert(_length - start == length, "The measured length is the written one.");
        }

        _values.Add(value);
    }

    /// <summary>A value with the text that it was parsed from: the text stands for both.</summary>
    public void WriteText(string text, JsonValue value)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        if (length > InlineBytesMax)
        {
            // Not the digest of the value: that is the one of its compact text.
            var content = Encoding.UTF8.GetBytes(text);
            WriteBlob(ValueForm.Blob, PayloadDigests.Compute(content), content);
        }
        else
        {
            WriteByte(ValueForm.Inline);
            WriteUtf8(text);
        }

        _values.Add(value);
    }

    /// <summary>A text of any length that is not ours: it is not parsed, and may be no Unicode at all.</summary>
    public void WritePayload(string? value)
    {
        if (value is null)
        {
            return; // The reader knows from the flags.
        }

        if (_payloads.Find(value) is var index && index >= 0)
        {
            WriteNumber(index + PayloadForm.FirstReference);
            return;
        }

        var isUtf8 = Utf16.IsWellFormed(value);
        var length = isUtf8 ? Encoding.UTF8.GetByteCount(value) : value.Length * sizeof(char);
        if (length > InlineBytesMax)
        {
            var content = isUtf8 ? Encoding.UTF8.GetBytes(value) : MemoryMarshal.AsBytes(value.AsSpan()).ToArray();
            WriteBlob(isUtf8 ? PayloadForm.Utf8Blob : PayloadForm.Utf16Blob, PayloadDigests.Compute(content), content);
        }
        else if (isUtf8)
        {
            WriteByte(PayloadForm.Utf8);
            WriteUtf8(value);
        }
        else
        {
            WriteByte(PayloadForm.Utf16);
            WriteBytes(MemoryMarshal.AsBytes(value.AsSpan()));
        }

        _payloads.Add(value);
    }

    public void Advance(int count) => _length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureRoom(sizeHint);
        return _buffer.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        EnsureRoom(sizeHint);
        return _buffer.AsSpan(_length);
    }

    private void WriteBlob(byte form, BlobId id, byte[] content)
    {
        WriteByte(form);
        Span<byte> digest = stackalloc byte[PayloadDigests.Bytes];
        _ = Convert.FromHexString(id.Hex, digest, out _, out _);
        digest.CopyTo(GetSpan(digest.Length));
        _length += digest.Length;
        _blobs ??= ImmutableArray.CreateBuilder<Blob>();
        _blobs.Add(new Blob(id, content));
    }

    private void WriteUtf8(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        WriteNumber(length);
        _length += Encoding.UTF8.GetBytes(text, GetSpan(length));
    }

    private void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        WriteNumber(bytes.Length);
        bytes.CopyTo(GetSpan(bytes.Length));
        _length += bytes.Length;
    }

    private void WriteSigned(long value) => WriteVarint(unchecked((ulong)((value << 1) ^ (value >> 63))));

    private void WriteVarint(ulong value)
    {
        var span = GetSpan(10);
        while (value >= 0x80)
        {
            span[0] = (byte)((value & 0x7F) | 0x80);
            span = span[1..];
            _length++;
            value >>= 7;
        }

        span[0] = (byte)value;
        _length++;
    }

    private void EnsureRoom(int size)
    {
        size = Math.Max(size, 1);
        if (_buffer.Length - _length >= size)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, _length + size));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}

/// <summary>How a string is written. The numbers are stored.</summary>
internal static class StringForm
{
    public const byte Utf8 = 0;

    /// <summary>Little-endian: for what UTF-8 cannot say.</summary>
    public const byte Utf16 = 1;

    /// <summary>From here on: the number of an earlier string of the segment.</summary>
    public const byte FirstReference = 2;
}

/// <summary>How a JSON value is written. The numbers are stored.</summary>
internal static class ValueForm
{
    public const byte Inline = 0;
    public const byte Blob = 1;

    /// <summary>From here on: the number of an earlier value of the segment.</summary>
    public const byte FirstReference = 2;
}

/// <summary>How a payload is written. The numbers are stored.</summary>
internal static class PayloadForm
{
    public const byte Utf8 = 0;

    /// <summary>Little-endian: for what UTF-8 cannot say.</summary>
    public const byte Utf16 = 1;

    public const byte Utf8Blob = 2;
    public const byte Utf16Blob = 3;

    /// <summary>From here on: the number of an earlier payload of the segment.</summary>
    public const byte FirstReference = 4;
}

/// <summary>What was written so far, by identity.</summary>
internal sealed class References<T>
    where T : class
{
    /// <summary>Most segments are short, and a short list is searched faster than a table is built.</summary>
    private const int ScanMax = 16;

    private readonly List<T> _items = [];
    private Dictionary<T, int>? _index;

    public void Add(T item)
    {
        if (_items.Count == ScanMax)
        {
            _index = new Dictionary<T, int>(ReferenceEqualityComparer.Instance);
            for (var i = 0; i < ScanMax; i++)
            {
                _ = _index.TryAdd(_items[i], i);
            }
        }

        _ = _index?.TryAdd(item, _items.Count);
        _items.Add(item);
    }

    public int Find(T item)
    {
        if (_index is not null)
        {
            return _index.TryGetValue(item, out var found) ? found : -1;
        }

        for (var i = _items.Count - 1; i >= 0; i--)
        {
            if (ReferenceEquals(_items[i], item))
            {
                return i;
            }
        }

        return -1;
    }
}

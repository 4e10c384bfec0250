using System.Runtime.InteropServices;
using System.Text;
using Lungfish.Json;

namespace Lungfish.Journal;

/// <summary>Reads the parts of a segment.</summary>
/// <remarks>Whatever the bytes are, it throws <see cref="CorruptJournalException"/> and nothing else.</remarks>
[StructLayout(LayoutKind.Auto)]
public ref struct SegmentReader(
    ReadOnlySpan<byte> content, Func<BlobId, ReadOnlyMemory<byte>> blob, PayloadCache payloads)
{
    private static readonly UTF8Encoding StrictUtf8 =
        new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Deeper than any payload can be; a workflow may nest deeper than what comes from outside may.</summary>
    private const int DepthMax = 1_000_000;

    private readonly List<string> _strings = [];
    private readonly List<JsonValue> _values = [];
    private readonly List<string> _payloads = [];
    private ReadOnlySpan<byte> _rest = content;
    private long _eventId;
    private long _ticks;
    private (long First, int Second) _place;

    public readonly void ExpectEnd()
    {
        if (!_rest.IsEmpty)
        {
            throw new CorruptJournalException($"{_rest.Length} bytes follow the last fact.");
        }
    }

    public byte ReadByte() => Take(1)[0];

    public long ReadNumber()
    {
        var value = ReadVarint();
        return value <= long.MaxValue ? (long)value : throw new CorruptJournalException("A number is out of range.");
    }

    public int ReadInt32()
    {
        var value = ReadNumber();
        return value <= int.MaxValue ? (int)value : throw new CorruptJournalException("A number is out of range.");
    }

    /// <summary>How many things follow, each of at least a byte.</summary>
    public int ReadCount()
    {
        var count = ReadInt32();
        return count <= _rest.Length ? count : throw new CorruptJournalException("A count is larger than the segment.");
    }

    public long ReadEventId() => _eventId = Sum(_eventId, ReadSigned(), 1);

    public DateTimeOffset ReadTime()
    {
        _ticks = Sum(_ticks, ReadSigned(), 0);
        return _ticks >= DateTimeOffset.MinValue.Ticks && _ticks <= DateTimeOffset.MaxValue.Ticks
            ? new DateTimeOffset(_ticks, TimeSpan.Zero)
            : throw new CorruptJournalException("A time is out of range.");
    }

    public (long First, int Second) ReadPlace()
    {
        var first = ReadNumber();
        return first == 0 ? _place : _place = (first - 1, ReadInt32());
    }

    public string ReadString()
    {
        var form = ReadNumber();
        if (form >= StringForm.FirstReference)
        {
            return Earlier(_strings, form - StringForm.FirstReference);
        }

        var bytes = Take(ReadInt32());
        var text = form == StringForm.Utf8 ? Decode(bytes) : DecodeUtf16(bytes);
        _strings.Add(text);
        return text;
    }

    public JsonValue ReadValue()
    {
        var form = ReadNumber();
        if (form >= ValueForm.FirstReference)
        {
            return Earlier(_values, form - ValueForm.FirstReference);
        }

        var value = form == ValueForm.Blob ? ReadBlobValue() : Parse(Take(ReadInt32()));
        _values.Add(value);
        return value;
    }

    public (JsonValue Value, string Text) ReadText()
    {
        var form = ReadNumber();
        var bytes = form switch
        {
            ValueForm.Inline => Take(ReadInt32()),
            ValueForm.Blob => Fetch(ReadBlobId()),
            _ => throw new CorruptJournalException("A text refers to another value."),
        };
        var value = Parse(bytes);
        _values.Add(value);
        return (value, Decode(bytes));
    }

    public string ReadPayload()
    {
        var form = ReadNumber();
        if (form >= PayloadForm.FirstReference)
        {
            return Earlier(_payloads, form - PayloadForm.FirstReference);
        }

        var text = form switch
        {
            PayloadForm.Utf8 => Decode(Take(ReadInt32())),
            PayloadForm.Utf16 => DecodeUtf16(Take(ReadInt32())),
            _ => ReadBlobText(isUtf8: form == PayloadForm.Utf8Blob),
        };
        _payloads.Add(text);
        return text;
    }

    private JsonValue ReadBlobValue()
    {
        var id = ReadBlobId();
        if (payloads.FindValue(id) is { } known)
        {
            return known;
        }

        var bytes = Fetch(id);
        var value = Parse(bytes);
        PayloadDigests.Remember(value, id);
        payloads.Add(id, value, bytes.Length);
        return value;
    }

    private string ReadBlobText(bool isUtf8)
    {
        var id = ReadBlobId();
        if (payloads.FindText(id, isUtf8) is { } known)
        {
            return known;
        }

        var bytes = Fetch(id);
        var text = isUtf8 ? Decode(bytes) : DecodeUtf16(bytes);
        payloads.Add(id, isUtf8, text, bytes.Length);
        return text;
    }

    private BlobId ReadBlobId() => new(Convert.ToHexStringLower(Take(PayloadDigests.Bytes)));

    private readonly ReadOnlySpan<byte> Fetch(BlobId id)
    {
        var bytes = blob(id).Span;
        return PayloadDigests.Compute(bytes) == id
            ? bytes
            : throw new CorruptJournalException($"The blob {id.Hex} has another content.");
    }

    private static JsonValue Parse(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return JsonValue.Parse(utf8, DepthMax);
        }
        catch (JsonParseException e)
        {
            throw new CorruptJournalException($"A value is not JSON: {e.Message}");
        }
    }

    private static string Decode(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return StrictUtf8.GetString(utf8);
        }
        catch (DecoderFallbackException)
        {
            throw new CorruptJournalException("A text is not UTF-8.");
        }
    }

    private static string DecodeUtf16(ReadOnlySpan<byte> bytes) => bytes.Length % sizeof(char) == 0
        ? new string(MemoryMarshal.Cast<byte, char>(bytes))
        : throw new CorruptJournalException("A text ends within a character.");

    private static T Earlier<T>(List<T> items, long index) => index < items.Count
        ? items[(int)index]
        : throw new CorruptJournalException("A reference points forward.");

    private static long Sum(long a, long b, long c)
    {
        try
        {
            return checked(a + b + c);
        }
        catch (OverflowException)
        {
            throw new CorruptJournalException("A number is out of range.");
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            throw new CorruptJournalException("The segment ends early.");
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    private long ReadSigned()
    {
        var value = ReadVarint();
        return unchecked((long)(value >> 1) ^ -(long)(value & 1));
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var b = ReadByte();
            value |= unchecked((ulong)(b & 0x7F) << shift);
            if (b < 0x80)
            {
                return value;
            }
        }

        throw new CorruptJournalException("A number does not end.");
    }
}

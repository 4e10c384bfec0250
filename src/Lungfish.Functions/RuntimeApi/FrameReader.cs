namespace Lungfish.Functions.RuntimeApi;

/// <summary>Gathers the bytes that come in on a channel into frames.</summary>
/// <param name="bytesMax">How long the body of a frame may be, asked once for each: what is longer is read to its end
/// and dropped. Throws if there must be no such frame.</param>
internal sealed class FrameReader(Func<FrameHeader, int> bytesMax)
{
    private const int BytesKept = 64 * 1024; // Room between two frames; a longer one is given back when it was read.

    private byte[] _bytes = new byte[BytesKept];
    private int _start;
    private int _end;
    private FrameHeader? _header; // Of the frame whose body comes next.
    private long _bodyBytesMax;
    private long _left; // Of a body that is dropped.

    /// <summary>Where the next bytes go; never empty. Frames that were read before are gone.</summary>
    public Memory<byte> Room
    {
        get
        {
            var held = _end - _start;
            if (held == 0)
            {
                _start = _end = 0;
                if (_bytes.Length > BytesKept)
                {
                    _bytes = new byte[BytesKept];
                }
            }
            else if (_end == _bytes.Length)
            {
                var to = _start > 0 && held <= _bytes.Length / 2 ? _bytes : new byte[_bytes.Length * 2];
                _bytes.AsSpan(_start, held).CopyTo(to);
                (_bytes, _start, _end) = (to, 0, held);
            }

            return _bytes.AsMemory(_end);
        }
    }

    /// <summary>So many bytes were written to <see cref="Room"/>.</summary>
    public void Add(int count) => _end += count;

    /// <summary>Takes out the next frame, if all of it is there.</summary>
    /// <exception cref="ChannelBrokenException">There must be no such frame.</exception>
    public bool TryRead(out Frame frame)
    {
        frame = default;
        if (_header is null && !TryBegin())
        {
            return false;
        }

        var header = _header.GetValueOrDefault();
        if (header.Length > _bodyBytesMax)
        {
            var dropped = (int)Math.Min(_left, _end - _start);
            _start += dropped;
            _left -= dropped;
            if (_left > 0)
            {
                return false;
            }

            frame = new(header, default, IsTooLong: true);
        }
        else
        {
            var length = (int)header.Length;
            if (_end - _start < length)
            {
                return false;
            }

            frame = new(header, _bytes.AsMemory(_start, length), IsTooLong: false);
            _start += length;
        }

        _header = null;
        return true;
    }

    private bool TryBegin()
    {
        if (_end - _start < FrameHeader.Bytes)
        {
            return false;
        }

        var header = FrameHeader.Read(_bytes.AsSpan(_start));
        _bodyBytesMax = bytesMax(header);
        _start += FrameHeader.Bytes;
        _left = header.Length;
        _header = header;
        return true;
    }
}

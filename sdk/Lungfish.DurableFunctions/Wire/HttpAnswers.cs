using System.Buffers.Text;
using System.Text;

namespace Lungfish.DurableFunctions;

/// <summary>An answer of HTTP/1.1 whose length was told.</summary>
/// <param name="Status">Its code.</param>
/// <param name="Head">The lines above the body.</param>
/// <param name="Body">What was sent.</param>
internal readonly record struct HttpAnswer(int Status, string Head, byte[] Body)
{
    /// <summary>The value of a header; null if it is not there.</summary>
    public string? Header(string name)
    {
        var lines = Head.AsSpan();
        while (lines.IndexOf("\r\n", StringComparison.Ordinal) is var end and >= 0)
        {
            lines = lines[(end + 2)..];
            if (lines.Length > name.Length && lines[name.Length] == ':'
                && lines.StartsWith(name, StringComparison.OrdinalIgnoreCase))
            {
                var value = lines[(name.Length + 1)..];
                var length = value.IndexOf("\r\n", StringComparison.Ordinal);
                return (length < 0 ? value : value[..length]).Trim().ToString();
            }
        }

        return null;
    }
}

/// <summary>Gathers the bytes that come in on a connection into answers.</summary>
internal sealed class HttpAnswers
{
    private byte[] _bytes = new byte[8_192];
    private int _count;

    /// <summary>Where the next bytes go; never empty.</summary>
    public Memory<byte> Room
    {
        get
        {
            if (_count == _bytes.Length)
            {
                Array.Resize(ref _bytes, _bytes.Length * 2);
            }

            return _bytes.AsMemory(_count);
        }
    }

    /// <summary>Bytes have come in.</summary>
    /// <exception cref="HttpRequestException">There are none: the other side has closed the connection.</exception>
    public void Add(int count) => _count += count > 0
        ? count
        : throw new HttpRequestException("The connection was closed before there was an answer.");

    /// <summary>Takes out the next answer, if all of it is there.</summary>
    /// <exception cref="HttpRequestException">It is no answer with a length.</exception>
    public bool TryTake(out HttpAnswer answer)
    {
        var received = _bytes.AsSpan(0, _count);
        var headLength = received.IndexOf("\r\n\r\n"u8);
        if (headLength < 0)
        {
            answer = default;
            return false;
        }

        var head = new HttpAnswer(StatusOf(received), Encoding.Latin1.GetString(received[..headLength]), []);
        var length = LengthOf(head);
        var end = headLength + 4 + length;
        if (received.Length < end)
        {
            answer = default;
            return false;
        }

        answer = head with { Body = received[(headLength + 4)..end].ToArray() };
        received[end..].CopyTo(_bytes);
        _count -= end;
        return true;
    }

    private static int StatusOf(ReadOnlySpan<byte> received) =>
        received.StartsWith("HTTP/1."u8) && Utf8Parser.TryParse(received["HTTP/1.1 ".Length..], out int status, out _)
            ? status
            : throw new HttpRequestException("The answer is not HTTP.");

    private static int LengthOf(HttpAnswer head) => int.TryParse(
        head.Header("Content-Length"), System.Globalization.CultureInfo.InvariantCulture, out var length) && length >= 0
            ? length
            : throw new HttpRequestException("The answer has no length.");
}

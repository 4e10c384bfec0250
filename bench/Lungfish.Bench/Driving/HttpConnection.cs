using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Lungfish.Bench.Driving;

/// <summary>One kept-alive connection that posts JSON and waits for the answer; one request at a time.</summary>
/// <remarks>As little work as possible: the generator shares the machine's cores with what it measures.</remarks>
internal sealed class HttpConnection : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _request = new byte[16_384];
    private readonly byte[] _answer = new byte[65_536];
    private int _bodyStart;
    private int _bodyEnd;

    private HttpConnection()
    {
    }

    /// <summary>The body of the last answer.</summary>
    public ReadOnlySpan<byte> Body => _answer.AsSpan(_bodyStart.._bodyEnd);

    public static async Task<HttpConnection> OpenAsync(Uri url)
    {
        var connection = new HttpConnection();
        await connection._socket.ConnectAsync(IPAddress.Loopback, url.Port);
        return connection;
    }

    /// <param name="head">The request line and headers but for the length: see <see cref="Head"/>.</param>
    /// <exception cref="HttpRequestException">The status is neither 200 nor 202.</exception>
    public async ValueTask PostAsync(byte[] head, ReadOnlyMemory<byte> body)
    {
        await _socket.SendAsync(_request.AsMemory(0, Write(head, body.Span)));
        var length = 0;
        do
        {
            var count = await _socket.ReceiveAsync(_answer.AsMemory(length));
            length += count > 0 ? count : throw new HttpRequestException("The server hung up.");
        }
        while (!IsWhole(length));

        // A function's failure is told in a header of an answer that is fine otherwise.
        var answerHead = _answer.AsSpan(0, _bodyStart);
        if (!answerHead.StartsWith("HTTP/1.1 20"u8) || answerHead.IndexOf("X-Amz-Function-Error"u8) >= 0)
        {
            throw new HttpRequestException(
                $"Unexpected answer: {Encoding.UTF8.GetString(_answer, 0, length)}",
                inner: null,
                answerHead.StartsWith("HTTP/1.1 429"u8) ? HttpStatusCode.TooManyRequests : null);
        }
    }

    public static byte[] Head(
        Uri url,
        string path,
        string? target = null,
        string? invocationType = null,
        string contentType = "application/x-amz-json-1.0") => Encoding.ASCII.GetBytes(
        $"POST {path} HTTP/1.1\r\nHost: {url.Authority}\r\n"
        + (target is null ? "" : $"X-Amz-Target: {target}\r\n")
        + (invocationType is null ? "" : $"X-Amz-Invocation-Type: {invocationType}\r\n")
        + $"Content-Type: {contentType}\r\nContent-Length: ");

    private int Write(byte[] head, ReadOnlySpan<byte> body)
    {
        head.CopyTo(_request, 0);
        Utf8Formatter.TryFormat(body.Length, _request.AsSpan(head.Length), out var digits);
        var at = head.Length + digits;
        "\r\n\r\n"u8.CopyTo(_request.AsSpan(at));
        body.CopyTo(_request.AsSpan(at + 4));
        return at + 4 + body.Length;
    }

    private bool IsWhole(int length)
    {
        var received = _answer.AsSpan(0, length);
        var headEnd = received.IndexOf("\r\n\r\n"u8);
        if (headEnd < 0)
        {
            return false;
        }

        var head = received[..headEnd];
        var at = head.IndexOf("\r\nContent-Length: "u8);
        at = at < 0 ? head.IndexOf("\r\ncontent-length: "u8) : at; // As some peers write it.
        if (at < 0 || !Utf8Parser.TryParse(head[(at + 18)..], out int bodyLength, out _))
        {
            throw new HttpRequestException($"An answer without a length: {Encoding.UTF8.GetString(head)}");
        }

        _bodyStart = headEnd + 4;
        _bodyEnd = _bodyStart + bodyLength;
        return length >= _bodyEnd;
    }

    public void Dispose() => _socket.Dispose();
}

using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Lungfish.DurableFunctions;

/// <summary>A connection to the server that started this program; it stays open.</summary>
/// <remarks>
/// Checkpoints and invocations cross it one at a time, and what a general HTTP client does for many costs more than the
/// call itself. Towards AWS the general client is used. A connection is used either with or without waiting threads.
/// </remarks>
internal sealed class DirectConnection : IDisposable
{
    /// <summary>Set by the server in the processes that it starts: where it listens.</summary>
    private const string ServerVariable = "LUNGFISH_ENDPOINT";

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly HttpAnswers _answers = new();

    private DirectConnection()
    {
    }

    /// <summary>Whether this program was started by a server of ours.</summary>
    public static bool HasServer => Environment.GetEnvironmentVariable(ServerVariable) is { Length: > 0 };

    /// <summary>Whether an endpoint is one of the server that started this program.</summary>
    public static bool LeadsTo(string endpoint) =>
        Environment.GetEnvironmentVariable(ServerVariable) is { Length: > 0 } server
        && server.StartsWith("http://", StringComparison.Ordinal)
        && endpoint.StartsWith(server, StringComparison.Ordinal)
        && (endpoint.Length == server.Length || endpoint[server.Length] == '/');

    /// <summary>Connects, and waits for it.</summary>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    public static DirectConnection Open(string host, int port)
    {
        var connection = new DirectConnection();
        connection._socket.Connect(host, port);
        return connection;
    }

    /// <summary>Connects.</summary>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    public static async Task<DirectConnection> OpenAsync(string host, int port, CancellationToken cancellationToken)
    {
        var connection = new DirectConnection();
        await connection._socket.ConnectAsync(host, port, cancellationToken).ConfigureAwait(false);
        return connection;
    }

    /// <summary>The bytes of a request.</summary>
    /// <param name="start">Method, path and version.</param>
    /// <param name="headers">Lines that end; the length is added.</param>
    /// <param name="body">What is sent.</param>
    public static byte[] Request(string start, string headers, ReadOnlySpan<byte> body)
    {
        var head = string.Create(
            CultureInfo.InvariantCulture, $"{start}\r\n{headers}Content-Length: {body.Length}\r\n\r\n");
        var bytes = new byte[head.Length + body.Length];
        Encoding.Latin1.GetBytes(head, bytes);
        body.CopyTo(bytes.AsSpan(head.Length));
        return bytes;
    }

    /// <summary>Sends requests; the thread waits until they are on their way.</summary>
    public void Send(ReadOnlySpan<byte> requests)
    {
        while (!requests.IsEmpty)
        {
            requests = requests[_socket.Send(requests)..];
        }
    }

    /// <summary>The next answer; the thread waits for it.</summary>
    public HttpAnswer Receive()
    {
        HttpAnswer answer;
        while (!_answers.TryTake(out answer))
        {
            _answers.Add(_socket.Receive(_answers.Room.Span));
        }

        return answer;
    }

    /// <summary>Sends a request and gives its answer.</summary>
    public async Task<HttpAnswer> CallAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        while (!request.IsEmpty)
        {
            request = request[await _socket.SendAsync(request, cancellationToken).ConfigureAwait(false)..];
        }

        HttpAnswer answer;
        while (!_answers.TryTake(out answer))
        {
            _answers.Add(await _socket.ReceiveAsync(_answers.Room, cancellationToken).ConfigureAwait(false));
        }

        return answer;
    }

    public void Dispose() => _socket.Dispose();
}

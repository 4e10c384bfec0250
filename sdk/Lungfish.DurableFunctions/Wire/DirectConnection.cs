using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Lungfish.DurableFunctions;

/// <summary>A connection to the server that started this program; it stays open.</summary>
/// <remarks>
/// Checkpoints and invocations cross it one at a time, and what a general HTTP client does for many costs more than the
/// call itself. Towards AWS the general client is used.
/// </remarks>
internal sealed class DirectConnection : IDisposable
{
    /// <summary>Set by the server in the processes that it starts: where it listens.</summary>
    private const string ServerVariable = "LUNGFISH_ENDPOINT";

    private readonly Socket _socket;
    private readonly HttpAnswers _answers = new();

    private DirectConnection(Socket socket) => _socket = socket;

    /// <summary>Whether an endpoint is one of the server that started this program.</summary>
    public static bool LeadsTo(string endpoint) =>
        Environment.GetEnvironmentVariable(ServerVariable) is { Length: > 0 } server
        && server.StartsWith("http://", StringComparison.Ordinal)
        && endpoint.StartsWith(server, StringComparison.Ordinal)
        && (endpoint.Length == server.Length || endpoint[server.Length] == '/');

    /// <summary>Connects.</summary>
    /// <param name="host">A name or an address.</param>
    /// <param name="port">Its port.</param>
    /// <param name="patience">How long to wait for an answer; null for ever.</param>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    public static DirectConnection Open(string host, int port, TimeSpan? patience) =>
        new(Connect(host, port, patience));

    /// <inheritdoc cref="Open"/>
    public static Socket Connect(string host, int port, TimeSpan? patience)
    {
        var isVersion4 = IPAddress.TryParse(host, out var address)
            && address.AddressFamily == AddressFamily.InterNetwork;
        var socket = isVersion4
            ? new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.NoDelay = true;
            socket.ReceiveTimeout = socket.SendTimeout = (int)(patience?.TotalMilliseconds ?? 0);
            socket.Connect(host, port);
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
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

    public void Dispose() => _socket.Dispose();
}

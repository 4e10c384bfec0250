using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Lungfish.DurableFunctions.Tests;

/// <summary>The Runtime API on a loopback port; ends the loop when it has nothing left to give. It takes requests
/// that come together, which <see cref="HttpListener"/> does not.</summary>
internal sealed class FakeRuntimeApi : IDisposable
{
    private readonly TcpListener _tcp = new(IPAddress.Loopback, 0);
    private readonly Lock _gate = new();
    private readonly Queue<(string RequestId, string Event)> _invocations = [];
    private int _connections;

    public FakeRuntimeApi()
    {
        _tcp.Start();
        Address = $"{_tcp.LocalEndpoint}";
        _ = AcceptAsync();
    }

    public string Address { get; }

    /// <summary>Calls and bodies, in the order in which they came.</summary>
    public List<string> Posts { get; } = [];

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Answers with it what comes over a channel as a call.</summary>
    public Func<string, (int Status, string Body)> OnCall { get; set; } = static _ => (500, "{}");

    public void Give(string requestId, string json) => _invocations.Enqueue((requestId, json));

    public void Dispose() => _tcp.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _tcp.AcceptTcpClientAsync();
                Interlocked.Increment(ref _connections);
                _ = ServeAsync(client);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
            while (await reader.ReadLineAsync() is { } request)
            {
                var length = 0;
                while (await reader.ReadLineAsync() is { Length: > 0 } header)
                {
                    const string Length = "Content-Length: ";
                    length = header.StartsWith(Length, StringComparison.OrdinalIgnoreCase)
                        ? int.Parse(header.AsSpan(Length.Length), CultureInfo.InvariantCulture)
                        : length;
                }

                if (request.StartsWith("GET /2018-06-01/runtime/channel ", StringComparison.Ordinal))
                {
                    await ServeChannelAsync(client.GetStream());
                    return;
                }

                var body = new char[length];
                if (length > 0)
                {
                    await reader.ReadBlockAsync(body); // Of nothing, it would wait for the next request.
                }

                string answer;
                lock (_gate)
                {
                    answer = Answer(request, new string(body));
                }

                await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(answer));
            }
        }
    }

    /// <summary>Gives as many invocations as are asked for, and closes the channel after the last answer.</summary>
    private async Task ServeChannelAsync(NetworkStream stream)
    {
        await stream.WriteAsync("HTTP/1.1 101 Switching Protocols\r\nUpgrade: lungfish-channel\r\n\r\n"u8.ToArray());
        var running = new Dictionary<uint, string>();
        var header = new byte[Frame.HeaderBytes];
        var last = 0u;
        FrameType type;
        do
        {
            await stream.ReadExactlyAsync(header);
            var number = BitConverter.ToUInt32(header, 5);
            var body = new byte[BitConverter.ToInt32(header)];
            await stream.ReadExactlyAsync(body);
            type = (FrameType)header[4];
            var text = Encoding.UTF8.GetString(body);
            if (type == FrameType.Checkpoint)
            {
                var (status, answer) = OnCall(text);
                await SendAsync(
                    stream,
                    FrameType.CallAnswer,
                    number,
                    [.. BitConverter.GetBytes((ushort)status), .. Encoding.UTF8.GetBytes(answer)]);
                continue;
            }

            if (type != FrameType.Ready)
            {
                running.Remove(number, out var requestId);
                var kind = type == FrameType.Error ? "error" : "response";
                Posts.Add($"invocation/{requestId}/{kind} {text}");
            }

            for (var asked = type == FrameType.Ready ? number : 1; asked > 0; asked--)
            {
                if (_invocations.TryDequeue(out var next))
                {
                    running.Add(++last, next.RequestId);
                    await SendAsync(
                        stream,
                        FrameType.Invocation,
                        last,
                        [
                            .. new[] { next.RequestId, "1764547200000", "arn", $"trace-{next.RequestId}", "", "" }
                                .SelectMany(told => BitConverter.GetBytes((ushort)told.Length)
                                    .Concat(Encoding.UTF8.GetBytes(told))),
                            .. Encoding.UTF8.GetBytes(next.Event),
                        ]);
                }
            }
        }
        while (running.Count > 0 || type == FrameType.Checkpoint);
    }

    private static async Task SendAsync(NetworkStream stream, FrameType type, uint number, byte[] body)
    {
        var frame = new byte[Frame.HeaderBytes + body.Length];
        Frame.WriteHeader(frame, type, number, body.Length);
        body.CopyTo(frame, Frame.HeaderBytes);
        await stream.WriteAsync(frame);
    }

    private string Answer(string request, string body)
    {
        var path = request.Split(' ')[1]["/2018-06-01/runtime/".Length..];
        if (request.StartsWith("POST", StringComparison.Ordinal))
        {
            Posts.Add($"{path} {body}");
            return "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n";
        }

        return _invocations.TryDequeue(out var next)
            ? $"HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: {next.RequestId}\r\n"
                + $"Lambda-Runtime-Deadline-Ms: 1764547200000\r\nLambda-Runtime-Trace-Id: trace-{next.RequestId}\r\n"
                + $"Content-Length: {next.Event.Length}\r\n\r\n"
                + next.Event
            : "HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n";
    }
}

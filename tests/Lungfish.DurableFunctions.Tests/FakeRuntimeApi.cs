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

    public bool TakesAnswersThatAsk { get; set; }

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

    private string Answer(string request, string body)
    {
        var path = request.Split(' ')[1]["/2018-06-01/runtime/".Length..];
        if (request.StartsWith("POST", StringComparison.Ordinal))
        {
            const string AndNext = "/next";
            var asks = path.EndsWith(AndNext, StringComparison.Ordinal);
            Posts.Add($"{(asks ? path[..^AndNext.Length] : path)} {body}");
            Assert.Equal(TakesAnswersThatAsk && !path.StartsWith("init/", StringComparison.Ordinal), asks);
            return asks ? Next() : "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n";
        }

        return Next();
    }

    private string Next() =>
        _invocations.TryDequeue(out var next)
            ? $"HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: {next.RequestId}\r\n"
                + $"Lambda-Runtime-Deadline-Ms: 1764547200000\r\nLambda-Runtime-Trace-Id: trace-{next.RequestId}\r\n"
                + $"Content-Length: {next.Event.Length}\r\n\r\n"
                + next.Event
            : "HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n";
}

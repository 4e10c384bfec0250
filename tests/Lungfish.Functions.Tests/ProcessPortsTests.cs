using System.Net;
using System.Net.Sockets;
using System.Text;
using Lungfish.Functions.Invoking;
using Lungfish.Functions.RuntimeApi;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lungfish.Functions.Tests;

/// <summary>What becomes of the connections of a process.</summary>
public sealed class ProcessPortsTests
{
    private const string Channel =
        "GET /2018-06-01/runtime/channel HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: lungfish-channel\r\n\r\n";

    private const string Switched =
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: lungfish-channel\r\n\r\n";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Accept_AsksForAChannel_GetsItAndTheFramesBehindTheRequestAreRead()
    {
        await using var process = new ProcessUnderTest();
        using var client = await process.ConnectAsync();

        await SendAsync(client, [.. Encoding.ASCII.GetBytes(Channel), .. Frames.Of(FrameType.Ready, 1, "")]);

        Assert.Equal(Switched, await ReadAsync(client, Switched.Length));
        var invocation = await ReadAsync(client, FrameHeader.Bytes);
        Assert.Equal((char)FrameType.Invocation, invocation[4]);
    }

    [Fact]
    public async Task Accept_AsksForAChannelInPieces_GetsIt()
    {
        await using var process = new ProcessUnderTest();
        using var client = await process.ConnectAsync();
        client.NoDelay = true;

        var atOnce = Channel.IndexOf('\n', StringComparison.Ordinal) + 1; // It says what it is in one piece.
        await SendAsync(client, Encoding.ASCII.GetBytes(Channel[..atOnce]));
        foreach (var character in Channel[atOnce..])
        {
            await SendAsync(client, [(byte)character]);
        }

        Assert.Equal(Switched, await ReadAsync(client, Switched.Length));
    }

    [Fact]
    public async Task Accept_AsksForAChannelWithoutAnEnd_IsClosed()
    {
        await using var process = new ProcessUnderTest();
        using var client = await process.ConnectAsync();

        await SendAsync(client, Encoding.ASCII.GetBytes(Channel[..^2] + $"X: {new string('x', 4096)}\r\n"));

        Assert.Equal("", await ReadAsync(client, 1));
    }

    [Fact]
    public async Task Accept_SaysSomethingElse_IsServedByTheServer()
    {
        await using var process = new ProcessUnderTest();
        using var client = await process.ConnectAsync();
        const string Request = "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\n";

        await SendAsync(client, Encoding.ASCII.GetBytes(Request));

        await using var connection = await process.Ports.AcceptAsync().AsTask().WaitAsync(Patience)
            ?? throw new InvalidOperationException("The ports closed.");
        var read = await connection.Transport.Input.ReadAtLeastAsync(Request.Length).AsTask().WaitAsync(Patience);
        Assert.Equal(Request, Encoding.ASCII.GetString(read.Buffer));
        Assert.Same(process.Environment, connection.Features.Get<RuntimeConnection>()?.Environment);
    }

    [Fact]
    public async Task Accept_ChannelsHaveEnded_TheirRoomIsFree()
    {
        await using var process = new ProcessUnderTest();

        for (var i = 0; i < 50; i++)
        {
            using var client = await process.ConnectAsync();
            await SendAsync(client, [.. Encoding.ASCII.GetBytes(Channel), .. Frames.Of(FrameType.Ready, 0, "no body")]);
            Assert.Equal(Switched, await ReadAsync(client, Switched.Length));
            Assert.Equal("", await ReadAsync(client, 1)); // It broke the rules.
        }
    }

    private static async Task SendAsync(Socket client, byte[] bytes) =>
        Assert.Equal(bytes.Length, await client.SendAsync(bytes).WaitAsync(Patience));

    /// <returns>Less than that: the connection has ended.</returns>
    private static async Task<string> ReadAsync(Socket client, int count)
    {
        var bytes = new byte[count];
        var read = 0;
        while (read < count && await ReceiveAsync() is var more and > 0)
        {
            read += more;
        }

        return Encoding.Latin1.GetString(bytes, 0, read);

        async Task<int> ReceiveAsync()
        {
            try
            {
                return await client.ReceiveAsync(bytes.AsMemory(read)).AsTask().WaitAsync(Patience);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
            {
                return 0; // Closed with bytes that nobody read.
            }
        }
    }

    /// <summary>A process that a pool with an invocation waits for, and its port.</summary>
    private sealed class ProcessUnderTest : IAsyncDisposable
    {
        private readonly PoolUnderTest _pool = new(perProcess: 2);
        private readonly ProcessPort _port;

        public ProcessUnderTest()
        {
            _ = _pool.Invoke();
            _port = Ports.Open(_pool.Pool, Environment);
        }

        public ProcessPorts Ports { get; } = new(
            new SocketConnectionContextFactory(new(), NullLogger.Instance),
            (from, socket) => new ProcessChannel(from, socket, () => null, NullLogger.Instance));

        public ExecutionEnvironment Environment => _pool.Processes[0];

        public async Task<Socket> ConnectAsync()
        {
            var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await client.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _port.Number));
            return client;
        }

        public async ValueTask DisposeAsync()
        {
            await _port.DisposeAsync();
            await Ports.DisposeAsync();
            await _pool.DisposeAsync();
        }
    }
}

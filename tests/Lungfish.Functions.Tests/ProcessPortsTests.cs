using System.Net;
using System.Net.Sockets;
using System.Text;
using Lungfish.Functions.RuntimeApi;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lungfish.Functions.Tests;

/// <summary>Which connections of a process have a thread of their own.</summary>
public sealed class ProcessPortsTests
{
    private const string Channel = "GET /2018-06-01/runtime/channel HTTP/1.1\r\n";

    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Accept_BeginsAsAChannel_HasAThread()
    {
        await using var pool = PoolWithAProcess();
        await using var ports = PortsWith(silenceMax: Long);
        await using var port = ports.Open(pool.Pool, pool.Processes[0]);
        using var client = await ConnectAsync(port);

        _ = await client.SendAsync(Encoding.ASCII.GetBytes(Channel));
        await using var connection = await AcceptAsync(ports);

        _ = Assert.IsType<ThreadedConnection>(connection);
        Assert.Equal(Channel, await ReadAsync(connection));
    }

    [Fact]
    public async Task Accept_SilentForTooLong_KeepsNoThreadAndIsServedWhenItSpeaks()
    {
        await using var pool = PoolWithAProcess();
        await using var ports = PortsWith(silenceMax: TimeSpan.Zero);
        await using var port = ports.Open(pool.Pool, pool.Processes[0]);
        using var client = await ConnectAsync(port);

        await using var connection = await AcceptAsync(ports);
        _ = await client.SendAsync(Encoding.ASCII.GetBytes(Channel));

        Assert.IsNotType<ThreadedConnection>(connection);
        Assert.Equal(Channel, await ReadAsync(connection));
    }

    private static PoolUnderTest PoolWithAProcess()
    {
        var pool = new PoolUnderTest(perProcess: 2);
        _ = pool.Invoke();
        return pool;
    }

    private static ProcessPorts PortsWith(TimeSpan silenceMax) =>
        new(new SocketConnectionContextFactory(new(), NullLogger.Instance), silenceMax);

    private static async Task<Socket> ConnectAsync(ProcessPort port)
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port.Number));
        return client;
    }

    private static async Task<ConnectionContext> AcceptAsync(ProcessPorts ports) =>
        await ports.AcceptAsync().AsTask().WaitAsync(Long) ?? throw new InvalidOperationException("The ports closed.");

    private static async Task<string> ReadAsync(ConnectionContext connection)
    {
        var read = await connection.Transport.Input.ReadAtLeastAsync(Channel.Length).AsTask().WaitAsync(Long);
        return Encoding.ASCII.GetString(read.Buffer);
    }
}

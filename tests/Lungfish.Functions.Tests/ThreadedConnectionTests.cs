using System.Net;
using System.Net.Sockets;
using Lungfish.Functions.RuntimeApi;
using Microsoft.AspNetCore.Connections;

namespace Lungfish.Functions.Tests;

/// <summary>The connection of a channel, between two real sockets.</summary>
public sealed class ThreadedConnectionTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Read_BytesCome_AreWorkedOnByTheThreadThatRead()
    {
        var (client, connection) = await ConnectAsync();
        using var clientEnds = client;
        await using var connectionEnds = connection;
        var worked = WorkAsync();
        var thread = StartToRead(connection);

        await client.SendAsync("a frame"u8.ToArray());

        Assert.Equal(thread.ManagedThreadId, await worked.WaitAsync(Long));

        async Task<int> WorkAsync()
        {
            _ = await connection.Input.ReadAsync();
            return Environment.CurrentManagedThreadId;
        }
    }

    [Fact]
    public async Task Read_AfterAnAnswerWasSent_GoesOnOnThatThread()
    {
        var (client, connection) = await ConnectAsync();
        using var clientEnds = client;
        await using var connectionEnds = connection;
        var worked = WorkAsync();
        var thread = StartToRead(connection);

        await client.SendAsync("ask"u8.ToArray());
        Assert.Equal(6, await client.ReceiveAsync(new byte[64]).WaitAsync(Long));
        await client.SendAsync("ask"u8.ToArray());

        Assert.Equal(thread.ManagedThreadId, await worked.WaitAsync(Long));

        async Task<int> WorkAsync()
        {
            var asked = await connection.Input.ReadAsync();
            connection.Input.AdvanceTo(asked.Buffer.End);
            await connection.Output.WriteAsync("answer"u8.ToArray());
            _ = await connection.Input.ReadAsync();
            return Environment.CurrentManagedThreadId;
        }
    }

    [Fact]
    public async Task Read_WorkerIsSlow_LosesNothing()
    {
        var (client, connection) = await ConnectAsync();
        using var clientEnds = client;
        await using var connectionEnds = connection;
        var sent = new byte[4 * 1024 * 1024];
        new Random(1).NextBytes(sent);
        _ = StartToRead(connection);

        var sending = client.SendAsync(sent);
        var received = new List<byte>();
        while (received.Count < sent.Length)
        {
            var read = await connection.Input.ReadAsync().AsTask().WaitAsync(Long);
            foreach (var part in read.Buffer)
            {
                received.AddRange(part.Span);
            }

            connection.Input.AdvanceTo(read.Buffer.End);
        }

        Assert.Equal(sent.Length, await sending);
        Assert.True(received.SequenceEqual(sent));
    }

    [Fact]
    public async Task Abort_NothingComes_EndsTheThreadAndTellsSo()
    {
        var (client, connection) = await ConnectAsync();
        using var clientEnds = client;
        await using var connectionEnds = connection;
        var thread = StartToRead(connection);

        connection.Abort(new ConnectionAbortedException());

        Assert.True(thread.Join(Long));
        Assert.True(connection.ConnectionClosed.IsCancellationRequested);
        Assert.Equal(0, await client.ReceiveAsync(new byte[1]).WaitAsync(Long));
    }

    [Fact]
    public async Task Read_OtherSideGoes_EndsTheInput()
    {
        var (client, connection) = await ConnectAsync();
        await using var connectionEnds = connection;
        var thread = StartToRead(connection);

        client.Dispose();

        Assert.True(thread.Join(Long));
        Assert.True((await connection.Input.ReadAsync()).IsCompleted);
        Assert.True(connection.ConnectionClosed.IsCancellationRequested);
    }

    private static Thread StartToRead(ThreadedConnection connection)
    {
        var thread = new Thread(connection.Read) { IsBackground = true };
        thread.Start();
        return thread;
    }

    private static async Task<(Socket Client, ThreadedConnection Connection)> ConnectAsync()
    {
        using var listening = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listening.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listening.Listen(1);
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(listening.LocalEndPoint ?? throw new InvalidOperationException("It is bound."));
        return (client, new ThreadedConnection(await listening.AcceptAsync()));
    }
}

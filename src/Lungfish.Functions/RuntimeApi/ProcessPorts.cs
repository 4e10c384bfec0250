using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Lungfish.Functions.Invoking;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Lungfish.Functions.RuntimeApi;

/// <summary>A loopback port for each process, and one server behind all of them.</summary>
/// <remarks>To Kestrel this is one listener. What a connection came in on says whose it is, so nothing in a request has
/// to: Runtime API clients know no more than a host and a port. It is noted on the connection, because a port may
/// belong to another process by the time that a request comes.</remarks>
/// <param name="connections">Makes the connections that Kestrel serves.</param>
/// <param name="newChannel">Makes those that it does not.</param>
internal sealed class ProcessPorts(
    SocketConnectionContextFactory connections,
    Func<RuntimeConnection, Socket, ProcessChannel> newChannel) : IConnectionListenerFactory, IConnectionListener
{
    private static ReadOnlySpan<byte> ChannelRequest => "GET /2018-06-01/runtime/channel HTTP/1.1\r\n"u8;

    private static ReadOnlySpan<byte> ChannelAnswer =>
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: lungfish-channel\r\n\r\n"u8;

    private readonly Channel<ConnectionContext> _accepted = Channel.CreateUnbounded<ConnectionContext>();

    public EndPoint EndPoint { get; private set; } = new IPEndPoint(IPAddress.Loopback, 0);

    /// <summary>Opens the port of a process.</summary>
    public ProcessPort Open(FunctionPool pool, ExecutionEnvironment environment)
    {
        const int ConnectionsMore = 15; // Runtimes hold one for each invocation, some a second; each may bring 6 MB.
        var connectionsMax = pool.PerProcess + ConnectionsMore;
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen(connectionsMax);
        return new ProcessPort(
            socket, AcceptAllAsync(socket, connectionsMax, () => new RuntimeConnection(pool, environment)));
    }

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        EndPoint = endpoint;
        return ValueTask.FromResult<IConnectionListener>(this);
    }

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
        await _accepted.Reader.WaitToReadAsync(cancellationToken) && _accepted.Reader.TryRead(out var connection)
            ? connection
            : null;

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _ = _accepted.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    /// <summary>Kestrel calls this when the last connection has ended: their memory is this factory's.</summary>
    public ValueTask DisposeAsync()
    {
        connections.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task AcceptAllAsync(Socket listening, int connectionsMax, Func<RuntimeConnection> newConnection)
    {
        var open = 0;
        while (await AcceptAsync(listening) is { } socket)
        {
            if (Volatile.Read(ref open) >= connectionsMax)
            {
                socket.Dispose();
                continue;
            }

            socket.NoDelay = true;
            _ = Interlocked.Increment(ref open);
            var own = newConnection();
            new Thread(() => ServeByThread(socket, own, Closed)) { Name = "lungfish-channel", IsBackground = true }
                .Start();
        }

        void Closed() => _ = Interlocked.Decrement(ref open);
    }

    /// <summary>A channel keeps the thread; other connections are as many as there are invocations, and often idle.
    /// </summary>
    private void ServeByThread(Socket socket, RuntimeConnection own, Action closed)
    {
        if (!BeginsAsChannel(socket))
        {
            Serve(connections.Create(socket), own, closed);
            return;
        }

        using (socket)
        {
            if (TryBecomeChannel(socket))
            {
                newChannel(own, socket).Serve();
            }
        }

        closed();
    }

    /// <summary>Answers the request for a channel. Frames may stand behind it already.</summary>
    private bool TryBecomeChannel(Socket socket)
    {
        const int HeadBytesMax = 4096;
        ReadOnlySpan<byte> end = "\r\n\r\n"u8;
        Span<byte> head = stackalloc byte[HeadBytesMax];
        try
        {
            for (var read = 0; read < HeadBytesMax; read++)
            {
                if (socket.Receive(head.Slice(read, 1)) == 0)
                {
                    return false;
                }

                if (head[..(read + 1)].EndsWith(end))
                {
                    _ = socket.Send(ChannelAnswer);
                    return true;
                }
            }
        }
        catch (SocketException)
        {
            // The process has gone.
        }

        return false;
    }

    /// <summary>Waits for what is said first. Runtimes of ours write the request at once; whoever does not is told that
    /// there is no such call.</summary>
    private bool BeginsAsChannel(Socket socket)
    {
        Span<byte> said = stackalloc byte[64];
        try
        {
            return said[..socket.Receive(said, SocketFlags.Peek)].StartsWith(ChannelRequest);
        }
        catch (SocketException)
        {
            return false; // Whoever reads it sees that it has ended.
        }
    }

    private void Serve(ConnectionContext connection, RuntimeConnection own, Action closed)
    {
        connection.Features.Set(own);
        _ = connection.ConnectionClosed.UnsafeRegister(
            _ =>
            {
                closed();
                own.Pool.ConnectionClosed(own);
            },
            null);
        if (!_accepted.Writer.TryWrite(connection))
        {
            _ = connection.DisposeAsync().AsTask(); // The server stops.
        }
    }

    /// <returns>Null: the port was closed.</returns>
    private static async Task<Socket?> AcceptAsync(Socket listening)
    {
        while (true)
        {
            try
            {
                return await listening.AcceptAsync();
            }
            catch (ObjectDisposedException)
            {
                return null;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.OperationAborted)
            {
                return null;
            }
            catch (SocketException)
            {
                // A client went away before it was accepted.
            }
        }
    }
}

/// <summary>The port of one process. It is closed when the process has ended.</summary>
internal sealed class ProcessPort(Socket listening, Task accepting) : IAsyncDisposable
{
    public int Number { get; } = listening.LocalEndPoint is IPEndPoint endPoint ? endPoint.Port : 0;

    public async ValueTask DisposeAsync()
    {
        listening.Dispose();
        await accepting;
    }
}

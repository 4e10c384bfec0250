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
/// <param name="connections">Makes the connections that have no thread of their own.</param>
/// <param name="silenceMax">How long a thread waits for what a connection says first.</param>
internal sealed class ProcessPorts(SocketConnectionContextFactory connections, TimeSpan silenceMax)
    : IConnectionListenerFactory, IConnectionListener
{
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
        if (BeginsAsChannel(socket))
        {
            var channel = new ThreadedConnection(socket);
            Serve(channel, own, closed);
            channel.Read();
        }
        else
        {
            Serve(connections.Create(socket), own, closed);
        }
    }

    /// <summary>Waits for what is said first. What only looks different, or comes late, is served as well, by other
    /// threads.</summary>
    private bool BeginsAsChannel(Socket socket)
    {
        Span<byte> said = stackalloc byte[64];
        try
        {
            return socket.Poll(silenceMax, SelectMode.SelectRead)
                && said[..socket.Receive(said, SocketFlags.Peek)].StartsWith(RuntimeApi.ChannelRequest);
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

using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Lungfish.DurableFunctions;

/// <summary>The one connection of a program to the server that started it: frames in both directions, so that what
/// happens at one moment goes in one write.</summary>
/// <remarks>Whoever has something to send and finds nobody sending sends, and takes along what others add
/// meanwhile.</remarks>
internal sealed class Channel : IThreadPoolWorkItem, IDisposable
{
    private const int KeptBytesMax = 256 * 1024; // Of a buffer between two writes.

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private readonly Socket _socket;
    private readonly Func<bool> _isAlone;
    private readonly Lock _gate = new();
    private readonly Dictionary<uint, ChannelCall> _calls = [];
    private readonly Timer _watch;
    private byte[] _filling = new byte[16 * 1024];
    private byte[] _sending = new byte[16 * 1024];
    private int _filled;
    private uint _lastCall;
    private bool _isSending;
    private bool _hasEnded;

    private Channel(Socket socket, Func<bool> isAlone)
    {
        (_socket, _isAlone) = (socket, isAlone);
        _watch = new Timer(static channel => ((Channel?)channel)?.GiveUpOnSilence(), this, s_patience, s_patience);
    }

    /// <summary>Connects, and makes the connection to the Runtime API a channel.</summary>
    /// <param name="address">Host and port.</param>
    /// <param name="isAlone">Whether nothing else goes on that a frame could go together with.</param>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    /// <exception cref="HttpRequestException">The server does not take it.</exception>
    public static Channel Open(string address, Func<bool> isAlone)
    {
        var colon = address.LastIndexOf(':');
        var port = int.Parse(address.AsSpan(colon + 1), System.Globalization.CultureInfo.InvariantCulture);
        var socket = DirectConnection.Connect(address[..colon], port, patience: null);
        try
        {
            socket.Send(Encoding.ASCII.GetBytes(
                $"GET /2018-06-01/runtime/channel HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\n"
                + "Upgrade: lungfish-channel\r\n\r\n"));
            ReadSwitch(socket);
            return new Channel(socket, isAlone);
        }
        catch (Exception e) when (e is SocketException or HttpRequestException)
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Begins to read.</summary>
    /// <param name="atOnceMax">How many invocations may run.</param>
    /// <param name="begin">What is to be done about an invocation.</param>
    /// <returns>Ends when the server has gone, or this was disposed of.</returns>
    public Task ReadAsync(int atOnceMax, Func<Frame, IThreadPoolWorkItem> begin)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new ChannelReader(
            _socket,
            frame => frame.Type == FrameType.CallAnswer ? Answered(frame) : begin(frame),
            _isAlone,
            () =>
            {
                End();
                ended.TrySetResult();
            },
            atOnceMax).Start();
        return ended.Task;
    }

    /// <summary>Sends a frame, soon.</summary>
    public void Send(FrameType type, uint number, ReadOnlySpan<byte> body)
    {
        lock (_gate)
        {
            var length = Frame.HeaderBytes + body.Length;
            if (_filling.Length - _filled < length)
            {
                Array.Resize(ref _filling, Math.Max(_filling.Length * 2, _filled + length));
            }

            Frame.WriteHeader(_filling.AsSpan(_filled), type, number, body.Length);
            body.CopyTo(_filling.AsSpan(_filled + Frame.HeaderBytes));
            _filled += length;
            if (_isSending)
            {
                return;
            }

            _isSending = true;
        }

        if (_isAlone())
        {
            SendAll();
        }
        else
        {
            // Behind what has come in together with the cause of this, and may have something to send, too.
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>Makes a call; the answer is given by a thread of the pool.</summary>
    /// <exception cref="HttpRequestException">The channel has ended.</exception>
    /// <exception cref="TimeoutException">There was no answer in time.</exception>
    public Task<ChannelAnswer> CallAsync(ReadOnlySpan<byte> body)
    {
        ChannelCall call;
        uint number;
        lock (_gate)
        {
            if (_hasEnded)
            {
                return Task.FromException<ChannelAnswer>(Ended());
            }

            number = ++_lastCall;
            _calls.Add(number, call = new ChannelCall());
        }

        Send(FrameType.Checkpoint, number, body);
        return call.Task;
    }

    public void Dispose()
    {
        _socket.Dispose();
        End();
    }

    void IThreadPoolWorkItem.Execute() => SendAll();

    private static void ReadSwitch(Socket socket)
    {
        // Byte by byte, as frames may stand behind it.
        var head = new StringBuilder();
        Span<byte> one = stackalloc byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            head.Append(socket.Receive(one) == 1
                ? (char)one[0]
                : throw new HttpRequestException("The server has closed the connection."));
        }

        if (!head.ToString().StartsWith("HTTP/1.1 101 ", StringComparison.Ordinal))
        {
            throw new HttpRequestException($"The server gives no channel: {head.ToString().Split('\r')[0]}");
        }
    }

    private static HttpRequestException Ended() => new("The server has closed the connection.");

    private ChannelCall? Answered(in Frame frame)
    {
        ChannelCall? call;
        lock (_gate)
        {
            _calls.Remove(frame.Number, out call);
        }

        call?.SetAnswer(new ChannelAnswer(
            BinaryPrimitives.ReadUInt16LittleEndian(frame.Body), frame.Body.AsMemory(sizeof(ushort))));
        return call;
    }

    private void SendAll()
    {
        try
        {
            while (TakeFilled(out var filled))
            {
                for (var left = filled.AsSpan(); !left.IsEmpty;)
                {
                    left = left[_socket.Send(left)..];
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Whoever reads is told, too.
        }
    }

    private bool TakeFilled(out ArraySegment<byte> filled)
    {
        lock (_gate)
        {
            filled = new ArraySegment<byte>(_filling, 0, _filled);
            _filling = _sending.Length <= KeptBytesMax ? _sending : new byte[16 * 1024];
            _sending = filled.Array ?? [];
            _filled = 0;
            _isSending = filled.Count > 0;
            return _isSending;
        }
    }

    private void End()
    {
        ChannelCall[] calls;
        lock (_gate)
        {
            _hasEnded = true;
            calls = [.. _calls.Values];
            _calls.Clear();
        }

        _watch.Dispose();
        Array.ForEach(calls, static call => call.Failed(Ended()));
    }

    private void GiveUpOnSilence()
    {
        List<ChannelCall> late = [];
        lock (_gate)
        {
            foreach (var (number, call) in _calls)
            {
                if (call.WasSeenWaiting)
                {
                    _calls.Remove(number);
                    late.Add(call);
                }

                call.WasSeenWaiting = true;
            }
        }

        late.ForEach(static call => call.Failed(new TimeoutException("The server has not answered in time.")));
    }
}

/// <param name="Status">As of HTTP.</param>
/// <param name="Body">JSON.</param>
internal readonly record struct ChannelAnswer(int Status, ReadOnlyMemory<byte> Body);

/// <summary>A call that is under way. What waits for it goes on within the work item that it is.</summary>
internal sealed class ChannelCall : IThreadPoolWorkItem
{
    private readonly TaskCompletionSource<ChannelAnswer> _answered = new();
    private ChannelAnswer _answer;
    private Exception? _failure;

    public Task<ChannelAnswer> Task => _answered.Task;

    /// <summary>Guarded by the channel's lock.</summary>
    public bool WasSeenWaiting { get; set; }

    /// <summary>It is given when this is executed.</summary>
    public void SetAnswer(in ChannelAnswer answer) => _answer = answer;

    public void Failed(Exception failure)
    {
        _failure = failure;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute()
    {
        if (_failure is { } failure)
        {
            _answered.TrySetException(failure);
        }
        else
        {
            _answered.TrySetResult(_answer);
        }
    }
}

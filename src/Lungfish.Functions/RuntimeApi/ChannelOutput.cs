using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Lungfish.Functions.Invoking;

namespace Lungfish.Functions.RuntimeApi;

/// <summary>A frame that waits to be sent.</summary>
/// <param name="Running">What an invocation's frame tells of; null: it answers a call.</param>
/// <param name="Status">Of the answer to a call, as of HTTP.</param>
internal readonly record struct OutgoingFrame(
    FrameType Type, uint Number, ReadOnlyMemory<byte> Body, RunningInvocation? Running = null, int Status = 0);

/// <summary>What goes out on a channel: one write is under way at a time, and all that comes meanwhile goes with the
/// next one.</summary>
/// <param name="abort">Ends the connection, so that whoever reads from it is told.</param>
internal sealed class ChannelOutput(Stream stream, Action abort) : IThreadPoolWorkItem
{
    /// <summary>With more than that unsent, nothing more is to be taken from the process.</summary>
    private const long BytesMax = 1024 * 1024;

    private const int WriteBytesMax = 64 * 1024; // What is larger goes by itself, from where it is.

    private readonly Lock _gate = new();
    private readonly ArrayBufferWriter<byte> _bytes = new(WriteBytesMax);
    private readonly ArrayBufferWriter<byte> _told = new(1024); // What a frame's body begins with.
    private List<OutgoingFrame> _waiting = [];
    private List<OutgoingFrame> _sending = [];
    private TaskCompletionSource? _room;
    private long _unsentBytes;
    private bool _isSending;
    private bool _hasEnded;

    /// <param name="frame">Its body must stay what it is.</param>
    /// <param name="atOnce">On this thread, if no other sends: nothing else is expected to come that could go
    /// with it.</param>
    /// <returns>False: the channel has ended.</returns>
    public bool TrySend(in OutgoingFrame frame, bool atOnce)
    {
        lock (_gate)
        {
            if (_hasEnded)
            {
                return false;
            }

            _waiting.Add(frame);
            _unsentBytes += frame.Body.Length;
            if (_isSending)
            {
                return true;
            }

            _isSending = true;
        }

        if (atOnce)
        {
            _ = SendAllAsync();
        }
        else
        {
            _ = ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        return true;
    }

    void IThreadPoolWorkItem.Execute() => _ = SendAllAsync();

    /// <summary>Ends when the process has read so much that it may say more.</summary>
    public Task WaitForRoomAsync()
    {
        lock (_gate)
        {
            return _unsentBytes <= BytesMax || _hasEnded
                ? Task.CompletedTask
                : (_room ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Nothing more is sent.</summary>
    /// <returns>The invocations that cannot have arrived.</returns>
    public IReadOnlyList<RunningInvocation> End()
    {
        lock (_gate)
        {
            SetEnded();
            var frames = _sending.Concat(_waiting);
            return [.. frames.Select(frame => frame.Running).OfType<RunningInvocation>().Where(r => !r.IsSent)];
        }
    }

    private void SetEnded()
    {
        _hasEnded = true;
        _ = _room?.TrySetResult();
    }

    private async Task SendAllAsync()
    {
        try
        {
            while (TakeWaiting())
            {
                foreach (var frame in _sending)
                {
                    await SendAsync(frame);
                }

                await WriteAsync();
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            lock (_gate)
            {
                SetEnded();
            }

            abort();
        }
    }

    private bool TakeWaiting()
    {
        lock (_gate)
        {
            foreach (var sent in _sending)
            {
                _unsentBytes -= sent.Body.Length;
            }

            _sending.Clear();
            if (_unsentBytes <= BytesMax)
            {
                _ = _room?.TrySetResult();
                _room = null;
            }

            if (_waiting.Count == 0 || _hasEnded)
            {
                _isSending = false;
                return false;
            }

            (_waiting, _sending) = (_sending, _waiting);
            return true;
        }
    }

    private async ValueTask SendAsync(OutgoingFrame frame)
    {
        _told.ResetWrittenCount();
        if (frame.Running is { } running)
        {
            Tell(running.Invocation);
        }
        else
        {
            BinaryPrimitives.WriteUInt16LittleEndian(_told.GetSpan(sizeof(ushort)), (ushort)frame.Status);
            _told.Advance(sizeof(ushort));
        }

        var body = frame.Body;
        new FrameHeader(frame.Type, frame.Number, checked((uint)(_told.WrittenCount + body.Length)))
            .Write(_bytes.GetSpan(FrameHeader.Bytes));
        _bytes.Advance(FrameHeader.Bytes);
        _bytes.Write(_told.WrittenSpan);
        if (body.Length > 1 && _bytes.WrittenCount + body.Length > WriteBytesMax)
        {
            await WriteAsync();
            await stream.WriteAsync(body[..^1]);
            body = body[^1..]; // Without its last byte the process does nothing with it.
        }

        if (frame.Running is not null && !TryLetGo(frame.Running))
        {
            throw new OperationCanceledException("Nobody reads what is sent.");
        }

        _bytes.Write(body.Span);
    }

    private bool TryLetGo(RunningInvocation running)
    {
        lock (_gate)
        {
            return !_hasEnded && running.TrySend();
        }
    }

    private async ValueTask WriteAsync()
    {
        if (_bytes.WrittenCount > 0)
        {
            await stream.WriteAsync(_bytes.WrittenMemory);
            _bytes.ResetWrittenCount();
        }
    }

    /// <summary>What HTTP has as headers: six texts, in this order; one that is not there is empty.</summary>
    private void Tell(Invocation invocation)
    {
        Tell(invocation.RequestId);
        Tell(invocation.Deadline.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));
        Tell(invocation.FunctionArn);
        Tell(invocation.TraceId);
        Tell(invocation.ClientContext ?? "");
        Tell(invocation.TenantId ?? "");
    }

    private void Tell(string text)
    {
        var length = checked((ushort)Encoding.UTF8.GetByteCount(text));
        var room = _told.GetSpan(sizeof(ushort) + length);
        BinaryPrimitives.WriteUInt16LittleEndian(room, length);
        _ = Encoding.UTF8.GetBytes(text, room[sizeof(ushort)..]);
        _told.Advance(sizeof(ushort) + length);
    }
}

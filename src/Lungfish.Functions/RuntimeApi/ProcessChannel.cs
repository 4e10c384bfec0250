using System.Net.Sockets;
using Lungfish.Functions.Invoking;
using Microsoft.Extensions.Logging;

namespace Lungfish.Functions.RuntimeApi;

/// <summary>The one connection of a process: frames in both directions, so that what happens at one moment goes in one
/// write (docs/decisions/0016).</summary>
/// <remarks>To the pool it is a connection that asks for work as many times as the process has places. A thread of its
/// own waits in the kernel for what comes, and works on it, commit and answer included: the runtime's own way leads
/// over the thread that watches all sockets to one of the pool, which wakes one more before it begins. Whoever has
/// something to send does.</remarks>
internal sealed partial class ProcessChannel : RuntimeConnection
{
    private const int CheckpointBytesMax = 16 * 1024 * 1024; // As over HTTP.

    private static readonly Task<RunningInvocation> Waits = new TaskCompletionSource<RunningInvocation>().Task;

    private readonly Socket _socket;
    private readonly Func<ICheckpointCalls?> _calls;
    private readonly ILogger _logger;
    private readonly FrameReader _reader;
    private readonly ChannelOutput _output;
    private readonly List<uint> _callNumbers = []; // Of those that have come and wait to be decided together.
    private readonly List<ReadOnlyMemory<byte>> _callBodies = [];
    private readonly Lock _gate = new();
    private readonly Dictionary<uint, RunningInvocation> _given = [];
    private uint _lastNumber;

    /// <param name="asked">Says whose it is.</param>
    /// <param name="socket">Both directions.</param>
    /// <param name="calls">Takes checkpoints; null as long as the engine starts.</param>
    public ProcessChannel(
        RuntimeConnection asked, Socket socket, Func<ICheckpointCalls?> calls, ILogger logger)
        : base(asked.Pool, asked.Environment)
    {
        (_socket, _calls, _logger) = (socket, calls, logger);
        _output = new(new NetworkStream(socket), Abort);
        _reader = new(BytesMaxOf);
    }

    /// <summary>Reads until the connection ends, on the thread that calls it.</summary>
    public void Serve()
    {
        var isBroken = false;
        try
        {
            while (Receive() is var count and > 0)
            {
                _reader.Add(count);
                TakeFrames();
                _output.WaitForRoomAsync().Wait();
            }
        }
        catch (ChannelBrokenException e)
        {
            isBroken = true;
            LogBroken(_logger, Pool.Function.Name, e.Message);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The process has gone, or is to go.
        }
        catch (Exception bug)
        {
            isBroken = true; // This thread is nobody else's: what it does not catch would end the server.
            LogBug(_logger, Pool.Function.Name, bug);
        }
        finally
        {
            End(isBroken);
        }
    }

    private int Receive()
    {
        // Not by Receive alone: once something was sent without blocking, that waits for the thread that watches all
        // sockets.
        _ = _socket.Poll(Timeout.InfiniteTimeSpan, SelectMode.SelectRead);
        return _socket.Receive(_reader.Room.Span);
    }

    /// <summary>Ends the connection, so that the thread that reads it is told.</summary>
    private void Abort()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It has ended already.
        }
    }

    public override Task<RunningInvocation> Wait() => Waits;

    public override void Withdraw()
    {
        // The process is to end, or has: that ends the connection, too.
    }

    public override void Give(RunningInvocation running)
    {
        uint number;
        bool isAlone;
        lock (_gate)
        {
            number = ++_lastNumber;
            _given.Add(number, running);
            isAlone = _given.Count == 1;
        }

        if (!_output.TrySend(new(FrameType.Invocation, number, running.Invocation.Payload, running), isAlone))
        {
            Pool.NotDelivered(Environment, running);
        }
    }

    private bool IsAlone
    {
        get
        {
            lock (_gate)
            {
                return _given.Count <= 1;
            }
        }
    }

    private void End(bool isBroken)
    {
        var unsent = _output.End();
        Pool.ChannelEnded(this, atOnce: isBroken);
        foreach (var running in unsent)
        {
            Pool.NotDelivered(Environment, running);
        }
    }

    private int BytesMaxOf(FrameHeader header) => header.Type switch
    {
        FrameType.Ready => header.Length == 0 ? 0 : throw new ChannelBrokenException("asked for work with a body"),
        // Nothing is kept of what nobody waits for.
        FrameType.Answer or FrameType.Error => Find(header.Number).IsTimedOut ? 0 : FunctionOutcome.ResponseBytesMax,
        FrameType.Checkpoint => CheckpointBytesMax,
        _ => throw new ChannelBrokenException($"sent a frame of type {(int)header.Type}"),
    };

    private RunningInvocation Find(uint number)
    {
        lock (_gate)
        {
            return _given.TryGetValue(number, out var running)
                ? running
                : throw new ChannelBrokenException($"answered {number}, which it does not run");
        }
    }

    private void TakeFrames()
    {
        while (_reader.TryRead(out var frame))
        {
            switch (frame.Header.Type)
            {
                case FrameType.Ready:
                    Ask(frame.Header.Number);
                    break;
                case FrameType.Checkpoint when frame.IsTooLong:
                    Answer(frame.Header.Number, CheckpointAnswer.Refused(
                        LambdaErrors.RequestTooLarge(CheckpointBytesMax, "DurableExecution")));
                    break;
                case FrameType.Checkpoint:
                    _callNumbers.Add(frame.Header.Number);
                    _callBodies.Add(frame.Body);
                    break;
                default:
                    TakeAnswer(frame);
                    break;
            }
        }

        DecideCalls();
    }

    private void TakeAnswer(in Frame frame)
    {
        var running = Find(frame.Header.Number);
        lock (_gate)
        {
            _ = _given.Remove(frame.Header.Number);
        }

        var outcome = frame.IsTooLong && !running.IsTimedOut
            ? FunctionOutcome.TooLarge(frame.Header.Length)
            : new FunctionOutcome(frame.Body.ToArray(), IsError: frame.Header.Type == FrameType.Error);
        _ = Pool.Answer(Environment, running, outcome); // Too late or not: its place is free.
        Ask(1);
    }

    private void Ask(uint count)
    {
        for (; count > 0; count--)
        {
            if (!Pool.TryNext(this, out var next))
            {
                if (Environment.Stage == EnvironmentStage.Ended)
                {
                    return;
                }

                throw new ChannelBrokenException("asked for more work than it may have at once");
            }

            if (next.IsCanceled)
            {
                return; // It is to end.
            }

            if (next.IsCompletedSuccessfully)
            {
                Give(next.Result);
            }
        }
    }

    private void DecideCalls()
    {
        if (_callNumbers.Count == 0)
        {
            return;
        }

        if (_calls() is not { } calls)
        {
            throw new ChannelBrokenException("sent a checkpoint before the server had started");
        }

        var answers = calls.Take(_callBodies, _callNumbers.Count == 1 && IsAlone);
        for (var i = 0; i < answers.Count; i++)
        {
            _ = AnswerAsync(_callNumbers[i], answers[i]);
        }

        _callNumbers.Clear();
        _callBodies.Clear();
    }

    private async Task AnswerAsync(uint number, Task<CheckpointAnswer> answer) => Answer(number, await answer);

    private void Answer(uint number, CheckpointAnswer answer) =>
        _ = _output.TrySend(new(FrameType.CallAnswer, number, answer.Body, Status: answer.Status), IsAlone);

    [LoggerMessage(2002, LogLevel.Error, "A process of function {Function} is ended: on its channel it {Reason}.")]
    private static partial void LogBroken(ILogger logger, string function, string reason);

    [LoggerMessage(2003, LogLevel.Error, "A process of function {Function} is ended: its channel failed.")]
    private static partial void LogBug(ILogger logger, string function, Exception bug);
}

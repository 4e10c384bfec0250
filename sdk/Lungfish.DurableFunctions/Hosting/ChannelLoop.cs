namespace Lungfish.DurableFunctions;

/// <summary>Serves a program from one connection to the server that started it.</summary>
internal sealed class ChannelLoop
{
    private readonly Channel _channel;
    private readonly DurableEntryPoint _entryPoint;
    private readonly int _atOnceMax;
    private readonly CancellationToken _cancellationToken;
    private int _running;

    private ChannelLoop(
        string address, DurableEntryPoint entryPoint, int atOnceMax, CancellationToken cancellationToken)
    {
        (_entryPoint, _atOnceMax, _cancellationToken) = (entryPoint, atOnceMax, cancellationToken);
        _channel = Channel.Open(address, isAlone: () => Volatile.Read(ref _running) <= 1);
    }

    /// <summary>Returns when the server has gone, or wants the program to end.</summary>
    /// <param name="address">Host and port of the Runtime API.</param>
    /// <param name="entryPoint">The function.</param>
    /// <param name="atOnceMax">How many invocations may run at the same time.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="HttpRequestException">The server gives no channel.</exception>
    public static async Task RunAsync(
        string address, DurableEntryPoint entryPoint, int atOnceMax, CancellationToken cancellationToken)
    {
        var loop = new ChannelLoop(address, entryPoint, atOnceMax, cancellationToken);
        using var channel = loop._channel;
        using var closing = cancellationToken.UnsafeRegister(static channel => ((Channel?)channel)?.Dispose(), channel);
        HttpDurableServiceClient.Shared.CallOver(channel);
        var ended = channel.ReadAsync(atOnceMax, frame => new Begin(loop, frame));
        channel.Send(FrameType.Ready, (uint)atOnceMax, []);
        await ended.ConfigureAwait(false);
    }

    private async Task ServeAsync(Frame frame)
    {
        var invocation = frame.ReadInvocation();
        RuntimeLoop.Tell(invocation, _atOnceMax);
        var (answer, isError) = await RuntimeLoop.AnswerAsync(_entryPoint, invocation, _cancellationToken)
            .ConfigureAwait(false);
        _channel.Send(isError ? FrameType.Error : FrameType.Answer, frame.Number, answer);
        Interlocked.Decrement(ref _running);
    }

    /// <summary>An invocation that has come.</summary>
    private sealed class Begin : IThreadPoolWorkItem
    {
        private readonly ChannelLoop _loop;
        private readonly Frame _frame;

        public Begin(ChannelLoop loop, Frame frame)
        {
            (_loop, _frame) = (loop, frame);
            Interlocked.Increment(ref loop._running);
        }

        void IThreadPoolWorkItem.Execute() => _ = _loop.ServeAsync(_frame);
    }
}

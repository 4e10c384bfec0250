using System.Threading.Channels;
using Lungfish.Engine.Api;
using Lungfish.Engine.Storage;

namespace Lungfish.Engine.Partitions;

/// <summary>Tells subscribers of every execution that closes, in the order of the commits.</summary>
internal sealed class ClosedFeed
{
    private const int BehindMax = 100_000;

    private readonly Lock _lock = new();
    private Subscriber[] _subscribers = [];

    /// <summary>Of single executions that are open; told of the same commits.</summary>
    public ProgressFeed Progress { get; } = new();

    public void Publish(Work work)
    {
        Progress.Publish(work);
        var subscribers = Volatile.Read(ref _subscribers);
        if (subscribers.Length == 0)
        {
            return;
        }

        for (var i = 0; i < work.Deltas.Count; i++)
        {
            // Children of a map run are told of by their parent.
            if (work.Deltas[i].Resting is Closed
                && work.Residents[i].Summarize() is { MapRunArn: null } summary)
            {
                foreach (var subscriber in subscribers)
                {
                    subscriber.Offer(summary);
                }
            }
        }
    }

    public Subscriber Subscribe(string? stateMachineArn)
    {
        var subscriber = new Subscriber(this, stateMachineArn);
        lock (_lock)
        {
            _subscribers = [.. _subscribers, subscriber];
        }

        return subscriber;
    }

    /// <summary>Nothing will close any more: ends all subscriptions.</summary>
    public void Complete()
    {
        foreach (var subscriber in Volatile.Read(ref _subscribers))
        {
            subscriber.Complete();
        }
    }

    internal sealed class Subscriber(ClosedFeed feed, string? stateMachineArn) : IDisposable
    {
        private readonly Channel<ExecutionSummary> _channel =
            Channel.CreateBounded<ExecutionSummary>(new BoundedChannelOptions(BehindMax) { SingleReader = true });

        public ChannelReader<ExecutionSummary> Reader => _channel.Reader;

        public void Offer(ExecutionSummary summary)
        {
            if ((stateMachineArn is null || summary.StateMachineArn == stateMachineArn)
                && !_channel.Writer.TryWrite(summary))
            {
                // A gap would be a lie; who cannot keep up must begin again.
                _ = _channel.Writer.TryComplete(
                    StepFunctionsErrors.Unavailable($"This watcher is more than {BehindMax} executions behind."));
            }
        }

        public void Complete() => _ = _channel.Writer.TryComplete();

        public void Dispose()
        {
            lock (feed._lock)
            {
                feed._subscribers = [.. feed._subscribers.Where(other => other != this)];
            }
        }
    }
}

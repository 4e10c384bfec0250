using System.Threading.Channels;

namespace Lungfish.Engine.Partitions;

/// <summary>Tells its subscribers one thing after the other, each the same in the same order.</summary>
internal sealed class Feed<T>
{
    private const int BehindMax = 100_000;

    private readonly Lock _lock = new();
    private Subscriber[] _subscribers = [];

    public bool HasSubscribers => Volatile.Read(ref _subscribers).Length > 0;

    public void Offer(T item)
    {
        foreach (var subscriber in Volatile.Read(ref _subscribers))
        {
            subscriber.Offer(item);
        }
    }

    /// <param name="wants">Null: all.</param>
    public Subscriber Subscribe(Predicate<T>? wants = null)
    {
        var subscriber = new Subscriber(this, wants);
        lock (_lock)
        {
            _subscribers = [.. _subscribers, subscriber];
        }

        return subscriber;
    }

    /// <summary>Nothing will come any more: ends all subscriptions.</summary>
    public void Complete()
    {
        foreach (var subscriber in Volatile.Read(ref _subscribers))
        {
            subscriber.Complete();
        }
    }

    internal sealed class Subscriber(Feed<T> feed, Predicate<T>? wants) : IDisposable
    {
        private readonly Channel<T> _channel =
            Channel.CreateBounded<T>(new BoundedChannelOptions(BehindMax) { SingleReader = true });

        public ChannelReader<T> Reader => _channel.Reader;

        public void Offer(T item)
        {
            if (wants?.Invoke(item) is not false && !_channel.Writer.TryWrite(item))
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

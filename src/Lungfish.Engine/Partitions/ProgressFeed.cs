using System.Threading.Channels;
using Lungfish.Engine.Identifiers;

namespace Lungfish.Engine.Partitions;

/// <summary>Wakes who follows one execution when more of it is durable. What is new, followers read from the
/// store.</summary>
internal sealed class ProgressFeed
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ExecutionId, List<Follower>> _followers = [];
    private volatile bool _isEmpty = true;

    public void Publish(Work work)
    {
        if (_isEmpty)
        {
            return; // So it is nearly always: the commit path does not even take the lock.
        }

        lock (_lock)
        {
            foreach (var delta in work.Deltas)
            {
                if (_followers.TryGetValue(delta.Id, out var followers))
                {
                    followers.ForEach(follower => follower.Wake());
                }
            }
        }
    }

    public Follower Follow(ExecutionId id)
    {
        var follower = new Follower(this, id);
        lock (_lock)
        {
            if (!_followers.TryGetValue(id, out var followers))
            {
                _followers[id] = followers = [];
            }

            followers.Add(follower);
            _isEmpty = false;
        }

        return follower;
    }

    private void Remove(Follower follower)
    {
        lock (_lock)
        {
            if (_followers.TryGetValue(follower.Id, out var followers) && followers.Remove(follower)
                && followers.Count == 0)
            {
                _ = _followers.Remove(follower.Id);
                _isEmpty = _followers.Count == 0;
            }
        }
    }

    internal sealed class Follower(ProgressFeed feed, ExecutionId id) : IDisposable
    {
        // One wake-up is enough for any number of commits that nobody has looked at yet.
        private readonly Channel<bool> _wakeups = Channel.CreateBounded<bool>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

        public ExecutionId Id { get; } = id;

        public void Wake() => _ = _wakeups.Writer.TryWrite(true);

        /// <summary>Waits for a commit since the last call, or since the follower was made.</summary>
        public async Task WaitAsync(CancellationToken cancellationToken) =>
            _ = await _wakeups.Reader.ReadAsync(cancellationToken);

        public void Dispose() => feed.Remove(this);
    }
}

using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Lungfish.Engine.Storage;

namespace Lungfish.Engine.Partitions;

/// <summary>The messages that wait for a partition, bounded by number and by bytes.</summary>
/// <remarks>A message counts until it is handled, also while it waits for its execution to be read from the
/// store.</remarks>
internal sealed class Inbox(IStore store, int itemsMax, long bytesMax)
{
    private readonly ConcurrentQueue<PartitionMessage> _queue = new();
    private int _items;
    private long _bytes;

    public bool IsEmpty => _queue.IsEmpty;

    /// <exception cref="ApiException">ThrottlingException: too much waits already, or the disk is full; for what ends
    /// work, 503.</exception>
    public void Add(PartitionMessage message)
    {
        if (Refusals.WhyNoRoom(message, store.Space) is { } refusal)
        {
            throw refusal;
        }

        var items = Interlocked.Increment(ref _items);
        var bytes = Interlocked.Add(ref _bytes, message.Bytes);
        message.IsCounted = true;
        var share = message.StartsWork ? 2 : 1; // Half of the room is kept for what ends work and frees memory.
        if (items > itemsMax / share || bytes > bytesMax / share)
        {
            Settle(message);
            throw StepFunctionsErrors.Throttled();
        }

        _queue.Enqueue(message);
    }

    /// <summary>Adds what cannot be refused and is bounded elsewhere.</summary>
    public void AddUncounted(PartitionMessage message) => _queue.Enqueue(message);

    public bool TryTake([NotNullWhen(true)] out PartitionMessage? message) => _queue.TryDequeue(out message);

    /// <summary>The message has been handled or refused: its room is free.</summary>
    public void Settle(PartitionMessage message)
    {
        if (message.IsCounted)
        {
            message.IsCounted = false;
            _ = Interlocked.Decrement(ref _items);
            _ = Interlocked.Add(ref _bytes, -message.Bytes);
        }
    }
}

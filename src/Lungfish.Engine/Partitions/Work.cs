using Lungfish.Engine.Storage;

namespace Lungfish.Engine.Partitions;

/// <summary>Something that leaves the partition once what it rests on is durable, in the order in which it was
/// held.</summary>
internal interface IHeld
{
    /// <summary>It is durable. Called on the partition's turn.</summary>
    void Release(Partition partition);

    /// <summary>It never will be, or nobody knows.</summary>
    void Cancel(Exception reason);
}

/// <summary>An answer to somebody who can ask again: it need not wait for a store that has no room.</summary>
internal interface IHeldAnswer : IHeld;

internal readonly record struct HeldEffect(Resident? Owner, IHeld Effect);

/// <summary>What a partition has decided and the lane commits: deltas for the store, effects for after it.</summary>
/// <remarks>As a control message to its partition it says: this is durable.</remarks>
internal sealed class Work(Partition partition) : ControlMessage
{
    public Partition Partition { get; } = partition;

    public List<Resident> Residents { get; } = [];

    /// <summary>One delta for each resident, in the same order.</summary>
    public List<ExecutionDelta> Deltas { get; } = [];

    /// <summary>Touched on the partition's turn only, also while the lane commits the deltas.</summary>
    public List<HeldEffect> Held { get; } = [];

    public override void Handle(Partition partition) => partition.Committed(this);
}

/// <summary>What the shell itself tells a partition; comes before all other messages and is never refused.</summary>
internal abstract class ControlMessage
{
    public abstract void Handle(Partition partition);
}

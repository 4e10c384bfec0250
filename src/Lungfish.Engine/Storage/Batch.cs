using System.Collections.Immutable;
using Lungfish.Engine.Identifiers;
using Lungfish.Journal;
using Lungfish.States.Deciding;

namespace Lungfish.Engine.Storage;

/// <summary>The right to write a partition until somebody takes it with a newer epoch.</summary>
/// <param name="CommitSequence">That of the partition's last commit; each commit is one more.</param>
public sealed record PartitionLease(
    PartitionId Partition, SlotRange Slots, Epoch Epoch, Guid Owner, long CommitSequence);

/// <summary>All that one commit of a lane writes.</summary>
public sealed record LaneBatch(ImmutableArray<PartitionBatch> Partitions);

/// <param name="Lease">The lease under which it was decided; its sequence is the one that the store must still
/// have.</param>
public sealed record PartitionBatch(PartitionLease Lease, ImmutableArray<ExecutionDelta> Executions);

/// <summary>What one commit changes of one execution: the sum of all its turns in the batch.</summary>
public sealed record ExecutionDelta
{
    public required ExecutionId Id { get; init; }

    /// <summary>Set with the first commit of an execution.</summary>
    public ExecutionBirth? Birth { get; init; }

    /// <summary>The new facts, or null if only the resting changed.</summary>
    public NewSegment? Journal { get; init; }

    /// <summary>How the execution rests after this commit; null leaves it as it was.</summary>
    public Resting? Resting { get; init; }

    /// <summary>The execution had ended and goes on: how it ended is forgotten.</summary>
    public bool Reopens { get; init; }

    public ImmutableArray<StoredCallback> CallbacksAdded { get; init; } = [];

    /// <summary>Map runs of its Map states that started or ended, as they are now.</summary>
    public ImmutableArray<StoredMapRun> MapRuns { get; init; } = [];

    /// <summary>Task ids of the callbacks that are no longer waited for.</summary>
    public ImmutableArray<long> CallbacksRemoved { get; init; } = [];
}

/// <param name="Revision">The revision of the definition that the execution keeps.</param>
/// <param name="Child">Set for child executions of a map run.</param>
public sealed record ExecutionBirth(
    ExecutionKey Key, string Revision, DateTimeOffset StartedAt, MapRunChild? Child = null);

/// <param name="Sequence">0 for the first segment of an execution, then without gaps.</param>
/// <param name="FirstEventId">The id of its first history event.</param>
/// <param name="EventCount">How many history events it holds; internal facts do not count, so it may be 0.</param>
public sealed record NewSegment(int Sequence, long FirstEventId, int EventCount, JournalSegment Content);

/// <summary>How an execution rests between turns.</summary>
public abstract record Resting;

/// <summary>Something is in flight: recovery loads it at once.</summary>
public sealed record Active : Resting;

/// <summary>It waits for a moment or for somebody: no memory is needed until <paramref name="WakeAt"/> (null: until
/// called).</summary>
public sealed record Parked(DateTimeOffset? WakeAt) : Resting;

/// <summary>It has ended; only a delta that reopens it may change it.</summary>
/// <param name="Output">The output as JSON text in UTF-8, or null.</param>
public sealed record Closed(
    ExecutionStatus Status, DateTimeOffset StoppedAt, ReadOnlyMemory<byte>? Output, string? Error, string? Cause)
    : Resting
{
    /// <summary>When it is removed; null: when the store is told that all that closed so early are.</summary>
    public DateTimeOffset? RemoveAt { get; init; }
}

using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Storage;
using Lungfish.Engine.Timing;

namespace Lungfish.Engine.Partitions;

/// <summary>An execution in memory, as its partition sees it. Touched on its partition's turn only.</summary>
/// <remarks>The seam between the shell and the deciders: partitions, lane and timers know no more of an execution than
/// this, each kind of execution derives from it.</remarks>
internal abstract class Resident(ExecutionId id, ExecutionKey key)
{
    public ExecutionId Id { get; } = id;

    public ExecutionKey Key { get; } = key;

    public ExecutionKind Kind { get; } = key.Kind;

    public abstract string Arn { get; }

    public abstract bool IsClosed { get; }

    /// <summary>True while something in this process refers to it: tasks that run, a turn that goes on.</summary>
    public abstract bool IsBusy { get; }

    /// <summary>True if the store wakes it by its own: then its timers need no memory.</summary>
    public bool IsParked => LastRest is Parked;

    /// <summary>How the store knows it to rest, or will know with the next commit.</summary>
    public Resting? LastRest { get; protected set; }

    /// <summary>Its earliest timer, or <see cref="WakeIndex.Never"/>.</summary>
    public abstract long NextDueMs { get; }

    /// <summary>The work that holds its last sealed changes, until that is durable.</summary>
    public Work? Work { get; set; }

    /// <summary>Where its delta stands in <see cref="Work"/>.</summary>
    public int PlaceInWork { get; set; }

    /// <summary>Has changes that no work holds yet.</summary>
    public bool IsDirty { get; set; }

    /// <summary>Has only changes that nobody waits for: they need no commit of their own.</summary>
    public bool Lingers { get; set; }

    public long LastUsedMs { get; set; }

    /// <summary>Its place among the residents that may leave memory; null while it may not.</summary>
    public LinkedListNode<Resident>? Place { get; set; }

    /// <summary>Tells it that all its timers up to now are due.</summary>
    public abstract void WakeUp(Partition partition);

    /// <summary>It was read from the store: hands out what is scheduled and not carried out by anybody.</summary>
    public abstract void Resume(Partition partition);

    /// <summary>Encodes its changes.</summary>
    /// <param name="mergeWith">The delta, not yet taken by the lane, that these changes join; null for none.</param>
    public abstract ExecutionDelta Seal(ExecutionDelta? mergeWith);

    /// <summary>What was sealed last is durable.</summary>
    public abstract void Committed();

    /// <summary>Cancels what runs for it: it leaves memory without having ended.</summary>
    public abstract void Abandon();

    /// <summary>Tells subscribers what this commit made durable. Called off the partition's turn: reads nothing that
    /// can change.</summary>
    public abstract void Tell(CommitFeed feed, ExecutionDelta delta);
}

/// <summary>Brings executions from the store into memory.</summary>
internal interface IResidentLoader
{
    /// <param name="reopens">A closed one is to be gone on with: it comes as a resident, too.</param>
    Task<LoadedExecution> LoadAsync(ExecutionId id, bool reopens, CancellationToken cancellationToken);
}

/// <summary>An execution as the store has it: open ones as residents, closed ones as their header, none as
/// neither.</summary>
internal readonly record struct LoadedExecution(Resident? Open, ExecutionHeader? Closed);

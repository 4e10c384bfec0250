using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Storage;

namespace Lungfish.Engine.Partitions;

/// <summary>What a partition is asked to do; handled one at a time, on the partition's turn.</summary>
internal abstract class PartitionMessage
{
    /// <summary>About what the message holds in memory, so that inboxes can be bounded by bytes.</summary>
    public virtual int Bytes => 256;

    /// <summary>New work is refused while the inbox is half full; what ends work only when it is full.</summary>
    public virtual bool StartsWork => false;

    /// <summary>Changes nothing: goes on while the store has no room.</summary>
    public virtual bool IsRead => false;

    /// <summary>True while it counts as waiting in its partition's inbox.</summary>
    public bool IsCounted { get; set; }

    /// <summary>Nobody will handle it: tells whoever waits for it.</summary>
    public abstract void Refuse(Exception reason, Partition partition);
}

/// <summary>A message that is not about one execution.</summary>
internal abstract class PartitionRequest : PartitionMessage
{
    public abstract void Handle(Partition partition);
}

/// <summary>A message to one execution, named by its id, or by its key where the id is not known.</summary>
internal abstract class ExecutionMessage : PartitionMessage
{
    public abstract ExecutionId? Id { get; }

    public abstract ExecutionKey? Key { get; }

    /// <summary>False: only what is in memory is asked for, <see cref="HandleMissing"/> tells that it is not.</summary>
    public virtual bool Loads => true;

    /// <summary>True: there can be no execution of that key, no need to ask the store. Asked on the partition's turn,
    /// for a key that is neither in memory nor being looked up.</summary>
    public virtual bool IsKnownNew => false;

    /// <summary>True: an execution that has ended is brought into memory, too, to be gone on with.</summary>
    public virtual bool Reopens => false;

    public abstract void Handle(Resident resident, Partition partition);

    /// <summary>The execution has ended and is not in memory any more.</summary>
    public abstract void HandleClosed(ExecutionHeader header, Partition partition);

    /// <summary>There is no such execution.</summary>
    public abstract void HandleMissing(Partition partition);
}

/// <summary>A message whose sender waits for an answer. The answer leaves when all that it tells is durable.</summary>
internal abstract class Request<T> : ExecutionMessage, IHeldAnswer
{
    // Continuations run elsewhere: the partition does not wait for what callers do with their answers.
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _value;
    private Exception? _refusal;

    public Task<T> Answer => _answer.Task;

    public virtual void Release(Partition partition)
    {
        if (_refusal is not null)
        {
            _ = _answer.TrySetException(_refusal);
        }
        else if (_value is { } value)
        {
            _ = _answer.TrySetResult(value);
        }
    }

    public virtual void Cancel(Exception reason) => _ = _answer.TrySetException(reason);

    public override void Refuse(Exception reason, Partition partition) => Cancel(reason);

    /// <summary>Answers as soon as what is known of this execution is durable.</summary>
    protected void Reply(T value, Resident resident, Partition partition)
    {
        _value = value;
        partition.Hold(resident, this);
    }

    /// <summary>Sets what <see cref="Release"/> will answer.</summary>
    protected void Prepare(T value) => _value = value;

    protected void ReplyRefusal(Exception refusal, Resident resident, Partition partition)
    {
        _refusal = refusal;
        partition.Hold(resident, this);
    }

    /// <summary>Answers at once: the answer rests on what is durable already.</summary>
    protected void ReplyNow(T value) => _ = _answer.TrySetResult(value);
}

/// <summary>Wakes an execution for its timers, and loads it: loading hands out what nobody carries out.</summary>
internal sealed class Wake(ExecutionId id) : ExecutionMessage
{
    public override ExecutionId? Id => id;

    public override ExecutionKey? Key => null;

    public override void Handle(Resident resident, Partition partition) => partition.WakeResident(resident);

    public override void HandleClosed(ExecutionHeader header, Partition partition) { }

    public override void HandleMissing(Partition partition) { }

    public override void Refuse(Exception reason, Partition partition) => partition.WakeLater(id);
}

/// <summary>Comes back when all that was decided before it in this partition is durable.</summary>
internal sealed class Barrier : PartitionRequest, IHeldAnswer
{
    private readonly TaskCompletionSource _passed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Passed => _passed.Task;

    public override bool IsRead => true;

    public override void Handle(Partition partition) => partition.HoldForAll(this);

    public override void Refuse(Exception reason, Partition partition) => Cancel(reason);

    public void Release(Partition partition) => _ = _passed.TrySetResult();

    public void Cancel(Exception reason) => _ = _passed.TrySetException(reason);
}

using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Partitions;
using Lungfish.Engine.Storage;
using Lungfish.Engine.Tasks;

namespace Lungfish.Engine.StateMachines;

/// <summary>One hand-out of a task: held until the task is durable, then on its way through the handler, then the
/// message that tells how it ended.</summary>
internal sealed class TaskRun(StateMachineResident resident, Partition partition, TaskAssignment assignment)
    : ExecutionMessage, IHeld, ITaskRun
{
    private readonly int _generation = partition.Generation;
    private readonly CancellationTokenSource _cancellation = new();
    private TaskOutcome? _outcome;

    public TaskAssignment Assignment { get; } = assignment;

    public long TaskId => Assignment.Task.Id;

    public CancellationToken Cancelled => _cancellation.Token;

    public override ExecutionId? Id => Assignment.ExecutionId;

    public override ExecutionKey? Key => null;

    // A resident with a task under way stays in memory; if it is gone, so is the interest in the result.
    public override bool Loads => false;

    public void Release(Partition partition) => resident.HandOut(this, partition);

    public void Cancel(Exception reason) { }

    public void Ended(TaskOutcome? outcome)
    {
        _outcome = outcome;
        partition.PostInternal(this);
    }

    /// <summary>Nobody waits for the result any more. Never blocks on what the handler does about it.</summary>
    /// <returns>False if it was told before.</returns>
    public bool Withdraw()
    {
        var isFirst = !_cancellation.IsCancellationRequested;
        _ = partition.Surroundings.CancelAsync(_cancellation);
        return isFirst;
    }

    public override void Handle(Resident resident, Partition partition)
    {
        if (partition.Generation == _generation && resident is StateMachineResident machine)
        {
            machine.End(this, _outcome, partition);
        }
    }

    public override void HandleClosed(ExecutionHeader header, Partition partition)
    {
        if (partition.Generation == _generation && _outcome is TaskHandedOver)
        {
            resident.GoOn(this, partition);
        }
    }

    public override void HandleMissing(Partition partition) { }

    public override void Refuse(Exception reason, Partition partition) { }
}

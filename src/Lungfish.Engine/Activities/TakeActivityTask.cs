using Lungfish.Engine.Api;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Partitions;
using Lungfish.Engine.StateMachines;
using Lungfish.Engine.Storage;
using Lungfish.States.Deciding;

namespace Lungfish.Engine.Activities;

/// <summary>Takes a task for a worker. The token leaves once the taking is durable.</summary>
internal sealed class TakeActivityTask(TaskAddress task, ActivityPoll poll) : ExecutionMessage, IHeld
{
    private ActivityTask? _taken;

    public override ExecutionId? Id => task.Execution;

    public override ExecutionKey? Key => null;

    public override void Handle(Resident resident, Partition partition)
    {
        var machine = (StateMachineResident)resident;
        if (!machine.Execution.PendingTasks.TryGetValue(task.TaskId, out var pending)
            || pending.Phase != TaskPhase.Scheduled)
        {
            Gone();
        }
        else if (!poll.TryClaim())
        {
            poll.Tasks.PutBack(task, partition); // A worker that went away takes nothing along.
        }
        else
        {
            machine.Take(new TaskTaken(task.TaskId, poll.WorkerName), partition);
            _taken = new ActivityTask(machine.TokenOf(task.TaskId), pending.Input.ToText());
            partition.Hold(resident, this);
        }
    }

    public void Release(Partition partition)
    {
        if (_taken is not null)
        {
            poll.Complete(_taken);
        }
    }

    public void Cancel(Exception reason) => poll.Fail(reason);

    public override void HandleClosed(ExecutionHeader header, Partition partition) => Gone();

    public override void HandleMissing(Partition partition) => Gone();

    public override void Refuse(Exception reason, Partition partition)
    {
        poll.Tasks.Withdraw(task);
        partition.WakeLater(task.Execution); // Loading it offers the task again.
        poll.Fail(reason);
    }

    private void Gone()
    {
        poll.Tasks.Withdraw(task);
        poll.PollAgain();
    }
}

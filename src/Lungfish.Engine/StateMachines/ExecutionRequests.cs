using Lungfish.Engine.Api;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Partitions;
using Lungfish.Engine.Storage;
using Lungfish.Json;
using Lungfish.States.Deciding;

namespace Lungfish.Engine.StateMachines;

/// <summary>Starts an execution unless its name is taken.</summary>
internal sealed class StartExecution(
    StateMachineServices services, PinnedDefinition machine, ExecutionIdentity identity, Slot slot, bool isNamed,
    JsonValue input, string inputText) : Request<StartedExecution>
{
    private readonly ExecutionKey _key = new(identity.StateMachineArn, identity.ExecutionName);

    public override ExecutionId? Id => null;

    public override ExecutionKey? Key => _key;

    public override bool StartsWork => true;

    // A name that we have just made up is not in use.
    public override bool IsKnownNew => !isNamed || services.Names.IsNew(_key);

    public override int Bytes => 512 + (2 * inputText.Length);

    public override void Handle(Resident resident, Partition partition)
    {
        // Documented: the same name and input answer the first start again, as long as that execution runs.
        if (resident is StateMachineResident { IsClosed: false } running && running.Input == inputText)
        {
            Reply(new StartedExecution(running.Arn, running.Execution.StartedAt), resident, partition);
        }
        else
        {
            ReplyRefusal(StepFunctionsErrors.ExecutionAlreadyExists(identity.ExecutionArn), resident, partition);
        }
    }

    public override void HandleClosed(ExecutionHeader header, Partition partition) =>
        Cancel(StepFunctionsErrors.ExecutionAlreadyExists(identity.ExecutionArn));

    public override void HandleMissing(Partition partition)
    {
        if (machine.Machine.IsDeleting)
        {
            Cancel(StepFunctionsErrors.StateMachineDeleting(identity.StateMachineArn));
            return;
        }

        var id = new ExecutionId(slot, partition.Surroundings.NewUuid(partition.Now));
        var resident = StateMachineResident.Begin(
            services, id, _key, machine.Revision.Id, machine.Definition, inputText);
        resident.Take(new Start(identity, input, inputText), partition);
        partition.Residents.Add(resident);
        Reply(new StartedExecution(identity.ExecutionArn, resident.Execution.StartedAt), resident, partition);
    }
}

/// <summary>Describes an execution if it is in memory; answers null if the store knows all of it.</summary>
internal sealed class DescribeExecution(ExecutionKey key) : Request<ExecutionDescription?>
{
    public override ExecutionId? Id => null;

    public override ExecutionKey? Key => key;

    public override bool IsRead => true;

    public override bool Loads => false;

    public override void Handle(Resident resident, Partition partition) =>
        Reply(((StateMachineResident)resident).Describe(), resident, partition);

    public override void HandleClosed(ExecutionHeader header, Partition partition) => ReplyNow(null);

    public override void HandleMissing(Partition partition) => ReplyNow(null);
}

/// <summary>Waits for the end of an execution; answers null if the store knows all of it.</summary>
/// <param name="id">Null: only if it is in memory.</param>
internal sealed class AwaitExecution(ExecutionKey key, ExecutionId? id) : Request<ExecutionDescription?>, IWaiter
{
    public override ExecutionId? Id => id;

    public override ExecutionKey? Key => key;

    public override bool IsRead => true;

    public override bool Loads => id is not null;

    public bool HasLeft { get; set; }

    public override void Handle(Resident resident, Partition partition)
    {
        if (resident.IsClosed)
        {
            Reply(((StateMachineResident)resident).Describe(), resident, partition);
        }
        else
        {
            partition.Waiters.Add(resident, this);
        }
    }

    public void Ended(Resident resident) => Prepare(((StateMachineResident)resident).Describe());

    public override void HandleClosed(ExecutionHeader header, Partition partition) => ReplyNow(null);

    public override void HandleMissing(Partition partition) => ReplyNow(null);
}

/// <summary>Aborts an execution; of a closed one it answers when that ended.</summary>
internal sealed class StopExecution(ExecutionKey key, string executionArn, string? error, string? cause)
    : Request<DateTimeOffset>
{
    public override ExecutionId? Id => null;

    public override ExecutionKey? Key => key;

    public override void Handle(Resident resident, Partition partition)
    {
        var machine = (StateMachineResident)resident;
        if (!machine.IsClosed)
        {
            machine.Take(new Stop(error, cause), partition);
        }

        Reply(machine.Execution.StoppedAt ?? partition.Now, resident, partition);
    }

    public override void HandleClosed(ExecutionHeader header, Partition partition) =>
        ReplyNow(header.StoppedAt ?? partition.Now);

    public override void HandleMissing(Partition partition) =>
        Cancel(StepFunctionsErrors.ExecutionDoesNotExist(executionArn));
}

/// <summary>Answers a task by its token: success, failure or heartbeat. Accepted once.</summary>
internal sealed class AnswerTask(TaskAddress task, Message message, long bytes) : Request<bool>
{
    public override ExecutionId? Id => task.Execution;

    public override ExecutionKey? Key => null;

    public override int Bytes => 256 + (int)Math.Min(bytes, int.MaxValue / 2);

    public override void Handle(Resident resident, Partition partition)
    {
        var machine = (StateMachineResident)resident;
        if (machine.Execution.PendingTasks.TryGetValue(task.TaskId, out var pending) && pending.AnsweredByToken)
        {
            machine.Take(message, partition);
            Reply(true, resident, partition);
        }
        else
        {
            // Also this answer waits: what closed the task may not be durable yet.
            ReplyRefusal(StepFunctionsErrors.TaskTimedOut(), resident, partition);
        }
    }

    public override void HandleClosed(ExecutionHeader header, Partition partition) =>
        Cancel(StepFunctionsErrors.TaskTimedOut());

    public override void HandleMissing(Partition partition) => Cancel(StepFunctionsErrors.TaskTimedOut());
}

/// <summary>Goes on with a long turn after others had theirs.</summary>
internal sealed class ContinueExecution(ExecutionId id) : ExecutionMessage
{
    public override ExecutionId? Id => id;

    public override ExecutionKey? Key => null;

    public override bool Loads => false; // A resident with more to do stays in memory.

    public override void Handle(Resident resident, Partition partition)
    {
        if (resident is StateMachineResident { Execution.HasMoreToDo: true } machine)
        {
            machine.Take(new Continue(), partition);
        }
    }

    public override void HandleClosed(ExecutionHeader header, Partition partition) { }

    public override void HandleMissing(Partition partition) { }

    public override void Refuse(Exception reason, Partition partition) { }
}

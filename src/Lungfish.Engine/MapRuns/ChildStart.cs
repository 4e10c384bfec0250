using Lungfish.Engine.Faults;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Partitions;
using Lungfish.Engine.StateMachines;
using Lungfish.Engine.Storage;
using Lungfish.Json;
using Lungfish.States.Deciding;

namespace Lungfish.Engine.MapRuns;

/// <summary>Who asks for a child execution: where the answer goes.</summary>
internal sealed record ChildParent(ExecutionId Id, Partition Partition);

/// <summary>Starts a child execution unless it is there, and tells its parent when it has closed.</summary>
/// <remarks>The name of a child never changes, so that this may be sent again and again: what is there is joined,
/// and what has closed answers at once.</remarks>
internal sealed class ChildStart(
    StateMachineServices services, ChildProgram program, ChildExecution child, ChildParent parent, bool isFirst)
    : ExecutionMessage, IWaiter
{
    private static readonly TimeSpan AskAgainDelay = TimeSpan.FromSeconds(1);

    private ChildHasClosed? _outcome;

    public override ExecutionId? Id => null;

    public override ExecutionKey? Key { get; } =
        new(child.Identity.StateMachineArn, child.Identity.ExecutionName);

    // Decided with the commit before this, and never sent until then: nobody can have started it.
    public override bool IsKnownNew => isFirst;

    public bool HasLeft => false;

    public override void Handle(Resident resident, Partition partition)
    {
        if (resident.IsClosed)
        {
            Ended(resident);
            partition.Hold(resident, this);
        }
        else
        {
            partition.Waiters.Add(resident, this);
        }
    }

    public override void HandleClosed(ExecutionHeader header, Partition partition)
    {
        var output = header.Output is { } bytes ? JsonValue.Parse(bytes.Span) : null;
        Tell(new ChildHasClosed(
            child.MapRun, child.Index, header.Status, output, header.Error, header.Cause));
    }

    public override void HandleMissing(Partition partition)
    {
        var key = new ExecutionKey(child.Identity.StateMachineArn, child.Identity.ExecutionName);
        var id = new ExecutionId(key.Slot, partition.Surroundings.NewUuid(partition.Now));
        var input = child.Input.ToText();
        var mapRun = new MapRunChild(MapRunNames.IdOf(child.MapRunArn), child.ItemCount);
        var resident = StateMachineResident.Begin(
            services, id, key, program.Revision, program.Definition, input, mapRun);
        partition.Waiters.Add(resident, this);
        resident.Take(new Start(child.Identity, child.Input, input), partition);
        partition.Residents.Add(resident);
        CrashPoints.Pass(CrashPoint.InChildStart);
    }

    public void Ended(Resident resident)
    {
        var execution = ((StateMachineResident)resident).Execution;
        _outcome = new ChildHasClosed(
            child.MapRun, child.Index, execution.Status, execution.Output, execution.Error, execution.Cause);
    }

    public void Release(Partition partition)
    {
        if (_outcome is not null)
        {
            Tell(_outcome);
        }
    }

    /// <summary>The memory is dropped, or the engine stops: the parent asks again when it is loaded.</summary>
    public void Cancel(Exception reason) { }

    public override void Refuse(Exception reason, Partition partition)
    {
        if (!Refusals.IsPassing(reason))
        {
            // It hit a bug of ours. To wait for it would be to wait for ever.
            Tell(new ChildHasClosed(
                child.MapRun, child.Index, ExecutionStatus.Failed, null, "States.Runtime", reason.Message));
        }
        else if (!partition.IsClosing)
        {
            _ = AskAgainAsync(partition);
        }
    }

    /// <summary>A read may have failed while all memory stands: then no parent is loaded anew that would ask.</summary>
    private async Task AskAgainAsync(Partition partition)
    {
        await Task.Delay(AskAgainDelay, services.MapRuns.Time);
        partition.PostInternal(new ChildStart(services, program, child, parent, isFirst: false));
    }

    private void Tell(ChildHasClosed outcome) => parent.Partition.PostInternal(new Notice(parent.Id, outcome));
}

/// <summary>What the children of a map run run.</summary>
/// <param name="Revision">That of their machine, which their parent keeps.</param>
internal sealed record ChildProgram(string Revision, States.Model.StateMachineDefinition Definition);

/// <summary>Something that an execution waits for, which stays in memory for it.</summary>
internal sealed class Notice(ExecutionId id, Message message) : ExecutionMessage
{
    public override ExecutionId? Id => id;

    public override ExecutionKey? Key => null;

    public override bool Loads => false; // If it is gone, so is the interest; it asks again when it is loaded.

    public override void Handle(Resident resident, Partition partition)
    {
        if (resident is StateMachineResident { IsClosed: false } machine)
        {
            machine.Take(message, partition);
        }
    }

    public override void HandleClosed(ExecutionHeader header, Partition partition) { }

    public override void HandleMissing(Partition partition) { }

    public override void Refuse(Exception reason, Partition partition) { }
}

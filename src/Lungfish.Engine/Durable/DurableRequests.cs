using Lungfish.Durable;
using Lungfish.Durable.Deciding;
using Lungfish.Engine.Api;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Partitions;
using Lungfish.Engine.Storage;

namespace Lungfish.Engine.Durable;

/// <summary>What became of a start.</summary>
/// <param name="Input">Of the execution that had this name before; null also if that is for the store to tell.</param>
/// <param name="Ended">That execution, if it has ended.</param>
internal sealed record StartOutcome(StartedDurableExecution Started, string? Input, ExecutionHeader? Ended);

/// <summary>Waits for the end of an execution that is yet to start. The answer is null if there was one of its name, or
/// its refusal if it does not start.</summary>
internal sealed class EndOfStarted : IWaiter
{
    private readonly TaskCompletionSource<DurableDescription?> _answer =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private DurableDescription? _ended;

    public Task<DurableDescription?> Answer => _answer.Task;

    public bool HasLeft { get; set; }

    public void Ended(Resident resident) => _ended = ((DurableResident)resident).Describe();

    public void Release(Partition partition) => _ = _answer.TrySetResult(_ended);

    public void Cancel(Exception reason)
    {
        HasLeft = true;
        _ = _answer.TrySetException(reason);
    }

    public void WasThereBefore() => _ = _answer.TrySetResult(null);

    /// <summary>Whoever waits gives up.</summary>
    public void Leave(CancellationToken cancelled)
    {
        HasLeft = true;
        _ = _answer.TrySetCanceled(cancelled);
    }
}

/// <summary>Starts an execution, or finds the one that has its name.</summary>
/// <param name="end">Waits for the end of a new execution; null: nobody does.</param>
internal sealed class StartDurable(
    DurableServices services,
    DurableIdentity identity,
    DurableArn arn,
    bool isNamed,
    string? input,
    EndOfStarted? end)
    : Request<StartOutcome>
{
    private bool _wasThereBefore;

    public ExecutionId ExecutionId => arn.Id;

    public override ExecutionId? Id => null;

    public override ExecutionKey? Key => arn.Key;

    public override bool StartsWork => true;

    // A name that we have just made up is not in use.
    public override bool IsKnownNew => !isNamed;

    public override int Bytes => 512 + (2 * (input?.Length ?? 0));

    public override void Handle(Resident resident, Partition partition)
    {
        var execution = ((DurableResident)resident).Execution;
        _wasThereBefore = true;
        Reply(
            new StartOutcome(
                new StartedDurableExecution(resident.Arn, execution.StartedAt, IsNew: false), execution.Input, null),
            resident,
            partition);
    }

    public override void HandleClosed(ExecutionHeader header, Partition partition)
    {
        var before = DurableArn.Of(header.Key, header.Id.Uuid);
        ReplyNow(new StartOutcome(
            new StartedDurableExecution(before.Text, header.StartedAt, IsNew: false), null, header));
        end?.WasThereBefore();
    }

    public override void HandleMissing(Partition partition)
    {
        var resident = DurableResident.Begin(services, arn);
        _ = resident.Take(new Start(identity, input), partition);
        partition.Residents.Add(resident);
        Reply(
            new StartOutcome(
                new StartedDurableExecution(arn.Text, resident.Execution.StartedAt, IsNew: true), input, null),
            resident,
            partition);
        if (end is not null)
        {
            partition.Waiters.Add(resident, end);
        }
    }

    public override void Release(Partition partition)
    {
        base.Release(partition);
        if (_wasThereBefore)
        {
            end?.WasThereBefore();
        }
    }

    /// <summary>Who waits for the end is told last, and sees that it has not begun.</summary>
    public override void Cancel(Exception reason)
    {
        base.Cancel(reason);
        end?.Cancel(reason);
    }
}

/// <summary>Describes an execution if it is in memory; answers null if the store knows all of it.</summary>
internal sealed class DescribeDurable(DurableArn arn) : DurableRequest<DurableDescription?>(arn)
{
    public override bool IsRead => true;

    public override bool Loads => false;

    public override void HandleMissing(Partition partition) => ReplyNow(null);

    protected override void Handle(DurableResident resident, Partition partition) =>
        Reply(resident.Describe(), resident, partition);

    protected override void HandleEnded(ExecutionHeader header, Partition partition) => ReplyNow(null);
}

/// <summary>The operations of an execution if it is in memory; answers null if the store knows all of them.</summary>
internal sealed class ReadOperations(DurableArn arn) : DurableRequest<DurableExecution?>(arn)
{
    public override bool IsRead => true;

    public override bool Loads => false;

    public override void HandleMissing(Partition partition) => ReplyNow(null);

    protected override void Handle(DurableResident resident, Partition partition) =>
        Reply(resident.Execution, resident, partition);

    protected override void HandleEnded(ExecutionHeader header, Partition partition) => ReplyNow(null);
}

/// <summary>Waits for the end of an execution; answers null if the store knows all of it.</summary>
/// <param name="loads">False: only if it is in memory.</param>
internal sealed class AwaitDurable(DurableArn arn, bool loads) : DurableRequest<DurableDescription?>(arn), IWaiter
{
    public override bool IsRead => true;

    public override bool Loads => loads;

    public bool HasLeft { get; set; }

    public override void HandleMissing(Partition partition) => ReplyNow(null);

    public void Ended(Resident resident) => Prepare(((DurableResident)resident).Describe());

    protected override void Handle(DurableResident resident, Partition partition)
    {
        if (resident.IsClosed)
        {
            Reply(resident.Describe(), resident, partition);
        }
        else
        {
            partition.Waiters.Add(resident, this);
        }
    }

    protected override void HandleEnded(ExecutionHeader header, Partition partition) => ReplyNow(null);
}

/// <summary>Stops an execution; of one that has ended it answers when that was.</summary>
internal sealed class StopDurable(DurableArn arn, ErrorObject? error) : DurableRequest<DateTimeOffset>(arn)
{
    protected override void Handle(DurableResident resident, Partition partition)
    {
        if (!resident.IsClosed && resident.Take(new Stop(error), partition).Refusal is { } refusal)
        {
            ReplyRefusal(new ApiException(refusal.Code, refusal.Message), resident, partition);
        }
        else
        {
            Reply(resident.Execution.EndedAt ?? partition.Now, resident, partition);
        }
    }

    protected override void HandleEnded(ExecutionHeader header, Partition partition) =>
        ReplyNow(header.StoppedAt ?? partition.Now);
}

/// <summary>Resumes an execution that failed, timed out or was stopped.</summary>
internal sealed class RedriveDurable(DurableArn arn) : DurableRequest<DateTimeOffset>(arn)
{
    public override bool StartsWork => true;

    public override bool Reopens => true;

    protected override void Handle(DurableResident resident, Partition partition)
    {
        if (!resident.IsClosed || resident.Execution.Status == DurableStatus.Succeeded)
        {
            var status = resident.IsClosed ? "SUCCEEDED" : "RUNNING";
            ReplyRefusal(DurableErrors.NotRedrivable(Arn, status), resident, partition);
        }
        else if (resident.Take(new Redrive(), partition).Refusal is { } refusal)
        {
            ReplyRefusal(new ApiException(refusal.Code, refusal.Message), resident, partition);
        }
        else
        {
            Reply(partition.Now, resident, partition);
        }
    }

    protected override void HandleEnded(ExecutionHeader header, Partition partition) =>
        Cancel(DurableErrors.ExecutionNotFound(Arn)); // Not reached: it is brought into memory.
}

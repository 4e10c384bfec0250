using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Partitions;
using Lungfish.Engine.Storage;

namespace Lungfish.Engine.Durable;

/// <summary>Something that runs for an execution: held until it is durable that it has begun, then on its way, then the
/// message that tells how it ended.</summary>
internal abstract class DurableRun<TOutcome>(DurableResident resident, Partition partition) : ExecutionMessage, IHeld
    where TOutcome : class
{
    private readonly int _generation = partition.Generation;
    private readonly CancellationTokenSource _cancellation = new();
    private TOutcome? _outcome;

    public string ExecutionArn => Resident.Arn;

    public CancellationToken Cancelled => _cancellation.Token;

    public override ExecutionId? Id => Resident.Id;

    public override ExecutionKey? Key => null;

    // A resident for which something runs stays in memory; if it is gone, so is the interest in the outcome.
    public override bool Loads => false;

    protected DurableResident Resident { get; } = resident;

    public abstract void Release(Partition partition);

    /// <summary>That it begins never became durable.</summary>
    public virtual void Cancel(Exception reason) { }

    public void Ended(TOutcome outcome)
    {
        _outcome = outcome;
        partition.PostInternal(this, runsHere: true);
    }

    /// <summary>Nobody waits for the outcome any more. Never blocks on what is done about that.</summary>
    public void Withdraw() => _ = partition.Surroundings.CancelAsync(_cancellation);

    public override void Handle(Resident resident, Partition partition)
    {
        if (partition.Generation == _generation && resident == Resident && _outcome is { } outcome)
        {
            End(outcome, partition);
        }
    }

    public override void HandleClosed(ExecutionHeader header, Partition partition) { }

    public override void HandleMissing(Partition partition) { }

    public override void Refuse(Exception reason, Partition partition) { }

    protected abstract void End(TOutcome outcome, Partition partition);
}

using Lungfish.Durable;
using Lungfish.Engine.Partitions;

namespace Lungfish.Engine.Durable;

/// <summary>What a chained invoke started.</summary>
internal sealed class ChainedInvokeRun(DurableResident resident, Partition partition, Operation operation)
    : DurableRun<ChainedOutcome>(resident, partition)
{
    public Operation Operation => operation;

    public override void Release(Partition partition) => Resident.Begin(this, partition);

    protected override void End(ChainedOutcome outcome, Partition partition) =>
        Resident.End(this, outcome, partition);
}

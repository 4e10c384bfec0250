using Lungfish.Durable.Deciding;
using Lungfish.Engine.Partitions;

namespace Lungfish.Engine.Durable;

/// <summary>One invocation of a function.</summary>
internal sealed class InvocationRun(DurableResident resident, Partition partition, InvokeFunction invoke)
    : DurableRun<InvocationOutcome>(resident, partition)
{
    private const int LargeOperations = 64;

    public long Number => invoke.Invocation.Number;

    /// <summary>The execution as this invocation began with it, however it goes on meanwhile.</summary>
    public DurableExecution View => invoke.Execution;

    public bool IsLarge =>
        View.OperationCount >= LargeOperations && View.OperationsToReplay().Skip(LargeOperations).Any();

    public DurableInvocation MakeInvocation() => Resident.Describe(invoke);

    public override void Release(Partition partition) => Resident.Begin(this, partition);

    public override void Cancel(Exception reason) => Resident.Forget(this);

    protected override void End(InvocationOutcome outcome, Partition partition) =>
        Resident.End(this, outcome, partition);
}

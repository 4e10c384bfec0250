using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Partitions;
using Lungfish.Engine.Storage;

namespace Lungfish.Engine.Durable;

/// <summary>A request about the durable execution of that ARN, and no other that has its name.</summary>
internal abstract class DurableRequest<T>(DurableArn arn) : Request<T>
{
    public override ExecutionId? Id => null;

    public override ExecutionKey? Key => arn.Key;

    protected string Arn => arn.Text;

    public sealed override void Handle(Resident resident, Partition partition)
    {
        if (resident is DurableResident durable && durable.Id == arn.Id)
        {
            Handle(durable, partition);
        }
        else
        {
            HandleMissing(partition);
        }
    }

    public sealed override void HandleClosed(ExecutionHeader header, Partition partition)
    {
        if (header.Id == arn.Id)
        {
            HandleEnded(header, partition);
        }
        else
        {
            HandleMissing(partition);
        }
    }

    public override void HandleMissing(Partition partition) => Cancel(DurableErrors.ExecutionNotFound(Arn));

    protected abstract void Handle(DurableResident resident, Partition partition);

    protected abstract void HandleEnded(ExecutionHeader header, Partition partition);
}

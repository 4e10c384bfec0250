using System.Collections.Immutable;
using Lungfish.Durable;
using Lungfish.Durable.Deciding;
using Lungfish.Engine.Api;
using Lungfish.Engine.Faults;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Partitions;
using Lungfish.Engine.Storage;

namespace Lungfish.Engine.Durable;

/// <summary>Something that only the running invocation may ask. An execution that is not in memory runs none.
/// </summary>
internal abstract class InvocationRequest<T>(ExecutionId execution) : Request<T>
{
    public override ExecutionId? Id => execution;

    public override ExecutionKey? Key => null;

    public override bool Loads => false;

    public override void HandleClosed(ExecutionHeader header, Partition partition) => HandleMissing(partition);

    public override void HandleMissing(Partition partition) => Cancel(DurableErrors.InvalidCheckpointToken());
}

/// <summary>The running invocation reports progress.</summary>
internal sealed class Checkpoint(
    ExecutionId execution, CheckpointToken token, string? clientToken, ImmutableArray<OperationUpdate> updates)
    : InvocationRequest<CheckpointResult>(execution)
{
    public override int Bytes => 256 + (int)Math.Min(updates.Sum(BytesOf), int.MaxValue / 2);

    public override void Handle(Resident resident, Partition partition)
    {
        var durable = (DurableResident)resident;
        var decision = durable.Take(new CheckpointReceived(token, clientToken, updates), partition);
        if (decision.Checkpoint is { } answer)
        {
            var next = answer.Token is { } nextToken ? durable.MakeToken(nextToken) : null;
            Reply(new CheckpointResult(next, answer.Operations), resident, partition);
        }
        else
        {
            // Also a refusal waits: what it rests on may not be durable yet.
            ReplyRefusal(
                decision.Refusal is { } refusal
                    ? new ApiException(refusal.Code, refusal.Message)
                    : DurableErrors.InvalidCheckpointToken(),
                resident,
                partition);
        }
    }

    public override void Release(Partition partition)
    {
        CrashPoints.Pass(CrashPoint.BeforeCheckpointAnswer);
        base.Release(partition);
    }

    private static long BytesOf(OperationUpdate update) =>
        256 + (2L * ((update.Payload?.Length ?? 0) + (update.Error?.ErrorData?.Length ?? 0)));
}

/// <summary>What the running invocation is to see.</summary>
internal sealed class ReadState(ExecutionId execution, CheckpointToken token)
    : InvocationRequest<DurableExecution>(execution)
{
    public override void Handle(Resident resident, Partition partition)
    {
        if (((DurableResident)resident).ViewFor(token) is { } view)
        {
            Reply(view, resident, partition);
        }
        else
        {
            ReplyRefusal(DurableErrors.InvalidCheckpointToken(), resident, partition);
        }
    }
}

/// <summary>Answers a callback: success, failure or heartbeat. Accepted once.</summary>
internal sealed class AnswerCallback(ExecutionId execution, Message message, long length) : Request<bool>
{
    public override ExecutionId? Id => execution;

    public override ExecutionKey? Key => null;

    public override int Bytes => 256 + (int)Math.Min(2 * length, int.MaxValue / 2);

    public override void Handle(Resident resident, Partition partition)
    {
        if (resident.IsClosed)
        {
            ReplyRefusal(DurableErrors.CallbackTimeout(), resident, partition);
        }
        else if (((DurableResident)resident).Take(message, partition).Refusal is { } refusal)
        {
            ReplyRefusal(new ApiException(refusal.Code, refusal.Message), resident, partition);
        }
        else
        {
            Reply(true, resident, partition);
        }
    }

    public override void HandleClosed(ExecutionHeader header, Partition partition) => HandleMissing(partition);

    public override void HandleMissing(Partition partition) => Cancel(DurableErrors.CallbackTimeout());
}

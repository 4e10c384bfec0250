using Lungfish.Engine.Storage;
using Microsoft.Extensions.Logging;

namespace Lungfish.Engine.Partitions;

/// <summary>Brings each message of a partition to the execution that it is about, or to the store first if that is
/// not in memory, or refuses it.</summary>
internal sealed class MessageRouter(Partition partition, Inbox inbox, PartitionReads reads, ILogger logger)
{
    public void Deliver(PartitionMessage message)
    {
        if (message is PartitionRequest request)
        {
            request.Handle(partition);
            inbox.Settle(message);
        }
        else if (message is ExecutionMessage about)
        {
            Route(about);
        }
    }

    public void Deliver(ExecutionMessage message, Resident resident)
    {
        inbox.Settle(message);
        try
        {
            message.Handle(resident, partition);
        }
        catch (Exception e)
        {
            partition.SetAside(resident, e);
            message.Refuse(Refusals.SetAside(resident.Arn, e), partition);
            return;
        }

        if (!resident.IsDirty)
        {
            partition.Rest(resident);
        }
    }

    public void DeliverClosed(ExecutionMessage message, ExecutionHeader header)
    {
        inbox.Settle(message);
        message.HandleClosed(header, partition);
    }

    public void DeliverMissing(ExecutionMessage message)
    {
        inbox.Settle(message);
        try
        {
            message.HandleMissing(partition);
        }
        catch (Exception e)
        {
            // Starting an execution hit a bug of ours: it has not begun.
            Log.ExecutionSetAside(logger, message.Key.ToString() ?? "", e);
            message.Refuse(Refusals.SetAside(message.Key.ToString() ?? "", e), partition);
        }
    }

    public void Refuse(PartitionMessage message, Exception reason)
    {
        inbox.Settle(message);
        message.Refuse(reason, partition);
    }

    public void RefuseAll(Exception reason)
    {
        while (inbox.TryTake(out var message))
        {
            Refuse(message, reason);
        }
    }

    /// <summary>While the store has no room, it knows what is durable, and the memory what may be much later.</summary>
    private void DeliverUnlessStarved(ExecutionMessage message, Resident resident)
    {
        if (message is { IsRead: true, Loads: false }
            && (resident.IsDirty || resident.Work is not null) && partition.IsStarved)
        {
            DeliverMissing(message);
        }
        else
        {
            Deliver(message, resident);
        }
    }

    private void Route(ExecutionMessage message)
    {
        if (message.Id is { } id)
        {
            if (partition.Residents.TryGet(id.Uuid, out var resident))
            {
                DeliverUnlessStarved(message, resident);
            }
            else if (!message.Loads)
            {
                DeliverMissing(message);
            }
            else if (partition.FindSetAside(id.Uuid) is { } aside)
            {
                Refuse(message, Refusals.SetAside(aside.ExecutionArn, aside.Reason));
            }
            else
            {
                reads.Load(id, message);
            }
        }
        else if (message.Key is { } key)
        {
            if (partition.Residents.TryGet(key, out var resident))
            {
                DeliverUnlessStarved(message, resident);
            }
            else if (!message.Loads || (!reads.IsLookingUp(key) && message.IsKnownNew))
            {
                DeliverMissing(message);
            }
            else
            {
                reads.LookUp(key, message);
            }
        }
    }
}

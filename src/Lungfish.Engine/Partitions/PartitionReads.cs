using Lungfish.Engine.Durable;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Storage;

namespace Lungfish.Engine.Partitions;

/// <summary>What a partition reads from the store, and the messages that wait for it meanwhile, in their
/// order.</summary>
internal sealed class PartitionReads(Partition partition, PartitionServices services)
{
    private readonly Dictionary<Guid, List<ExecutionMessage>> _loading = [];
    private readonly Dictionary<ExecutionKey, List<ExecutionMessage>> _lookups = [];

    public int LoadsUnderWay => _loading.Count;

    public bool AnyUnderWay => _loading.Count > 0 || _lookups.Count > 0;

    public bool IsLoading(Guid uuid) => _loading.ContainsKey(uuid);

    public bool IsLookingUp(ExecutionKey key) => _lookups.ContainsKey(key);

    /// <summary>Brings an execution into memory, then delivers the message.</summary>
    public void Load(ExecutionId id, ExecutionMessage message)
    {
        if (_loading.TryGetValue(id.Uuid, out var waiting))
        {
            waiting.Add(message);
            return;
        }

        _loading.Add(id.Uuid, [message]);
        _ = LoadAsync(id, message.Reopens, partition.Generation);
    }

    /// <summary>Finds out which execution has this name now, then delivers the message.</summary>
    public void LookUp(ExecutionKey key, ExecutionMessage message)
    {
        if (_lookups.TryGetValue(key, out var waiting))
        {
            waiting.Add(message);
            return;
        }

        _lookups.Add(key, [message]);
        _ = LookUpAsync(key, partition.Generation);
    }

    public void Drop(Exception reason)
    {
        var waiting = _loading.Values.Concat(_lookups.Values).SelectMany(messages => messages).ToList();
        _loading.Clear();
        _lookups.Clear();
        foreach (var message in waiting)
        {
            partition.Router.Refuse(message, reason);
        }
    }

    private async Task LoadAsync(ExecutionId id, bool reopens, int generation)
    {
        ControlMessage result;
        try
        {
            var loaded = await services.Loader.LoadAsync(id, reopens, CancellationToken.None);
            result = new Loaded(this, id, generation, loaded);
        }
        catch (Exception e)
        {
            result = new LoadFailed(this, id, generation, e);
        }

        partition.PostControl(result);
    }

    private async Task LookUpAsync(ExecutionKey key, int generation)
    {
        ControlMessage result;
        try
        {
            result = new LookedUp(
                this, key, generation, await services.Store.FindByNameAsync(key, CancellationToken.None), null);
        }
        catch (Exception e)
        {
            result = new LookedUp(this, key, generation, null, e);
        }

        partition.PostControl(result);
    }

    private void Finish(ExecutionId id, LoadedExecution loaded)
    {
        _ = _loading.Remove(id.Uuid, out var waiting);
        if (loaded.Open is { } opened)
        {
            partition.Adopt(opened);
        }

        foreach (var message in waiting ?? [])
        {
            if (loaded.Closed is not null && message.Reopens)
            {
                Load(id, message); // The load was begun for a message that does not.
            }
            else if (loaded.Closed is not null)
            {
                partition.Router.DeliverClosed(message, loaded.Closed);
            }
            else if (loaded.Open is null)
            {
                partition.Router.DeliverMissing(message);
            }
            else
            {
                // By its id again: a message before it may have set the execution aside.
                partition.Router.Deliver(message);
            }
        }
    }

    private void Fail(ExecutionId id, Exception reason)
    {
        _ = _loading.Remove(id.Uuid, out var waiting);
        var arn = reason is UnreadableExecutionException { Key: var key } ? ArnOf(key, id) : id.Uuid.ToString();
        if (!Refusals.IsPassing(reason))
        {
            partition.SetAside(id, arn, reason);
        }

        var refusal = Refusals.IsPassing(reason) ? Refusals.StoreFailed(reason) : Refusals.SetAside(arn, reason);
        foreach (var message in waiting ?? [])
        {
            partition.Router.Refuse(message, refusal);
        }
    }

    private static string ArnOf(ExecutionKey key, ExecutionId id) =>
        key.IsDurable ? DurableArn.Of(key, id.Uuid).Text : ExecutionArns.Of(key);

    private void Finish(ExecutionKey key, ExecutionHeader? header, Exception? failure)
    {
        _ = _lookups.Remove(key, out var waiting);
        foreach (var message in waiting ?? [])
        {
            if (failure is not null)
            {
                partition.Router.Refuse(message, Refusals.StoreFailed(failure));
            }
            else if (partition.Residents.TryGet(key, out var resident))
            {
                partition.Router.Deliver(message, resident); // The first of these messages may have started it.
            }
            else if (header is null)
            {
                partition.Router.DeliverMissing(message);
            }
            else if (header.StoppedAt is not null && !message.Reopens)
            {
                partition.Router.DeliverClosed(message, header);
            }
            else if (partition.FindSetAside(header.Id.Uuid) is { } aside)
            {
                partition.Router.Refuse(message, Refusals.SetAside(aside.ExecutionArn, aside.Reason));
            }
            else
            {
                Load(header.Id, message);
            }
        }
    }

    private sealed class Loaded(PartitionReads reads, ExecutionId id, int generation, LoadedExecution loaded)
        : ControlMessage
    {
        public override void Handle(Partition partition)
        {
            if (partition.Generation == generation)
            {
                reads.Finish(id, loaded);
            }
        }
    }

    private sealed class LoadFailed(PartitionReads reads, ExecutionId id, int generation, Exception reason)
        : ControlMessage
    {
        public override void Handle(Partition partition)
        {
            if (partition.Generation == generation)
            {
                reads.Fail(id, reason);
            }
        }
    }

    private sealed class LookedUp(
        PartitionReads reads, ExecutionKey key, int generation, ExecutionHeader? header, Exception? failure)
        : ControlMessage
    {
        public override void Handle(Partition partition)
        {
            if (partition.Generation == generation)
            {
                reads.Finish(key, header, failure);
            }
        }
    }
}

using System.Text;
using System.Text.RegularExpressions;
using Lungfish.Engine;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Storage;
using Lungfish.Simulation.Scheduling;
using Lungfish.Simulation.Storing;

namespace Lungfish.Simulation.Planting;

/// <summary>Commits are acknowledged before they are done: effects leave before their causes are durable.</summary>
internal sealed class EffectBeforeCommit : Plant
{
    public override IStore Between(IStore store, SimDisk disk) => new Hasty(store);

    private sealed class Hasty(IStore store) : StoreDecorator(store)
    {
        public override Task CommitAsync(LaneBatch batch, CancellationToken cancellationToken)
        {
            _ = Inner.CommitAsync(batch, cancellationToken);
            return Task.CompletedTask;
        }
    }
}

/// <summary>A commit whose outcome nobody knows is sent once more.</summary>
internal sealed class BlindRetry : Plant
{
    public override IStore Between(IStore store, SimDisk disk) => new Stubborn(store, disk);

    private sealed class Stubborn(IStore store, SimDisk disk) : StoreDecorator(store)
    {
        public override async Task CommitAsync(LaneBatch batch, CancellationToken cancellationToken)
        {
            try
            {
                await Inner.CommitAsync(batch, cancellationToken);
            }
            catch (StoreUnavailableException)
            {
                await Inner.CommitAsync(
                    new LaneBatch([.. batch.Partitions.Select(Renewed)]), cancellationToken);
            }
        }

        private PartitionBatch Renewed(PartitionBatch batch) =>
            batch with { Lease = disk.LeaseOf(batch.Lease.Partition) ?? batch.Lease };
    }
}

/// <summary>Now and then nobody comes to read a partition's mail.</summary>
internal sealed class LostMail : Plant
{
    public override EngineSurroundings Between(SimContext process, Random random, int inlinePercent) =>
        new Forgetful(process, random, inlinePercent);

    private sealed class Forgetful(SimContext process, Random random, int inlinePercent)
        : SimSurroundings(process, random, inlinePercent)
    {
        private readonly Random _random = random;

        public override void Queue(IThreadPoolWorkItem work)
        {
            if (_random.Next(100) > 0)
            {
                base.Queue(work);
            }
        }
    }
}

/// <summary>The engine's clock is fast: timers are done before their time.</summary>
internal sealed class EarlyTimer : Plant
{
    public override TimeProvider Between(TimeProvider time) => new Fast(time);

    private sealed class Fast(TimeProvider time) : TimeProvider
    {
        public override long TimestampFrequency => time.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

        public override long GetTimestamp() => time.GetTimestamp() + (time.GetTimestamp() / 50);

        public override ITimer CreateTimer(
            TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            time.CreateTimer(callback, state, dueTime, period);
    }
}

/// <summary>Whoever is read from the store is told the last that happened twice.</summary>
internal sealed class DoubleApply : Plant
{
    public override IStore Between(IStore store, SimDisk disk) => new Stuttering(store);

    private sealed class Stuttering(IStore store) : StoreDecorator(store)
    {
        public override async Task<StoredExecution?> FindExecutionAsync(
            ExecutionId id, CancellationToken cancellationToken)
        {
            var found = await Inner.FindExecutionAsync(id, cancellationToken);
            return found is null ? null : found with { Journal = found.Journal.Add(found.Journal[^1]) };
        }
    }
}

/// <summary>Nothing is bounded as it was told.</summary>
internal sealed class Unbounded : Plant
{
    public override EngineOptions Between(EngineOptions options) => options with
    {
        RestingExecutionsMax = int.MaxValue,
        RunningTasksMax = int.MaxValue,
        RunningInvocationsMax = int.MaxValue,
    };
}

/// <summary>The quotas are kept a little too late.</summary>
internal sealed class LateQuotas : Plant
{
    public override EngineOptions Between(EngineOptions options) => options with
    {
        Quotas = options.Quotas with
        {
            HistoryEventsMax = options.Quotas.HistoryEventsMax + 1,
            PayloadBytesMax = options.Quotas.PayloadBytesMax * 2,
        },
    };
}

/// <summary>Nobody reads how many items of a Map may run at once.</summary>
internal sealed partial class AllAtOnce : Plant
{
    public override IStore Between(IStore store, SimDisk disk) => new Careless(store);

    [GeneratedRegex("""(?<=MaxConcurrency\\?":\s*)[12]""", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Limit();

    private sealed class Careless(IStore store) : StoreDecorator(store)
    {
        public override async Task<CatalogEntry?> FindCatalogAsync(
            string kind, string key, CancellationToken cancellationToken) =>
            await Inner.FindCatalogAsync(kind, key, cancellationToken) is { } entry
                ? entry with
                {
                    Value = Encoding.UTF8.GetBytes(Limit().Replace(
                    Encoding.UTF8.GetString(entry.Value.Span), "0"))
                }
                : null;
    }
}

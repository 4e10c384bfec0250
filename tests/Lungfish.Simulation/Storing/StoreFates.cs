using Lungfish.Engine.Storage;
using Lungfish.Simulation.Running;
using Lungfish.Simulation.Scheduling;

namespace Lungfish.Simulation.Storing;

/// <summary>What the store's fates need of the world.</summary>
internal interface IStoreWorld
{
    /// <summary>What is in the store's own process.</summary>
    SimContext Store { get; }

    Trace Trace { get; }

    /// <summary>It may come to something that a commit is done a second time.</summary>
    void Disturb();

    void Crash(TimeSpan downTime);

    /// <summary>The server has lost a partition for good: it must start anew.</summary>
    void RestartLater(TimeSpan delay);

    /// <summary>What was in memory only is durable now.</summary>
    void Committed(LaneBatch batch);
}

/// <summary>Carries out what the server asks of its store, and lets go wrong what the plan says.</summary>
internal sealed class StoreFates(SimDisk disk, SimConfig config, IStoreWorld world)
{
    private readonly Random _random = Dice.Make(config.Seed, "store");
    private long _commits;
    private long _reads;
    private long _awayUntilTicks;

    public long Commits => _commits;

    private bool IsAway => world.Store.Scheduler.NowTicks < _awayUntilTicks;

    public void GoAway(TimeSpan time) => _awayUntilTicks = world.Store.Scheduler.NowTicks + time.Ticks;

    public Task<T> ReadAsync<T>(Func<T> read, SimContext process)
    {
        var fault = config.Faults.AtRead(++_reads);
        if (fault is null && !IsAway && config.StoreAnswersAtOnce)
        {
            return Try(read);
        }

        var answer = new TaskCompletionSource<T>();
        After(fault?.Kind == FaultKind.ReadSlow ? fault.Amount : Delay(), process, () =>
        {
            if (IsAway || fault?.Kind == FaultKind.ReadFails)
            {
                world.Disturb();
                world.Trace.Add($"read {_reads} fails");
                answer.SetException(new StoreUnavailableException("The disk is away."));
                return;
            }

            var done = Try(read);
            if (done.Exception?.InnerException is { } reason)
            {
                answer.SetException(reason);
            }
            else
            {
                answer.SetResult(done.Result);
            }
        });
        return answer.Task;
    }

    public Task CommitAsync(LaneBatch batch, SimContext process)
    {
        var number = ++_commits;
        var fault = config.Faults.AtCommit(number);
        world.Trace.Add($"commit {number} {Tell(batch)}{(fault is null ? "" : $" meets {fault.Kind}")}");
        if (fault is not null || IsAway)
        {
            world.Disturb();
        }
        else if (config.StoreAnswersAtOnce)
        {
            Apply(batch);
            return Task.CompletedTask;
        }

        if (fault?.Kind == FaultKind.CommitRefused)
        {
            return Task.FromException(new StoreUnavailableException("The disk is full."));
        }

        var answer = new TaskCompletionSource();
        var delay = fault?.Kind == FaultKind.CommitSlow ? fault.Amount : Delay();
        After(delay, process, () => Decide(batch, fault, answer, process));
        return answer.Task;
    }

    private void Decide(LaneBatch batch, Fault? fault, TaskCompletionSource answer, SimContext process)
    {
        switch (fault?.Kind)
        {
            case FaultKind.CrashBeforeCommit:
                world.Crash(fault.Amount);
                return;
            case FaultKind.CommitLost:
            case not FaultKind.CommitAnswerLost when IsAway:
                answer.SetException(new StoreUnavailableException("The disk went away before."));
                return;
            case FaultKind.LeaseLost:
                var lost = batch.Partitions[_random.Next(batch.Partitions.Length)].Lease;
                _ = disk.Acquire(lost.Partition, lost.Slots, Guid.Empty);
                world.RestartLater(fault.Amount);
                break;
        }

        try
        {
            Apply(batch);
        }
        catch (LeaseLostException e)
        {
            answer.SetException(e);
            return;
        }

        if (fault?.Kind == FaultKind.CrashAfterCommit)
        {
            world.Crash(fault.Amount);
            return;
        }

        After(Delay(), process, () => Answer(fault, answer));
    }

    private void Answer(Fault? fault, TaskCompletionSource answer)
    {
        if (fault?.Kind == FaultKind.CommitAnswerLost || IsAway)
        {
            world.Disturb();
            answer.SetException(new StoreUnavailableException("The disk went away after."));
            return;
        }

        answer.SetResult();
        if (fault?.Kind == FaultKind.CrashAfterAnswer)
        {
            // A moment later: some of the effects may have left by then.
            After(TimeSpan.FromTicks(_random.Next(20_000)), world.Store, () => world.Crash(fault.Amount));
        }
    }

    private void Apply(LaneBatch batch)
    {
        disk.Apply(batch);
        world.Committed(batch);
    }

    private TimeSpan Delay() => TimeSpan.FromTicks(_random.Next(100, config.StoreDelayMsMax * 10_000));

    /// <summary>What is asked of the store ends with the process that asks: it is in that process.</summary>
    private void After(TimeSpan delay, SimContext process, Action action) =>
        world.Store.Scheduler.After(delay, world.Store, () =>
        {
            if (!process.IsDead)
            {
                action();
            }
        });

    private static Task<T> Try<T>(Func<T> read)
    {
        try
        {
            return Task.FromResult(read());
        }
        catch (Exception e)
        {
            return Task.FromException<T>(e);
        }
    }

    private static string Tell(LaneBatch batch) => string.Join(' ', batch.Partitions.Select(partition =>
        $"p{partition.Lease.Partition.Number}/{partition.Lease.Epoch.Value}/{partition.Lease.CommitSequence + 1}["
        + string.Join(' ', partition.Executions.Select(Tell)) + "]"));

    private static string Tell(ExecutionDelta delta) =>
        $"{delta.Id.Uuid.ToString()[24..]}"
        + $"{(delta.Birth is { } birth ? "=" + birth.Key.Name : "")}"
        + $"{(delta.Journal is { } segment ? $"+{segment.Sequence}:{segment.EventCount}" : "")}"
        + $"{(delta.Resting is { } rest ? ">" + rest.GetType().Name : "")}";
}

using System.Collections.Immutable;
using Lungfish.Engine.Faults;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Storage;
using Microsoft.Extensions.Logging;

namespace Lungfish.Engine.Partitions;

/// <summary>Commits what all its partitions have ready in one transaction after the other. While one is being written,
/// the partitions fill the next.</summary>
/// <remarks>Without a thread of its own: whoever offers work to an idle lane starts the commit, whoever completes a
/// commit starts the next, and goes on with what follows from it. A store may commit before it returns: at low load
/// one thread takes a request from its arrival to its answer.</remarks>
internal sealed class Lane(
    IStore store,
    IReadOnlyList<Partition> partitions,
    CommitFeed feed,
    EngineSurroundings surroundings,
    TimeProvider time,
    ILogger logger) : IThreadPoolWorkItem
{
    private const int Idle = 0;
    private const int Committing = 1;
    private const int Down = 2;

    private static readonly TimeSpan RecoveryDelayMax = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FullPause = TimeSpan.FromMilliseconds(250);

    private readonly PartitionLease?[] _leases = new PartitionLease?[partitions.Count]; // Null: lost, or not yet taken.
    private readonly bool[] _lost = new bool[partitions.Count];
    private readonly Guid _owner = surroundings.NewUuid();
    private int _state = Down;
    private int _failuresInARow;
    private Exception? _failure;
    private bool _isFull;
    private volatile bool _stopped;

    /// <summary>Takes all partitions and begins with what the store has. Also the way back from any failure.</summary>
    public async Task TakePartitionsAsync(CancellationToken cancellationToken)
    {
        var taken = new List<(Partition Partition, IReadOnlyList<ExecutionId> Active)>();
        for (var i = 0; i < partitions.Count; i++)
        {
            if (!_lost[i])
            {
                var partition = partitions[i];
                _leases[i] = await store.AcquireAsync(partition.Id, partition.Slots, _owner, cancellationToken);
                taken.Add((partition, await store.ReadActiveAsync(partition.Slots, cancellationToken)));
            }
        }

        Volatile.Write(ref _state, Idle);
        foreach (var (partition, active) in taken)
        {
            partition.PostControl(new Recovered(active));
        }

        Kick();
    }

    /// <summary>There is work: has it committed, by another thread.</summary>
    public void Kick()
    {
        if (Interlocked.CompareExchange(ref _state, Committing, Idle) == Idle)
        {
            surroundings.Queue(this);
        }
    }

    /// <summary>There is work: commits it unless a commit is under way, which then takes it along next.</summary>
    /// <param name="goesOn">False: this thread has better to do than further commits.</param>
    /// <returns>A partition that has effects to let go, reserved for this thread; null: none.</returns>
    public Partition? Commit(bool goesOn) =>
        Interlocked.CompareExchange(ref _state, Committing, Idle) == Idle ? CommitWhatIsReady(null, goesOn) : null;

    void IThreadPoolWorkItem.Execute() => PartitionRunner.RunFrom(CommitWhatIsReady(null, goesOn: true));

    /// <summary>What is in memory cannot be trusted: drops all of it and reloads.</summary>
    public void Fail(Exception reason)
    {
        if (Interlocked.CompareExchange(ref _failure, reason, null) is null)
        {
            Kick();
        }
    }

    public void Stop() => _stopped = true;

    /// <param name="next">Has effects of the last commit to let go.</param>
    /// <param name="goesOn">False: one commit is enough.</param>
    private Partition? CommitWhatIsReady(Partition? next, bool goesOn)
    {
        while (true)
        {
            if (Interlocked.Exchange(ref _failure, null) is { } failure)
            {
                next?.Start();
                GoDown(failure);
                return null;
            }

            if (next is not null && !goesOn && AnyOffered())
            {
                surroundings.Queue(this);
                return next.TryReserve() ? next : null;
            }

            var works = TakeOffered();
            if (works.Count == 0)
            {
                // A full fence: whoever offers writes the offer first and then looks at the state, as this writes the
                // state and then looks at the offers. With less, both could miss the other, and the offer would wait.
                _ = Interlocked.Exchange(ref _state, Idle);
                if ((_failure is null && !AnyOffered())
                    || Interlocked.CompareExchange(ref _state, Committing, Idle) != Idle)
                {
                    return next is not null && next.TryReserve() ? next : null;
                }

                continue;
            }

            next?.Start(); // This thread has the next commit to make: the effects of the last one leave on another.
            var commit = StartCommit(works);
            if (!commit.IsCompleted)
            {
                commit.GetAwaiter().UnsafeOnCompleted(() => Completed(works, commit));
                return null;
            }

            if (!Conclude(works, commit))
            {
                return null;
            }

            next = StartAllButOne(works);
        }
    }

    private void Completed(List<Work> works, Task commit)
    {
        if (!Conclude(works, commit))
        {
            return;
        }

        var last = StartAllButOne(works);
        if (surroundings.RunsWorkHere)
        {
            PartitionRunner.RunFrom(CommitWhatIsReady(last, goesOn: true));
        }
        else
        {
            last.Start();
            surroundings.Queue(this); // This thread is somebody else's.
        }
    }

    /// <returns>The last one, for this thread: at low load a hand-over to another costs more than the work.</returns>
    private static Partition StartAllButOne(List<Work> works)
    {
        for (var i = 0; i < works.Count - 1; i++)
        {
            works[i].Partition.Start();
        }

        return works[^1].Partition;
    }

    /// <returns>False if the lane went another way: the works were not committed.</returns>
    private bool Conclude(List<Work> works, Task commit)
    {
        if (commit.IsCompletedSuccessfully)
        {
            CrashPoints.Pass(CrashPoint.AfterAcknowledgement);
            _failuresInARow = 0;
            if (_isFull)
            {
                _isFull = false;
                Log.StoreHasRoom(logger);
            }

            foreach (var work in works)
            {
                if (work.Deltas.Count > 0 && _leases[work.Partition.Id.Number] is { } lease)
                {
                    _leases[work.Partition.Id.Number] = lease with { CommitSequence = lease.CommitSequence + 1 };
                }

                feed.Publish(work);
                work.Partition.Enqueue(work);
            }

            return true;
        }

        if (commit.Exception?.InnerException is LeaseLostException lost && TryLose(works, lost))
        {
            Recommit(works);
        }
        else if (commit.Exception?.InnerException is StoreFullException full)
        {
            _ = RecommitWhenThereIsRoomAsync(works, full);
        }
        else
        {
            GoDown(commit.Exception?.InnerException ?? new StoreUnavailableException("The commit was cancelled."));
        }

        return false;
    }

    /// <summary>Nothing was written: what the other partitions decided still holds.</summary>
    private void Recommit(List<Work> works)
    {
        if (works.Count == 0)
        {
            PartitionRunner.RunFrom(CommitWhatIsReady(null, goesOn: true));
            return;
        }

        var commit = StartCommit(works);
        commit.GetAwaiter().UnsafeOnCompleted(() => Completed(works, commit));
    }

    /// <summary>Nothing was written, so nothing is unknown: what was decided waits, and nothing is handed out
    /// twice.</summary>
    private async Task RecommitWhenThereIsRoomAsync(List<Work> works, StoreFullException full)
    {
        if (!_isFull)
        {
            _isFull = true;
            Log.StoreFull(logger, full.Message);
        }

        foreach (var partition in partitions)
        {
            partition.PostControl(new RefuseAnswers(Refusals.DiskFull()));
        }

        await Task.Delay(FullPause, time);
        if (_stopped)
        {
            GoDown(full); // It will not be durable, and nobody was told that it is.
        }
        else if (Interlocked.Exchange(ref _failure, null) is { } failure)
        {
            GoDown(failure);
        }
        else
        {
            Recommit(works);
        }
    }

    private bool TryLose(List<Work> works, LeaseLostException lost)
    {
        if (works.RemoveAll(work => work.Partition.Id == lost.Partition) == 0)
        {
            return false;
        }

        Log.LeaseLost(logger, lost.Partition.Number, lost);
        _lost[lost.Partition.Number] = true;
        _leases[lost.Partition.Number] = null;
        partitions[lost.Partition.Number].PostControl(new Drop(Refusals.Stopped(), PartitionPhase.Closed, null));
        return true;
    }

    private bool AnyOffered()
    {
        foreach (var partition in partitions)
        {
            if (partition.HasOffered)
            {
                return true;
            }
        }

        return false;
    }

    private List<Work> TakeOffered()
    {
        var works = new List<Work>(partitions.Count);
        foreach (var partition in partitions)
        {
            if (partition.TakeOffered() is { } work && !_lost[partition.Id.Number])
            {
                works.Add(work);
            }
        }

        return works;
    }

    private Task StartCommit(List<Work> works)
    {
        var batches = ImmutableArray.CreateBuilder<PartitionBatch>(works.Count);
        foreach (var work in works)
        {
            if (work.Deltas.Count > 0 && _leases[work.Partition.Id.Number] is { } lease)
            {
                batches.Add(new PartitionBatch(lease, [.. work.Deltas]));
            }
        }

        if (batches.Count == 0)
        {
            return Task.CompletedTask;
        }

        CrashPoints.Pass(CrashPoint.BeforeSend);
        try
        {
            return store.CommitAsync(new LaneBatch(batches.DrainToImmutable()), CancellationToken.None);
        }
        catch (Exception e)
        {
            return Task.FromException(e);
        }
    }

    private void GoDown(Exception reason)
    {
        Volatile.Write(ref _state, Down);
        Log.LaneDown(logger, reason);
        _ = RecoverAsync(Refusals.StoreFailed(reason));
    }

    private async Task RecoverAsync(Exception refusal)
    {
        var dropped = new List<Task>();
        foreach (var partition in partitions.Where(partition => !_lost[partition.Id.Number]))
        {
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            dropped.Add(done.Task);
            partition.PostControl(new Drop(refusal, PartitionPhase.Recovering, done));
        }

        foreach (var done in dropped)
        {
            await done;
        }

        while (!_stopped)
        {
            // A store that fails again and again must not make us hand the same tasks out again and again.
            await Task.Delay(DelayBeforeRecovery(), time);
            try
            {
                await TakePartitionsAsync(CancellationToken.None);
                Log.LaneRecovered(logger);
                return;
            }
            catch (Exception e)
            {
                Log.RecoveryFailed(logger, e);
            }
        }
    }

    private TimeSpan DelayBeforeRecovery()
    {
        var failures = _failuresInARow++;
        var delay = failures == 0 ? 0 : 50 * Math.Pow(2, Math.Min(failures, 10));
        return TimeSpan.FromMilliseconds(Math.Min(delay, RecoveryDelayMax.TotalMilliseconds));
    }

    private sealed class Recovered(IReadOnlyList<ExecutionId> active) : ControlMessage
    {
        public override void Handle(Partition partition) => partition.Recover(active);
    }

    private sealed class RefuseAnswers(Exception reason) : ControlMessage
    {
        public override void Handle(Partition partition) => partition.RefuseAnswers(reason);
    }

    private sealed class Drop(Exception reason, PartitionPhase next, TaskCompletionSource? done) : ControlMessage
    {
        public override void Handle(Partition partition)
        {
            partition.Drop(reason, next);
            _ = done?.TrySetResult();
        }
    }
}

using Lungfish.Engine.Faults;
using Lungfish.Engine.Timing;

namespace Lungfish.Engine.Partitions;

/// <summary>What a partition has decided and the store does not have yet, with all that waits for it to be durable:
/// changes of this run, the work that the lane may take, and the work that it commits.</summary>
/// <remarks>Touched on the partition's turn only, but for what the lane takes.</remarks>
internal sealed class Uncommitted(Partition partition)
{
    /// <summary>How late at most a change becomes durable that nobody waits for.</summary>
    private const long LingersMs = 50;

    // What this run has changed, and what waits for it.
    private readonly List<Resident> _dirty = [];
    private readonly List<HeldEffect> _held = [];

    // Changes that nobody waits for, oldest first. Some may have gone meanwhile, with later ones of their execution.
    private readonly Queue<(Resident Resident, long UntilMs)> _lingering = [];

    // Sealed and not yet durable, in order: at most one that the lane commits, and one that it has not taken yet.
    private readonly List<Work> _outstanding = [];
    private Work? _offered;

    public bool HasOffered => Volatile.Read(ref _offered) is not null;

    public bool AnyOutstanding => _outstanding.Count > 0;

    /// <summary>The lane takes what is ready, or null. Called from the lane's thread.</summary>
    public Work? TakeOffered() => Interlocked.Exchange(ref _offered, null);

    /// <summary>When changes that linger must go.</summary>
    public long NextDueMs => _lingering.TryPeek(out var first) ? first.UntilMs : WakeIndex.Never;

    /// <summary>Says that the execution has changes.</summary>
    /// <param name="resident">The execution.</param>
    /// <param name="canLinger">They go with the next ones of this execution, or a moment later.</param>
    /// <returns>False if that was known.</returns>
    public bool Add(Resident resident, bool canLinger = false)
    {
        var isNew = !resident.IsDirty;
        if (isNew && canLinger)
        {
            resident.Lingers = true;
            _lingering.Enqueue((resident, partition.NowMs + LingersMs));
        }
        else if (isNew || (resident.Lingers && !canLinger))
        {
            resident.Lingers = false;
            _dirty.Add(resident);
        }

        resident.IsDirty = true;
        return isNew;
    }

    /// <summary>What has lingered until that moment goes with the next commit.</summary>
    public void EndLingering(long nowMs)
    {
        while (_lingering.TryPeek(out var first) && (first.UntilMs <= nowMs || !first.Resident.Lingers))
        {
            _ = _lingering.Dequeue();
            if (first.Resident.Lingers)
            {
                _ = Add(first.Resident);
            }
        }
    }

    /// <summary>Lets an effect leave once all that is known of this execution is durable.</summary>
    public void Hold(Resident resident, IHeld effect)
    {
        if (resident.IsDirty)
        {
            _ = Add(resident); // Now somebody waits.
            _held.Add(new HeldEffect(resident, effect));
        }
        else if (resident.Work is { } work)
        {
            work.Held.Add(new HeldEffect(resident, effect));
        }
        else
        {
            effect.Release(partition);
        }
    }

    /// <summary>Lets an effect leave once all that was decided in this partition is durable.</summary>
    public void HoldForAll(IHeld effect)
    {
        EndLingering(long.MaxValue);
        if (_dirty.Count > 0)
        {
            _held.Add(new HeldEffect(null, effect));
        }
        else if (_outstanding.Count > 0)
        {
            _outstanding[^1].Held.Add(new HeldEffect(null, effect));
        }
        else
        {
            effect.Release(partition);
        }
    }

    /// <summary>Encodes what this run has changed and offers it to the lane.</summary>
    /// <returns>False if there was nothing.</returns>
    public bool Seal()
    {
        if (_dirty.Count == 0)
        {
            return false;
        }

        // What was offered before and not taken yet is taken back, so that it goes in one commit with this.
        var work = TakeOffered();
        if (work is null)
        {
            work = new Work(partition);
            _outstanding.Add(work);
        }

        foreach (var resident in _dirty)
        {
            resident.IsDirty = false;
            try
            {
                Seal(resident, work);
                partition.Sealed(resident, work);
            }
            catch (Exception e)
            {
                partition.SetAside(resident, e);
                CancelHeldOf(resident, Refusals.SetAside(resident.Arn, e));
            }
        }

        _dirty.Clear();
        work.Held.AddRange(_held);
        _held.Clear();
        _ = Interlocked.Exchange(ref _offered, work);
        return true;
    }

    /// <summary>What the lane committed is durable: lets go what waited for it.</summary>
    /// <returns>False if it was dropped meanwhile.</returns>
    public bool Committed(Work work)
    {
        if (!_outstanding.Remove(work))
        {
            return false;
        }

        foreach (var resident in work.Residents)
        {
            if (resident.Work == work)
            {
                resident.Work = null;
                resident.Committed();
            }
        }

        foreach (var (owner, effect) in work.Held)
        {
            try
            {
                effect.Release(partition);
                CrashPoints.Pass(CrashPoint.BetweenEffects);
            }
            catch (Exception e) when (owner is not null)
            {
                partition.SetAside(owner, e);
            }
        }

        return true;
    }

    /// <summary>Nobody waits for a store without room: those who ask for something are told to ask again. What was
    /// decided stays, and so do the effects that follow from it.</summary>
    public void RefuseAnswers(Exception reason)
    {
        Refuse(_held);
        _outstanding.ForEach(work => Refuse(work.Held));

        void Refuse(List<HeldEffect> held)
        {
            foreach (var answer in held.Where(static one => one.Effect is IHeldAnswer))
            {
                answer.Effect.Cancel(reason);
            }

            _ = held.RemoveAll(static one => one.Effect is IHeldAnswer);
        }
    }

    /// <summary>Forgets it all: it may never become durable.</summary>
    public void Drop(Exception reason)
    {
        _ = TakeOffered();
        foreach (var held in _outstanding.SelectMany(work => work.Held).Concat(_held))
        {
            held.Effect.Cancel(reason);
        }

        _outstanding.Clear();
        _held.Clear();
        _dirty.Clear();
        _lingering.Clear();
    }

    private static void Seal(Resident resident, Work work)
    {
        if (resident.Work == work)
        {
            work.Deltas[resident.PlaceInWork] = resident.Seal(work.Deltas[resident.PlaceInWork]);
            return;
        }

        var delta = resident.Seal(null);
        resident.Work = work;
        resident.PlaceInWork = work.Deltas.Count;
        work.Deltas.Add(delta);
        work.Residents.Add(resident);
    }

    private void CancelHeldOf(Resident resident, Exception reason)
    {
        foreach (var held in _held.Where(held => held.Owner == resident))
        {
            held.Effect.Cancel(reason);
        }

        _ = _held.RemoveAll(held => held.Owner == resident);
    }
}

using System.Collections.Concurrent;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Storage;
using Lungfish.Engine.Timing;
using Microsoft.Extensions.Logging;

namespace Lungfish.Engine.Partitions;

/// <summary>What the partitions of a lane share.</summary>
internal sealed record PartitionServices
{
    public required IStore Store { get; init; }

    public required IResidentLoader Loader { get; init; }

    public required EngineClock Clock { get; init; }

    public required EngineOptions Options { get; init; }

    public required ILogger Logger { get; init; }
}

internal enum PartitionPhase
{
    /// <summary>Owns nothing: messages wait until the store has been read.</summary>
    Recovering,

    Running,

    /// <summary>Another owner has it, or the engine stopped: messages are refused.</summary>
    Closed,
}

/// <summary>A range of slots and their executions: takes one message at a time, decides, and hands the lane what came
/// of it. Nothing leaves before the lane says that it is durable.</summary>
/// <remarks>Single-threaded without a thread: whoever posts to an idle partition runs it. No locks inside.</remarks>
internal sealed class Partition : IThreadPoolWorkItem, ISleeper
{
    /// <summary>Messages handled before the changes go to the lane and others get the thread.</summary>
    private const int TurnsMax = 256;

    private readonly PartitionServices _services;
    private readonly Inbox _inbox;
    private readonly ConcurrentQueue<ControlMessage> _control = new();
    private readonly ResidentCache _residents;
    private readonly PartitionReads _reads;
    private readonly WakeSchedule _wakes;
    private readonly Waiters _waiters = new();

    // Executions that hit a bug of ours, with the reason: left alone until the next start.
    private readonly Dictionary<Guid, string> _setAside = [];

    // What this run has changed, and what waits for it.
    private readonly List<Resident> _dirty = [];
    private readonly List<HeldEffect> _held = [];

    // Sealed and not yet durable, in order: at most one that the lane commits, and one that it has not taken yet.
    private readonly List<Work> _outstanding = [];
    private Work? _offered;
    private Lane? _lane;
    private AlarmClock? _alarm;
    private TaskCompletionSource? _drained;
    private int _scheduled;
    private volatile PartitionPhase _phase = PartitionPhase.Recovering;
    private long _nextDueMs = WakeIndex.Never;

    public Partition(PartitionId id, SlotRange slots, PartitionServices services)
    {
        Id = id;
        Slots = slots;
        _services = services;
        var options = services.Options;
        _inbox = new Inbox(options.InboxItemsMax, options.InboxBytesMax);
        _residents = new ResidentCache(Math.Max(1, options.RestingExecutionsMax / options.PartitionCount));
        _reads = new PartitionReads(this, services);
        _wakes = new WakeSchedule(this, services);
    }

    public PartitionId Id { get; }

    public SlotRange Slots { get; }

    /// <summary>Grows when the memory is dropped: what was under way before means nothing any more.</summary>
    public int Generation { get; private set; }

    public long NowMs => _services.Clock.NowMs;

    public DateTimeOffset Now => _services.Clock.Now;

    public long NextDueMs => Volatile.Read(ref _nextDueMs);

    public ResidentCache Residents => _residents;

    public int LoadsUnderWay => _reads.LoadsUnderWay;

    public Waiters Waiters => _waiters;

    public PartitionPhase Phase => _phase;

    /// <summary>True when the engine stops: nothing new is handed out.</summary>
    public bool IsDraining => _drained is not null;

    public void Connect(Lane lane, AlarmClock alarm)
    {
        _lane = lane;
        _alarm = alarm;
    }

    /// <summary>Posts a request; runs the partition on this thread if nobody else does.</summary>
    /// <exception cref="ApiException">Throttled, or the partition is closed.</exception>
    public void Post(PartitionMessage message)
    {
        if (_phase == PartitionPhase.Closed || IsDraining)
        {
            throw Refusals.Stopped();
        }

        _inbox.Add(message);
        Start(inline: true);
    }

    /// <summary>Posts what the engine itself has begun and cannot be refused.</summary>
    public void PostInternal(PartitionMessage message)
    {
        _inbox.AddUncounted(message);
        Start(inline: false);
    }

    public void PostControl(ControlMessage message)
    {
        Enqueue(message);
        Start(inline: false);
    }

    /// <summary>Adds a control message without running the partition; <see cref="Start"/> must follow.</summary>
    public void Enqueue(ControlMessage message) => _control.Enqueue(message);

    public void Start(bool inline)
    {
        if (Interlocked.CompareExchange(ref _scheduled, 1, 0) != 0)
        {
            return;
        }

        if (inline)
        {
            Execute();
        }
        else
        {
            _ = ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    void ISleeper.WakeUp() => Start(inline: false);

    /// <summary>One run; whoever calls it has set the scheduled flag.</summary>
    public void Execute()
    {
        try
        {
            Run();
        }
        catch (Exception e)
        {
            // A bug of the shell itself: what is in memory cannot be trusted, what is in the store can.
            Log.PartitionFailed(_services.Logger, Id.Number, e);
            _lane?.Fail(e);
        }

        PublishNextDue();
        _ = Interlocked.Exchange(ref _scheduled, 0);
        if (HasSomethingToDo() && Interlocked.CompareExchange(ref _scheduled, 1, 0) == 0)
        {
            _ = ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>The lane takes what is ready, or null. Called from the lane's thread.</summary>
    public Work? TakeOffered() => Interlocked.Exchange(ref _offered, null);

    public bool HasOffered => Volatile.Read(ref _offered) is not null;

    /// <summary>Lets an effect leave once all that is known of this execution is durable.</summary>
    public void Hold(Resident resident, IHeld effect)
    {
        if (resident.IsDirty)
        {
            _held.Add(new HeldEffect(resident, effect));
        }
        else if (resident.Work is { } work)
        {
            work.Held.Add(new HeldEffect(resident, effect));
        }
        else
        {
            effect.Release(this);
        }
    }

    /// <summary>Lets an effect leave once all that was decided in this partition is durable.</summary>
    public void HoldForAll(IHeld effect)
    {
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
            effect.Release(this);
        }
    }

    /// <summary>Says that the execution has changes; it is in memory from now on if it was not.</summary>
    public void MarkDirty(Resident resident)
    {
        if (!resident.IsDirty)
        {
            resident.IsDirty = true;
            _dirty.Add(resident);
            _residents.KeepInMemory(resident);
        }
    }

    public void WakeResident(Resident resident)
    {
        resident.WakeUp(this);
        if (!resident.IsDirty)
        {
            _wakes.Arm(resident); // It was woken early: the next time, then.
        }
    }

    /// <summary>Something went wrong that may be better in a second.</summary>
    public void WakeLater(ExecutionId id)
    {
        if (!_setAside.ContainsKey(id.Uuid))
        {
            _wakes.WakeLater(id);
        }
    }

    public bool IsInMemoryOrLoading(Guid uuid) => _residents.TryGet(uuid, out _) || _reads.IsLoading(uuid);

    public bool IsSetAside(Guid uuid) => _setAside.ContainsKey(uuid);

    public void Deliver(PartitionMessage message)
    {
        if (message is PartitionRequest request)
        {
            request.Handle(this);
            _inbox.Settle(message);
        }
        else if (message is ExecutionMessage about)
        {
            Route(about);
        }
    }

    public void Deliver(ExecutionMessage message, Resident resident)
    {
        _inbox.Settle(message);
        try
        {
            message.Handle(resident, this);
        }
        catch (Exception e)
        {
            SetAside(resident, e);
            message.Refuse(Refusals.SetAside(resident.Arn, e), this);
            return;
        }

        if (!resident.IsDirty)
        {
            Rest(resident);
        }
    }

    public void DeliverClosed(ExecutionMessage message, ExecutionHeader header)
    {
        _inbox.Settle(message);
        message.HandleClosed(header, this);
    }

    public void DeliverMissing(ExecutionMessage message)
    {
        _inbox.Settle(message);
        try
        {
            message.HandleMissing(this);
        }
        catch (Exception e)
        {
            // Starting an execution hit a bug of ours: it has not begun.
            Log.ExecutionSetAside(_services.Logger, message.Key.ToString() ?? "", e);
            message.Refuse(Refusals.SetAside(message.Key.ToString() ?? "", e), this);
        }
    }

    public void Refuse(ExecutionMessage message, Exception reason)
    {
        _inbox.Settle(message);
        message.Refuse(reason, this);
    }

    /// <summary>Takes an execution that was read from the store into memory.</summary>
    public void Adopt(Resident resident)
    {
        _residents.Add(resident);
        try
        {
            resident.Resume(this);
        }
        catch (Exception e)
        {
            SetAside(resident, e);
            return;
        }

        if (!resident.IsDirty)
        {
            _wakes.Arm(resident);
            Rest(resident);
        }
    }

    /// <summary>Leaves an execution alone that cannot be gone on with; the rest of the partition goes on.</summary>
    public void SetAside(ExecutionId id, string arn, Exception reason)
    {
        Log.ExecutionSetAside(_services.Logger, arn, reason);
        _setAside[id.Uuid] = reason.Message;
        _wakes.Forget(id.Uuid);
    }

    /// <summary>What the lane committed is durable: lets go what waited for it.</summary>
    public void Committed(Work work)
    {
        if (!_outstanding.Remove(work))
        {
            return; // Dropped meanwhile.
        }

        foreach (var resident in work.Residents)
        {
            if (resident.Work == work)
            {
                resident.Work = null;
                resident.Committed();
            }
        }

        foreach (var held in work.Held)
        {
            Release(held);
        }

        foreach (var resident in work.Residents)
        {
            if (resident.IsClosed && resident.Work is null && !resident.IsDirty)
            {
                _residents.Remove(resident);
            }
            else if (!resident.IsDirty)
            {
                Rest(resident);
            }
        }
    }

    /// <summary>Drops all memory: it may not be what the store has.</summary>
    public void Drop(Exception reason, PartitionPhase next)
    {
        if (_phase == PartitionPhase.Closed || IsDraining)
        {
            next = PartitionPhase.Closed; // There is no way back, and nobody will recover what is being stopped.
        }

        _phase = next;
        Generation++;
        _ = TakeOffered();
        foreach (var work in _outstanding)
        {
            CancelAll(work.Held, reason);
        }

        CancelAll(_held, reason);
        foreach (var resident in _residents.All)
        {
            resident.Abandon();
        }

        _outstanding.Clear();
        _held.Clear();
        _dirty.Clear();
        _residents.Clear();
        _wakes.Clear();
        _reads.Drop(reason);
        _waiters.Drop(reason);
        if (next == PartitionPhase.Closed)
        {
            RefuseInbox(reason);
            _ = _drained?.TrySetResult();
        }
    }

    /// <summary>Begins to work on what the store has.</summary>
    /// <param name="active">Executions that had something in flight.</param>
    public void Recover(IReadOnlyList<ExecutionId> active)
    {
        if (_phase == PartitionPhase.Recovering)
        {
            _phase = PartitionPhase.Running;
            _wakes.Begin(active);
        }
    }

    /// <summary>Finishes what is in the inbox and what waits to become durable, then closes.</summary>
    public void Drain(TaskCompletionSource drained)
    {
        _drained = drained;
        if (_phase == PartitionPhase.Closed)
        {
            _ = drained.TrySetResult();
        }
        else if (_phase == PartitionPhase.Recovering)
        {
            Drop(Refusals.Stopped(), PartitionPhase.Closed); // It owns nothing that could become durable.
        }
    }

    private void Run()
    {
        var turns = 0;
        do
        {
            while (_control.TryDequeue(out var control))
            {
                control.Handle(this);
            }

            if (_phase == PartitionPhase.Running)
            {
                if (!IsDraining)
                {
                    _wakes.Run();
                }

                while (turns < TurnsMax && _control.IsEmpty && _inbox.TryTake(out var message))
                {
                    Deliver(message);
                    turns++;
                }
            }
            else if (_phase == PartitionPhase.Closed)
            {
                RefuseInbox(Refusals.Stopped());
            }
        }
        while (turns < TurnsMax && !_control.IsEmpty);

        Seal();
        Evict();
        if (IsDraining && _outstanding.Count == 0 && _inbox.IsEmpty && _control.IsEmpty && !_reads.AnyUnderWay)
        {
            Drop(Refusals.Stopped(), PartitionPhase.Closed);
        }
    }

    private void Route(ExecutionMessage message)
    {
        if (message.Id is { } id)
        {
            if (_residents.TryGet(id.Uuid, out var resident))
            {
                Deliver(message, resident);
            }
            else if (!message.Loads)
            {
                DeliverMissing(message);
            }
            else if (_setAside.TryGetValue(id.Uuid, out var reason))
            {
                Refuse(message, Refusals.SetAside(id.Uuid.ToString(), reason));
            }
            else
            {
                _reads.Load(id, message);
            }
        }
        else if (message.Key is { } key)
        {
            if (_residents.TryGet(key, out var resident))
            {
                Deliver(message, resident);
            }
            else if (!message.Loads || message.IsKnownNew)
            {
                DeliverMissing(message);
            }
            else
            {
                _reads.LookUp(key, message);
            }
        }
    }

    /// <summary>Encodes what this run has changed and offers it to the lane.</summary>
    private void Seal()
    {
        if (_dirty.Count == 0)
        {
            return;
        }

        // What was offered before and not taken yet is taken back, so that it goes in one commit with this.
        var work = TakeOffered();
        if (work is null)
        {
            work = new Work(this);
            _outstanding.Add(work);
        }

        foreach (var resident in _dirty)
        {
            resident.IsDirty = false;
            try
            {
                Seal(resident, work);
            }
            catch (Exception e)
            {
                SetAside(resident, e);
                CancelHeldOf(resident, Refusals.SetAside(resident.Arn, e));
            }
        }

        _dirty.Clear();
        work.Held.AddRange(_held);
        _held.Clear();
        _ = Interlocked.Exchange(ref _offered, work);
        _lane?.Kick();
    }

    private void Seal(Resident resident, Work work)
    {
        if (resident.Work == work)
        {
            work.Deltas[resident.PlaceInWork] = resident.Seal(work.Deltas[resident.PlaceInWork]);
        }
        else
        {
            var delta = resident.Seal(null);
            resident.Work = work;
            resident.PlaceInWork = work.Deltas.Count;
            work.Deltas.Add(delta);
            work.Residents.Add(resident);
        }

        if (resident.IsClosed)
        {
            _wakes.Forget(resident.Id.Uuid);
            _waiters.Answer(resident, work);
        }
        else if (!_setAside.ContainsKey(resident.Id.Uuid))
        {
            _wakes.Arm(resident);
        }
    }

    private void Release(HeldEffect held)
    {
        try
        {
            held.Effect.Release(this);
        }
        catch (Exception e) when (held.Owner is not null)
        {
            SetAside(held.Owner, e);
        }
    }

    /// <summary>Lets an execution that nothing in this process refers to leave memory, by and by.</summary>
    private void Rest(Resident resident)
    {
        if (resident.IsDirty || resident.Work is not null || resident.IsBusy || IsSetAside(resident.Id.Uuid))
        {
            _residents.KeepInMemory(resident);
        }
        else if (_residents.TryGet(resident.Id.Uuid, out _))
        {
            _residents.LetRest(resident, NowMs);
        }
    }

    private void Evict()
    {
        var unusedSince = NowMs - (long)_services.Options.RestingExecutionsKept.TotalMilliseconds;
        while (_residents.TryTakeExcess(unusedSince, out var resident))
        {
            _wakes.LetGo(resident);
        }
    }

    private void SetAside(Resident resident, Exception reason)
    {
        SetAside(resident.Id, resident.Arn, reason);
        resident.Abandon();
        _residents.Remove(resident); // What it was before this message is durable, or will be.
    }

    private void CancelHeldOf(Resident resident, Exception reason)
    {
        foreach (var held in _held.Where(held => held.Owner == resident))
        {
            held.Effect.Cancel(reason);
        }

        _ = _held.RemoveAll(held => held.Owner == resident);
    }

    private static void CancelAll(List<HeldEffect> held, Exception reason)
    {
        foreach (var effect in held)
        {
            effect.Effect.Cancel(reason);
        }
    }

    private void RefuseInbox(Exception reason)
    {
        while (_inbox.TryTake(out var message))
        {
            _inbox.Settle(message);
            message.Refuse(reason, this);
        }
    }

    private void PublishNextDue()
    {
        var due = _phase == PartitionPhase.Running && !IsDraining ? _wakes.NextDueMs : WakeIndex.Never;
        Volatile.Write(ref _nextDueMs, due);
        _alarm?.Ensure(due);
    }

    private bool HasSomethingToDo() =>
        !_control.IsEmpty || (_phase != PartitionPhase.Recovering && !_inbox.IsEmpty);
}

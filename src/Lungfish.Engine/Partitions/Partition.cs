using System.Collections.Concurrent;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Storage;
using Lungfish.Engine.Timing;

namespace Lungfish.Engine.Partitions;

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
    private readonly PartitionReads _reads;
    private readonly WakeSchedules _wakes;

    private readonly Uncommitted _uncommitted;
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
        Surroundings = options.Surroundings;
        _inbox = new Inbox(services.Store, options.InboxItemsMax, options.InboxBytesMax);
        Residents = new ResidentCache(Math.Max(1, options.RestingExecutionsMax / options.PartitionCount));
        _reads = new PartitionReads(this, services);
        Router = new MessageRouter(this, _inbox, _reads, services.Logger);
        _wakes = new WakeSchedules(this, services);
        _uncommitted = new Uncommitted(this);
    }

    public PartitionId Id { get; }

    public SlotRange Slots { get; }

    public Lane? Lane { get; private set; }

    /// <summary>Grows when the memory is dropped: what was under way before means nothing any more.</summary>
    public int Generation { get; private set; }

    public long NowMs => _services.Clock.NowMs;

    public DateTimeOffset Now => _services.Clock.Now;

    public long NextDueMs => Volatile.Read(ref _nextDueMs);

    public ResidentCache Residents { get; }

    public int LoadsUnderWay => _reads.LoadsUnderWay;

    public Waiters Waiters { get; } = new();

    public EngineSurroundings Surroundings { get; }

    public MessageRouter Router { get; }

    public PartitionPhase Phase => _phase;

    /// <summary>True when the engine stops: nothing new is handed out.</summary>
    public bool IsDraining => _drained is not null;

    /// <summary>The store has no room: what is decided now waits until it has.</summary>
    public bool IsStarved => _services.Store.Space == StoreSpace.None;

    /// <summary>It will not take anything again: the engine stops, or another owner has it.</summary>
    public bool IsClosing => IsDraining || _phase == PartitionPhase.Closed;

    public void Connect(Lane lane, AlarmClock alarm)
    {
        Lane = lane;
        _alarm = alarm;
    }

    /// <summary>Posts a request; runs the partition on this thread if nobody else does.</summary>
    /// <param name="message">The request.</param>
    /// <param name="isOneOfMany">More come from the same sender: they are to share a commit, on another thread.</param>
    /// <exception cref="ApiException">Throttled, or the partition is closed.</exception>
    public void Post(PartitionMessage message, bool isOneOfMany = false)
    {
        if (IsClosing)
        {
            throw Refusals.Stopped();
        }

        _inbox.Add(message);
        Start(here: !isOneOfMany);
    }

    /// <summary>Posts what the engine itself has begun and cannot be refused.</summary>
    public void PostInternal(PartitionMessage message, bool runsHere = false)
    {
        _inbox.AddUncounted(message);
        Start(runsHere);
    }

    public void PostControl(ControlMessage message)
    {
        Enqueue(message);
        Start();
    }

    /// <summary>Adds a control message without running the partition; <see cref="Start"/> must follow.</summary>
    public void Enqueue(ControlMessage message) => _control.Enqueue(message);

    /// <summary>Has it run unless it runs.</summary>
    /// <param name="here">On this thread, for as long as one commit takes; else on another one.</param>
    public void Start(bool here = false)
    {
        if (TryReserve())
        {
            PartitionRunner.Start(this, here);
        }
    }

    /// <summary>True: nobody runs it, and whoever called this must.</summary>
    public bool TryReserve() => Interlocked.CompareExchange(ref _scheduled, 1, 0) == 0;

    void ISleeper.WakeUp() => Start();

    void IThreadPoolWorkItem.Execute() => PartitionRunner.RunFrom(this);

    /// <summary>One run; whoever calls it has reserved it.</summary>
    /// <returns>True if it has offered something to the lane.</returns>
    public bool Run()
    {
        var offers = false;
        try
        {
            offers = HandleMessages();
        }
        catch (Exception e)
        {
            // A bug of the shell itself: what is in memory cannot be trusted, what is in the store can.
            Log.PartitionFailed(_services.Logger, Id.Number, e);
            Lane?.Fail(e);
        }

        PublishNextDue();
        _ = Interlocked.Exchange(ref _scheduled, 0);
        if (!_control.IsEmpty || (_phase != PartitionPhase.Recovering && !_inbox.IsEmpty))
        {
            Start();
        }

        return offers;
    }

    public Work? TakeOffered() => _uncommitted.TakeOffered();

    public bool HasOffered => _uncommitted.HasOffered;

    public void Hold(Resident resident, IHeld effect) => _uncommitted.Hold(resident, effect);

    public void HoldForAll(IHeld effect) => _uncommitted.HoldForAll(effect);

    /// <summary>Says that the execution has changes, see <see cref="Uncommitted.Add"/>; it is in memory from now on if
    /// it was not.</summary>
    public void MarkDirty(Resident resident, bool canLinger = false)
    {
        if (_uncommitted.Add(resident, canLinger))
        {
            Residents.KeepInMemory(resident);
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
        if (!IsSetAside(id.Uuid))
        {
            _wakes.WakeLater(id);
        }
    }

    public bool IsInMemoryOrLoading(Guid uuid) => Residents.TryGet(uuid, out _) || _reads.IsLoading(uuid);

    public bool IsSetAside(Guid uuid) => _services.SetAside.Contains(uuid);

    public SetAsideExecution? FindSetAside(Guid uuid) => _services.SetAside.Find(uuid);

    /// <summary>Takes an execution that was read from the store into memory.</summary>
    public void Adopt(Resident resident)
    {
        Residents.Add(resident);
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

    /// <summary>Lets an execution that nothing in this process refers to leave memory, by and by.</summary>
    public void Rest(Resident resident)
    {
        if (resident.IsDirty || resident.Work is not null || resident.IsBusy || IsSetAside(resident.Id.Uuid))
        {
            Residents.KeepInMemory(resident);
        }
        else if (Residents.TryGet(resident.Id.Uuid, out _))
        {
            Residents.LetRest(resident, NowMs);
        }
    }

    /// <summary>Leaves an execution alone that cannot be gone on with; the rest of the partition goes on.</summary>
    public void SetAside(ExecutionId id, string arn, Exception reason)
    {
        Log.ExecutionSetAside(_services.Logger, arn, reason);
        _services.SetAside.Add(id.Uuid, new SetAsideExecution(arn, reason.Message));
        _wakes.Forget(id.Uuid);
    }

    public void SetAside(Resident resident, Exception reason)
    {
        SetAside(resident.Id, resident.Arn, reason);
        resident.Abandon();
        Residents.Remove(resident); // What it was before this message is durable, or will be.
    }

    /// <summary>Its changes are on their way to the store.</summary>
    public void Sealed(Resident resident, Work work)
    {
        if (resident.IsClosed)
        {
            _wakes.Forget(resident.Id.Uuid);
            Waiters.Answer(resident, work);
        }
        else if (!IsSetAside(resident.Id.Uuid))
        {
            _wakes.Arm(resident);
        }
    }

    /// <summary>What the lane committed is durable: lets go what waited for it.</summary>
    public void Committed(Work work)
    {
        if (!_uncommitted.Committed(work))
        {
            return;
        }

        foreach (var resident in work.Residents)
        {
            if (resident.IsClosed && resident.Work is null && !resident.IsDirty)
            {
                Residents.Remove(resident);
            }
            else if (!resident.IsDirty)
            {
                Rest(resident);
            }
        }
    }

    public void RefuseAnswers(Exception reason) => _uncommitted.RefuseAnswers(reason);

    /// <summary>Drops all memory: it may not be what the store has.</summary>
    public void Drop(Exception reason, PartitionPhase next)
    {
        if (IsClosing)
        {
            next = PartitionPhase.Closed; // There is no way back, and nobody will recover what is being stopped.
        }

        _phase = next;
        Generation++;
        _uncommitted.Drop(reason);
        foreach (var resident in Residents.All)
        {
            resident.Abandon();
        }

        Residents.Clear();
        _wakes.Clear();
        _reads.Drop(reason);
        Waiters.Drop(reason);
        if (next == PartitionPhase.Closed)
        {
            Router.RefuseAll(reason);
            _ = _drained?.TrySetResult();
        }
    }

    /// <summary>Begins to work on what the store has: <paramref name="active"/> had something in flight.</summary>
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

    /// <returns>True if it has offered something to the lane.</returns>
    private bool HandleMessages()
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
                while (turns < TurnsMax && _control.IsEmpty && _inbox.TryTake(out var message))
                {
                    Router.Deliver(message);
                    turns++;
                }
            }
            else if (_phase == PartitionPhase.Closed)
            {
                Router.RefuseAll(Refusals.Stopped());
            }
        }
        while (turns < TurnsMax && !_control.IsEmpty);

        // Once a run: a store that reads at once makes room for the next ones while these are not even sealed.
        if (_phase == PartitionPhase.Running && !IsDraining)
        {
            _wakes.Run();
        }

        _uncommitted.EndLingering(IsDraining ? long.MaxValue : NowMs);
        var offers = _uncommitted.Seal();
        Evict();
        if (IsDraining && !_uncommitted.AnyOutstanding && _inbox.IsEmpty && _control.IsEmpty && !_reads.AnyUnderWay)
        {
            Drop(Refusals.Stopped(), PartitionPhase.Closed);
        }

        return offers;
    }

    private void Evict()
    {
        var unusedSince = NowMs - (long)_services.Options.RestingExecutionsKept.TotalMilliseconds;
        while (Residents.TryTakeExcess(unusedSince, out var resident))
        {
            _wakes.LetGo(resident);
        }
    }

    private void PublishNextDue()
    {
        var due = _phase == PartitionPhase.Running && !IsDraining
            ? Math.Min(_wakes.NextDueMs, _uncommitted.NextDueMs)
            : WakeIndex.Never;
        _ = Interlocked.Exchange(ref _nextDueMs, due);
        _alarm?.Ensure(due);
    }
}

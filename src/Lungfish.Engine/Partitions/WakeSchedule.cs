using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Storage;
using Lungfish.Engine.Timing;

namespace Lungfish.Engine.Partitions;

/// <summary>When to wake which execution of one kind. Of those that sleep in the store only the near future is in
/// memory, and of that only so many.</summary>
/// <param name="mayWake">False while those that were woken have more to do than can be done.</param>
internal sealed class WakeSchedule(
    Partition partition, PartitionServices services, ExecutionKind kind, Func<bool> mayWake)
{
    private const int ReadMax = 20_000;
    private const int ReadAgainBelow = 1_000;
    private const int WakesPerRunMax = 128;
    private const int LoadsMax = 64;
    private const long HorizonMs = 120_000;
    private const long RetryMs = 1_000;
    private const long SecondMs = 1_000;

    private readonly WakeIndex _index = new();

    // All sleepers that are due before the horizon are in the index.
    private long _horizonMs = 0;

    // While a read is under way: where the horizon will be. What is armed below it stays in the index.
    private long _nextHorizonMs = 0;
    private bool _isReading;
    private bool _wasCut;
    private long _notBeforeMs;

    private long KeepBeforeMs => Math.Max(_horizonMs, _nextHorizonMs);

    /// <summary>When the partition must run again for its timers' sake.</summary>
    public long NextDueMs
    {
        get
        {
            // A finished load runs the partition anyway, and so does the end of what keeps it from waking.
            var due = LoadsLeft > 0 && mayWake() ? _index.NextDueMs : WakeIndex.Never;
            return _isReading ? due : Math.Min(due, Math.Max(NextReadMs, _notBeforeMs));
        }
    }

    private int LoadsLeft => LoadsMax - partition.LoadsUnderWay;

    // After a cut read: not before those of its last second are taken, the next would find the same ones again.
    private long NextReadMs => !_wasCut
        ? _horizonMs - (HorizonMs / 2)
        : _index.Count < ReadAgainBelow || _index.NextDueMs >= _horizonMs + SecondMs ? 0 : WakeIndex.Never;

    public void Begin(IReadOnlyList<ExecutionId> active)
    {
        var now = partition.NowMs;
        foreach (var id in active)
        {
            _index.Set(id, now); // Waking loads it, and loading hands out what is in flight.
        }

        _horizonMs = now;
    }

    public void Clear()
    {
        _index.Clear();
        _horizonMs = 0;
        _nextHorizonMs = 0;
        _isReading = false;
        _wasCut = false;
    }

    public void Arm(Resident resident)
    {
        if (resident.NextDueMs == WakeIndex.Never)
        {
            _index.Remove(resident.Id.Uuid);
        }
        else
        {
            _index.Set(resident.Id, resident.NextDueMs);
        }
    }

    public void Forget(Guid uuid) => _index.Remove(uuid);

    public void WakeLater(ExecutionId id) => _index.SetEarlier(id, partition.NowMs + RetryMs);

    /// <summary>The execution left memory: the store knows when to wake it, if that is far enough away.</summary>
    public void LetGo(Resident resident)
    {
        if (resident.IsParked && resident.NextDueMs >= KeepBeforeMs)
        {
            _index.Remove(resident.Id.Uuid);
        }
    }

    /// <summary>Wakes what is due, in bounded numbers, and reads on where the index runs dry.</summary>
    public void Run()
    {
        var now = partition.NowMs;
        for (var i = 0; i < WakesPerRunMax && LoadsLeft > 0 && mayWake() && _index.TryTakeDue(now, out var id); i++)
        {
            partition.Router.Deliver(new Wake(id));
        }

        if (!_isReading && now >= Math.Max(NextReadMs, _notBeforeMs))
        {
            _isReading = true;
            _nextHorizonMs = now + HorizonMs;
            _ = ReadAsync(_nextHorizonMs, partition.Generation);
        }
    }

    private async Task ReadAsync(long beforeMs, int generation)
    {
        IReadOnlyList<Wakeup>? wakeups = null;
        try
        {
            wakeups = await services.Store.ReadWakeupsAsync(
                partition.Slots,
                kind,
                DateTimeOffset.FromUnixTimeMilliseconds(beforeMs),
                ReadMax,
                CancellationToken.None);
        }
        catch (Exception e)
        {
            Log.WakeupsNotRead(services.Logger, partition.Id.Number, e);
        }

        partition.PostControl(new WakeupsRead(this, generation, wakeups));
    }

    private void Finish(IReadOnlyList<Wakeup>? wakeups)
    {
        _isReading = false;
        if (wakeups is null)
        {
            _nextHorizonMs = 0;
            _notBeforeMs = partition.NowMs + RetryMs;
            return;
        }

        foreach (var (id, wakeAt) in wakeups)
        {
            // Of those in memory we know better than what the store had a moment ago.
            if (!partition.IsInMemoryOrLoading(id.Uuid) && !partition.IsSetAside(id.Uuid))
            {
                _index.SetEarlier(id, wakeAt.ToUnixTimeMilliseconds());
            }
        }

        // A cut answer may lack others of its last second.
        _wasCut = wakeups.Count >= ReadMax;
        _horizonMs = _wasCut ? wakeups[^1].WakeAt.ToUnixTimeSeconds() * SecondMs : _nextHorizonMs;
        _nextHorizonMs = 0;
    }

    private sealed class WakeupsRead(WakeSchedule schedule, int generation, IReadOnlyList<Wakeup>? wakeups)
        : ControlMessage
    {
        public override void Handle(Partition partition)
        {
            if (partition.Generation == generation)
            {
                schedule.Finish(wakeups);
            }
        }
    }
}

namespace Lungfish.Engine.Timing;

/// <summary>What the alarm clock wakes.</summary>
internal interface ISleeper
{
    /// <summary>When it wants to be woken; read from any thread.</summary>
    long NextDueMs { get; }

    void WakeUp();
}

/// <summary>The one timer of the engine: it wakes the partitions that have something due.</summary>
internal sealed class AlarmClock : IDisposable
{
    // Timers of the system count seconds that go by while it is awake. When somebody sets the clock ahead, or the
    // machine has slept, what is due by then is seen when the timer rings next.
    private const long LookAgainMs = 15_000;

    private readonly EngineClock _clock;
    private readonly IReadOnlyList<ISleeper> _sleepers;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private long _armedForMs = WakeIndex.Never;
    private bool _disposed;

    public AlarmClock(TimeProvider time, EngineClock clock, IReadOnlyList<ISleeper> sleepers)
    {
        _clock = clock;
        _sleepers = sleepers;
        _timer = time.CreateTimer(
            static state => ((AlarmClock?)state)?.Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Makes sure that the clock rings at that moment or before it. A sleeper has published it before, with a
    /// full fence.</summary>
    public void Ensure(long dueMs)
    {
        if (dueMs >= Volatile.Read(ref _armedForMs))
        {
            return;
        }

        lock (_lock)
        {
            if (dueMs < _armedForMs && !_disposed)
            {
                Volatile.Write(ref _armedForMs, dueMs);
                var delay = Math.Clamp(dueMs - _clock.NowMs, 1, LookAgainMs);
                _ = _timer.Change(TimeSpan.FromMilliseconds(delay), Timeout.InfiniteTimeSpan);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
        }

        _timer.Dispose();
    }

    private void Ring()
    {
        lock (_lock)
        {
            // A full fence, as sleepers have one between their next moment and their look at this: else each could miss
            // what the other has just written, and nobody would ring.
            _ = Interlocked.Exchange(ref _armedForMs, WakeIndex.Never);
        }

        var now = _clock.NowMs;
        var next = WakeIndex.Never;
        foreach (var sleeper in _sleepers)
        {
            var due = sleeper.NextDueMs;
            if (due <= now)
            {
                sleeper.WakeUp();
            }
            else
            {
                next = Math.Min(next, due);
            }
        }

        if (next != WakeIndex.Never)
        {
            Ensure(next);
        }
    }
}

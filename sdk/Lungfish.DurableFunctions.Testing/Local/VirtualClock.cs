using System.Diagnostics.CodeAnalysis;

namespace Lungfish.DurableFunctions.Testing;

/// <summary>
/// A clock that stands still until somebody moves it. The test runner moves it over waits, retry delays and time-outs;
/// a step that is to take time moves it with <see cref="Advance"/>. Its timers fire in the order in which they are due.
/// </summary>
/// <remarks>Safe to use from several threads.</remarks>
public sealed class VirtualClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<VirtualTimer, (DateTimeOffset DueAt, long Order)> _timers = new();
    private DateTimeOffset _now;
    private long _order;

    /// <summary>Makes one that shows <paramref name="start"/>.</summary>
    /// <param name="start">The first moment; kept in UTC.</param>
    public VirtualClock(DateTimeOffset start) => _now = start.ToUniversalTime();

    /// <summary>Ticks a second, as <see cref="TimeSpan"/> counts them.</summary>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>UTC, so that tests do not depend on where they run.</summary>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>The moment that the clock shows.</summary>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    /// <summary>The moment that the clock shows, in ticks.</summary>
    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    /// <summary>Makes a timer that fires when the clock is moved to or past its time.</summary>
    /// <param name="callback">Called by whoever moves the clock.</param>
    /// <param name="state">Handed to the callback.</param>
    /// <param name="dueTime">From now; infinite: not before it is changed.</param>
    /// <param name="period">From then on; infinite: once.</param>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock, firing on the way what falls due.</summary>
    /// <param name="by">Zero or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">Less than zero: time does not run backwards.</exception>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        AdvanceTo(GetUtcNow() + by);
    }

    internal void AdvanceTo(DateTimeOffset moment)
    {
        while (TryTakeDue(moment, out var timer))
        {
            timer.Fire();
        }

        lock (_gate)
        {
            _now = moment > _now ? moment : _now;
        }
    }

    private bool TryTakeDue(DateTimeOffset moment, [NotNullWhen(true)] out VirtualTimer? timer)
    {
        lock (_gate)
        {
            while (_timers.TryPeek(out timer, out var place) && place.DueAt <= moment)
            {
                _timers.Dequeue();

                // A timer that was changed or disposed leaves its old place behind.
                if (timer.Order == place.Order)
                {
                    _now = place.DueAt > _now ? place.DueAt : _now;
                    timer.Order = 0;
                    if (timer.Period is { } period)
                    {
                        Schedule(timer, _now + period);
                    }

                    return true;
                }
            }
        }

        timer = null;
        return false;
    }

    private void Schedule(VirtualTimer timer, DateTimeOffset dueAt)
    {
        timer.Order = ++_order;
        _timers.Enqueue(timer, (dueAt, timer.Order));
    }

    private sealed class VirtualTimer(VirtualClock clock, TimerCallback callback, object? state) : ITimer
    {
        // As the timers of the system do: the callback sees the async locals of whoever made the timer.
        private readonly ExecutionContext? _flow = ExecutionContext.Capture();
        private bool _isDisposed;

        /// <summary>Tells its valid place in the queue; 0: it has none.</summary>
        public long Order { get; set; }

        public TimeSpan? Period { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                if (_isDisposed)
                {
                    return false;
                }

                Order = 0;
                Period = period > TimeSpan.Zero ? period : null;
                if (dueTime == Timeout.InfiniteTimeSpan)
                {
                    return true;
                }

                if (dueTime > TimeSpan.Zero)
                {
                    clock.Schedule(this, clock._now + dueTime);
                    return true;
                }

                if (Period is { } next)
                {
                    clock.Schedule(this, clock._now + next);
                }
            }

            // Due at once, yet not on the thread that asks: it may hold a lock that the callback wants.
            ThreadPool.UnsafeQueueUserWorkItem(static timer => timer.Fire(), this, preferLocal: false);
            return true;
        }

        public void Fire()
        {
            if (_flow is null)
            {
                callback(state);
                return;
            }

            ExecutionContext.Run(_flow, _ => callback(state), state: null);
        }

        public void Dispose()
        {
            lock (clock._gate)
            {
                _isDisposed = true;
                Order = 0;
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

namespace Lungfish.Simulation.Scheduling;

/// <summary>Virtual time. Timers belong to the process that makes them, and end with it.</summary>
internal sealed class SimTime(Scheduler scheduler) : TimeProvider
{
    private static readonly DateTimeOffset s_start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private TimeSpan _wallOffset;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => s_start + _wallOffset + TimeSpan.FromTicks(scheduler.NowTicks);

    public override long GetTimestamp() => scheduler.NowTicks;

    /// <summary>Somebody sets the machine's clock; no time passes.</summary>
    public void SetWallClock(TimeSpan by) => _wallOffset += by;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(scheduler, SimContext.Here, callback, state);
        _ = timer.Change(dueTime, period);
        return timer;
    }

    private sealed class VirtualTimer(
        Scheduler scheduler, SimContext context, TimerCallback callback, object? state) : ITimer
    {
        private Alarm? _alarm;
        private bool _disposed;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (period != Timeout.InfiniteTimeSpan && period != TimeSpan.Zero)
            {
                throw new NotSupportedException("Nothing here uses periodic timers.");
            }

            Cancel();
            if (_disposed || dueTime == Timeout.InfiniteTimeSpan)
            {
                return !_disposed;
            }

            var alarm = new Alarm(Ring);
            _alarm = alarm;
            scheduler.SetAlarm(alarm, scheduler.NowTicks + dueTime.Ticks);
            return true;
        }

        public void Dispose()
        {
            Cancel();
            _disposed = true;
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Ring() => context.Post(static timer => ((VirtualTimer?)timer)?.Call(), this);

        private void Call()
        {
            if (!_disposed)
            {
                callback(state);
            }
        }

        private void Cancel()
        {
            if (_alarm is { } alarm)
            {
                alarm.IsCancelled = true;
                _alarm = null;
            }
        }
    }
}

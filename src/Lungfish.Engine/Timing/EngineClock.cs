namespace Lungfish.Engine.Timing;

/// <summary>The engine's time: whole milliseconds that never run backwards, whatever is done to the machine's
/// clock.</summary>
/// <remarks>Rounded down, so that nothing that is due at a moment is done before it. Where the wall clock is set ahead,
/// this one follows; where it is set back, this one goes on by the monotonic clock.</remarks>
internal sealed class EngineClock(TimeProvider time)
{
    private const long StepMs = 1_000; // Less is the slow correction that time servers make all the time.

    private Anchor _anchor = new(time.GetUtcNow().ToUnixTimeMilliseconds(), time.GetTimestamp());
    private long _seenMs;

    public DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(NowMs);

    public long NowMs
    {
        get
        {
            var anchor = Volatile.Read(ref _anchor);
            var monotonic = anchor.Ms + (long)time.GetElapsedTime(anchor.Timestamp).TotalMilliseconds;
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            if (now < monotonic)
            {
                now = monotonic; // Timers must not wait for the wall clock to catch up.
            }
            else if (now > monotonic + StepMs)
            {
                // From here on, or all would stand still if the wall clock is set right again.
                _ = Interlocked.CompareExchange(ref _anchor, new Anchor(now, time.GetTimestamp()), anchor);
            }

            var seen = Volatile.Read(ref _seenMs);
            while (now > seen)
            {
                var before = Interlocked.CompareExchange(ref _seenMs, now, seen);
                if (before == seen)
                {
                    return now;
                }

                seen = before;
            }

            return seen;
        }
    }

    private sealed record Anchor(long Ms, long Timestamp);
}

namespace Lungfish.Engine.Timing;

/// <summary>The engine's time: whole milliseconds that never run backwards, whatever is done to the machine's
/// clock.</summary>
/// <remarks>Rounded down, so that nothing that is due at a moment is done before it.</remarks>
internal sealed class EngineClock(TimeProvider time)
{
    private readonly long _startMs = time.GetUtcNow().ToUnixTimeMilliseconds();
    private readonly long _startTimestamp = time.GetTimestamp();
    private long _seenMs;

    public DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(NowMs);

    public long NowMs
    {
        get
        {
            // The monotonic clock goes on where the wall clock was set back; timers must not wait for it to catch up.
            var monotonic = _startMs + (long)time.GetElapsedTime(_startTimestamp).TotalMilliseconds;
            var now = Math.Max(time.GetUtcNow().ToUnixTimeMilliseconds(), monotonic);
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
}

namespace Lungfish.Engine.Timing;

internal static class LongWaits
{
    /// <summary>Until who waited in memory that was dropped asks again.</summary>
    public static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(100);

    /// <summary>What is left of the time to wait, within what a timer can count; negative means without end.</summary>
    public static TimeSpan Left(TimeSpan atMost, TimeSpan elapsed) => atMost < TimeSpan.Zero
        ? Timeout.InfiniteTimeSpan
        : TimeSpan.FromTicks(Math.Clamp((atMost - elapsed).Ticks, 0, 40 * TimeSpan.TicksPerDay));
}

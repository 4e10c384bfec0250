namespace Lungfish.Engine.Timing;

internal static class DueTimes
{
    /// <summary>In milliseconds since 1970, rounded up: a timer with a fraction of one must not be looked at before it
    /// is due.</summary>
    public static long ToMs(DateTimeOffset due) =>
        (due.UtcTicks - DateTimeOffset.UnixEpoch.Ticks + TimeSpan.TicksPerMillisecond - 1)
        / TimeSpan.TicksPerMillisecond;
}

namespace Lungfish.Durable;

/// <summary>Times as they are kept in memory: UTC ticks, 0 for none. A nullable time takes three times the room, and
/// there may be executions by the hundred thousand.</summary>
internal static class Moment
{
    public static long ToTicks(DateTimeOffset? time) => time?.UtcTicks ?? 0;

    public static DateTimeOffset? ToTime(long ticks) => ticks == 0 ? null : new DateTimeOffset(ticks, TimeSpan.Zero);
}

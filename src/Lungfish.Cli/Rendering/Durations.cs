namespace Lungfish.Cli.Rendering;

internal static class Durations
{
    /// <summary>Two units at most: 812 ms, 4.2 s, 3 m 05 s, 2 h 10 m, 12 d 4 h.</summary>
    public static string Text(TimeSpan duration)
    {
        var time = duration < TimeSpan.Zero ? TimeSpan.Zero : duration;
        return time switch
        {
            { TotalMilliseconds: < 1000 } => $"{(int)time.TotalMilliseconds} ms",
            { TotalSeconds: < 10 } => $"{Math.Floor(time.TotalSeconds * 10) / 10:0.0} s",
            { TotalSeconds: < 60 } => $"{(int)time.TotalSeconds} s",
            { TotalMinutes: < 60 } => $"{(int)time.TotalMinutes} m {time.Seconds:00} s",
            { TotalHours: < 24 } => $"{(int)time.TotalHours} h {time.Minutes:00} m",
            _ => $"{(int)time.TotalDays} d {time.Hours} h",
        };
    }
}

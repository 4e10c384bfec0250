using System.Diagnostics;

namespace Lungfish.Tests.Shared;

/// <summary>Waits for what another process does, where no event tells of it: often at first, and never for
/// ever.</summary>
internal static class Poll
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMilliseconds(200);

    public static Task UntilAsync(Func<Task<bool>> condition, TimeSpan timeout, string awaited) =>
        UntilAsync(condition, timeout, () => awaited);

    /// <param name="awaited">What was not there in time, and perhaps what was there in its place.</param>
    public static async Task UntilAsync(Func<Task<bool>> condition, TimeSpan timeout, Func<string> awaited) =>
        await ForAsync(async () => await condition() ? "" : null, timeout, awaited);

    /// <summary>Returns the first result that is not null.</summary>
    /// <exception cref="TimeoutException">There was none in time; the message says what was awaited.</exception>
    public static Task<T> ForAsync<T>(Func<Task<T?>> probe, TimeSpan timeout, string awaited)
        where T : class => ForAsync(probe, timeout, () => awaited);

    private static async Task<T> ForAsync<T>(Func<Task<T?>> probe, TimeSpan timeout, Func<string> awaited)
        where T : class
    {
        var waited = Stopwatch.StartNew();
        for (var pause = s_firstPause; ; pause = pause * 1.5 < s_longestPause ? pause * 1.5 : s_longestPause)
        {
            if (await probe() is { } result)
            {
                return result;
            }

            if (waited.Elapsed > timeout)
            {
                throw new TimeoutException($"Waited {timeout.TotalSeconds} s for {awaited()}.");
            }

            await Task.Delay(pause);
        }
    }
}

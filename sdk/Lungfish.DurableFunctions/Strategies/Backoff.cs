namespace Lungfish.DurableFunctions;

/// <summary>Delays that grow up to a limit.</summary>
internal sealed class Backoff
{
    private readonly TimeSpan _initial;
    private readonly TimeSpan _max;
    private readonly TimeSpan _increment;
    private readonly double _rate;
    private readonly JitterStrategy _jitter;

    /// <summary>By a factor.</summary>
    public Backoff(TimeSpan initial, TimeSpan max, double rate, JitterStrategy jitter)
        : this(initial, max, rate, TimeSpan.Zero, jitter)
    {
    }

    private Backoff(TimeSpan initial, TimeSpan max, double rate, TimeSpan increment, JitterStrategy jitter)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(initial, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(max, initial);
        if (!double.IsFinite(rate) || rate < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(rate), rate, "A backoff rate is a finite number, at least 1.");
        }

        (_initial, _max, _rate, _increment, _jitter) = (initial, max, rate, increment, jitter);
    }

    /// <summary>By the same amount each time.</summary>
    public static Backoff Linear(TimeSpan initial, TimeSpan increment, TimeSpan max, JitterStrategy jitter) =>
        new(initial, max, 1, increment, jitter);

    /// <summary>
    /// The delay after an attempt, counted from 1, in whole seconds: the service's timers count those.
    /// </summary>
    public TimeSpan After(int attempt)
    {
        // Far out the power overflows to infinity, which the limit cuts.
        var grown = (_initial.TotalSeconds * Math.Pow(_rate, attempt - 1))
            + (_increment.TotalSeconds * (attempt - 1));
        var seconds = Math.Min(grown, _max.TotalSeconds);
        seconds = _jitter switch
        {
            JitterStrategy.Full => seconds * Random.Shared.NextDouble(),
            JitterStrategy.Half => seconds * (0.5 + (0.5 * Random.Shared.NextDouble())),
            _ => seconds,
        };
        return TimeSpan.FromSeconds(Seconds.AtLeastOne(seconds));
    }
}

/// <summary>The service's unit of time.</summary>
internal static class Seconds
{
    /// <summary>Documented: 366 days is the longest wait and retry delay.</summary>
    public const int Max = 31_622_400;

    public static int AtLeastOne(TimeSpan span) => AtLeastOne(span.TotalSeconds);

    public static int AtLeastOne(double seconds) => (int)Math.Clamp(Math.Ceiling(seconds), 1, Max);

    /// <summary>Rounded up; null for none.</summary>
    public static int? OrNone(TimeSpan span) => span > TimeSpan.Zero ? AtLeastOne(span) : null;
}

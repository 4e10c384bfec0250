namespace Lungfish.Functions.Invoking;

/// <summary>Says when one more process is worth its start.</summary>
/// <remarks>A process per waiting invocation, as AWS has it, would let a burst of short invocations start dozens of
/// interpreters on two cores. So a new one starts if those that wait would wait longer than a start takes, or if one
/// of them has.</remarks>
internal sealed class PoolGrowth(TimeProvider time)
{
    private static readonly int StartsMax = Math.Max(2, Environment.ProcessorCount);
    private static readonly TimeSpan BackOffFirst = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan BackOffMax = TimeSpan.FromSeconds(5);

    private TimeSpan _start = TimeSpan.FromMilliseconds(100);
    private TimeSpan? _run;
    private int _failuresInARow;
    private long _notBefore;

    public void Started(TimeSpan took)
    {
        _start = Average(_start, took);
        _failuresInARow = 0;
    }

    public void Ran(TimeSpan took) => _run = _run is { } run ? Average(run, took) : took;

    /// <summary>A process ended that should not have: the next one starts later and later.</summary>
    public void Failed()
    {
        var wait = BackOffFirst * Math.Pow(2, Math.Min(_failuresInARow, 10));
        _failuresInARow++;
        if (_failuresInARow > 1)
        {
            var ticks = (Min(wait, BackOffMax).TotalSeconds * time.TimestampFrequency);
            _notBefore = time.GetTimestamp() + (long)ticks;
        }
    }

    /// <param name="waiting">Invocations without a process.</param>
    /// <param name="oldest">When the first of them came.</param>
    /// <param name="starting">Processes on their way.</param>
    /// <param name="running">Processes that work.</param>
    public bool WantsOneMore(int waiting, long oldest, int starting, int running)
    {
        if (waiting <= starting || starting >= StartsMax || time.GetTimestamp() < _notBefore)
        {
            return false;
        }

        if (running + starting == 0)
        {
            return true;
        }

        var expected = _run is { } run ? run * waiting / Math.Max(1, running) : TimeSpan.MaxValue;
        return expected > _start || time.GetElapsedTime(oldest) > _start * 4;
    }

    private static TimeSpan Average(TimeSpan before, TimeSpan now) => (before * 0.8) + (now * 0.2);

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}

using Lungfish.Functions.Processes;

namespace Lungfish.Functions.Invoking;

/// <summary>What a pool has learned about its processes, and what follows from it for the next one. Guarded by the
/// pool's lock.</summary>
/// <param name="perProcess">Invocations that one process runs at once.</param>
internal sealed class PoolGrowth(ProcessorLoad load, int perProcess, TimeProvider time)
{
    private static readonly TimeSpan BackOffFirst = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan BackOffMax = TimeSpan.FromSeconds(5);

    private TimeSpan _start = TimeSpan.FromMilliseconds(100);
    private TimeSpan? _run;
    private int _failuresInARow;
    private long _notBefore;
    private long _progressAt = time.GetTimestamp();
    private long _readyAt = time.GetTimestamp();

    public void Started(TimeSpan took)
    {
        _start = Average(_start, took);
        _failuresInARow = 0;
        _progressAt = _readyAt = time.GetTimestamp();
    }

    public void Ran(TimeSpan took)
    {
        _run = _run is { } run ? Average(run, took) : took;
        _progressAt = time.GetTimestamp();
    }

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
    public bool WantsOneMore(int waiting, long oldest, IReadOnlyCollection<ExecutionEnvironment> environments)
    {
        if (time.GetTimestamp() < _notBefore)
        {
            return false;
        }

        var starting = environments.Count(e => e.Stage == EnvironmentStage.Starting);
        var serving = environments.Where(e => e.Stage == EnvironmentStage.Serving);
        return GrowthRule.WantsOneMore(
            new PoolSituation
            {
                Waiting = waiting,
                OldestWaits = time.GetElapsedTime(oldest),
                Starting = starting,
                Running = environments.Count - starting,
                PerProcess = perProcess,
                PlacesLeft = serving.Sum(e => perProcess - e.PlacesTaken),
                SinceReady = time.GetElapsedTime(_readyAt),
                WithoutProgress = time.GetElapsedTime(_progressAt),
                Start = _start,
                Run = _run,
                IsSaturated = load.IsSaturated,
            },
            Environment.ProcessorCount);
    }

    private static TimeSpan Average(TimeSpan before, TimeSpan now) => (before * 0.8) + (now * 0.2);

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}

namespace Lungfish.Functions.Invoking;

/// <summary>A pool at a moment, and the machine around it.</summary>
internal readonly record struct PoolSituation
{
    /// <summary>Invocations without a process.</summary>
    public required int Waiting { get; init; }

    /// <summary>For how long the first of them has waited.</summary>
    public required TimeSpan OldestWaits { get; init; }

    /// <summary>Processes on their way.</summary>
    public required int Starting { get; init; }

    /// <summary>Processes that work.</summary>
    public required int Running { get; init; }

    /// <summary>Invocations that one process runs at once.</summary>
    public required int PerProcess { get; init; }

    /// <summary>Invocations that those may ask for besides what they run and have asked for.</summary>
    public required int PlacesLeft { get; init; }

    /// <summary>For how long the youngest process could have asked for more than its first invocation.</summary>
    public required TimeSpan SinceReady { get; init; }

    /// <summary>Since an invocation has ended here, or a process has become ready for one.</summary>
    public required TimeSpan WithoutProgress { get; init; }

    /// <summary>How long a start takes, by experience.</summary>
    public required TimeSpan Start { get; init; }

    /// <summary>How long an invocation takes, by experience; null before the first.</summary>
    public required TimeSpan? Run { get; init; }

    /// <summary>The machine's processors have nothing left to give.</summary>
    public required bool IsSaturated { get; init; }
}

/// <summary>Says whether one more process is worth its start.</summary>
/// <remarks>
/// A process per waiting invocation, as AWS has it, would let a burst of short invocations start dozens of interpreters
/// on two cores: each takes its start from those that work, and none is faster for it. So there is a process for each
/// core, and more only while the processor has time left: then those that work wait for something, a disk, a network,
/// or an invocation of their own that waits here for a process. The last of these must never depend on how busy others
/// keep the machine. So a pool in which nothing moves grows all the same, one process at a time.
/// </remarks>
internal static class GrowthRule
{
    private static readonly TimeSpan PatienceMin = TimeSpan.FromSeconds(1);

    public static bool WantsOneMore(in PoolSituation pool, int cores)
    {
        // A process asks for one invocation after the other; how many a runtime really takes, it never says. Those that
        // waited for its start had no chance to be asked for until then.
        var hadChance = pool.OldestWaits < pool.SinceReady ? pool.OldestWaits : pool.SinceReady;
        var soonTaken = hadChance < pool.Start ? pool.PlacesLeft : 0;
        if (pool.Waiting <= (pool.Starting * pool.PerProcess) + soonTaken)
        {
            return false;
        }

        if (pool.Running + pool.Starting == 0)
        {
            return true;
        }

        return pool.IsSaturated && pool.Running + pool.Starting >= cores
            ? pool.Starting == 0 && IsStuck(pool)
            : pool.Starting < Math.Max(2, cores) && TakesLongerThanAStart(pool, cores);
    }

    private static bool IsStuck(in PoolSituation pool)
    {
        var patience = pool.Start * 2 > PatienceMin ? pool.Start * 2 : PatienceMin;
        return pool.OldestWaits > patience && pool.WithoutProgress > patience;
    }

    private static bool TakesLongerThanAStart(in PoolSituation pool, int cores)
    {
        // What runs with many others in one process takes long for their sake: that tells nothing until one has waited.
        if (pool.PerProcess > 1 && pool.Running >= cores && pool.OldestWaits <= pool.Start)
        {
            return false;
        }

        // For a runtime that takes fewer at once than it may, this is too short: then it tells how long they waited.
        var places = Math.Max(1, pool.Running) * pool.PerProcess;
        var expected = pool.Run is { } run ? run * pool.Waiting / places : TimeSpan.MaxValue;
        return expected > pool.Start || pool.OldestWaits > pool.Start * 4;
    }
}

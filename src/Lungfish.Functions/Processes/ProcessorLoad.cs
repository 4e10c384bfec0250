namespace Lungfish.Functions.Processes;

/// <summary>Knows how busy the processors are, from looks at a meter while somebody asks.</summary>
internal sealed class ProcessorLoad(IProcessorMeter meter, TimeProvider time)
{
    private const double SaturatedFrom = 0.92;
    private const double NewShare = 0.4; // A look spans some ticks of the kernel's clock only: one alone says little.
    private static readonly TimeSpan LookMin = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Stale = TimeSpan.FromSeconds(1);

    private readonly Lock _looking = new();
    private long _at;
    private TimeSpan? _used;
    private double _busy;

    /// <summary>False also before anything is known.</summary>
    public bool IsSaturated => Volatile.Read(ref _busy) >= SaturatedFrom;

    /// <summary>Takes a look, if the last one was not just now.</summary>
    public void Look()
    {
        lock (_looking)
        {
            LookAlone();
        }
    }

    private void LookAlone()
    {
        var elapsed = time.GetElapsedTime(_at);
        if (_used is not null && elapsed < LookMin)
        {
            return;
        }

        var used = meter.ReadUsed();
        if (_used is { } before && elapsed < Stale)
        {
            var busy = Math.Clamp((used - before) / (elapsed * meter.Cores), 0, 1);
            Volatile.Write(ref _busy, (_busy * (1 - NewShare)) + (busy * NewShare));
        }
        else
        {
            Volatile.Write(ref _busy, 0); // What was long ago tells nothing.
        }

        (_at, _used) = (time.GetTimestamp(), used);
    }
}

using Lungfish.Functions.Processes;

namespace Lungfish.Functions.Invoking;

/// <summary>An invocation that a process has, until the process answers it or ends. Guarded by the pool's
/// lock.</summary>
/// <param name="startedAt">A timestamp.</param>
internal sealed class RunningInvocation(Invocation invocation, OutputOwner output, long startedAt)
{
    private const int NotSent = 0;
    private const int Sent = 1;
    private const int TakenBack = 2;

    private volatile bool _isTimedOut;
    private int _delivery = NotSent;

    public Invocation Invocation { get; } = invocation;

    /// <summary>What the process writes for it.</summary>
    public OutputOwner Output { get; } = output;

    public long StartedAt { get; } = startedAt;

    /// <summary>The initialization's length, if this is the one that reports it.</summary>
    public TimeSpan? Init { get; init; }

    /// <summary>Its caller has been told so, and nobody waits for it any more; the code still runs.</summary>
    public bool IsTimedOut
    {
        get => _isTimedOut;
        set => _isTimedOut = value;
    }

    public bool IsAnswered { get; set; }

    /// <summary>Set to its deadline.</summary>
    public ITimer? Clock { get; set; }

    /// <summary>It is with the process, or nobody can tell that it is not. Without the lock: see
    /// <see cref="TrySend"/>.</summary>
    public bool IsSent => Volatile.Read(ref _delivery) == Sent;

    /// <summary>Called without the lock, right before the last of it is written: up to then the process cannot have
    /// got it, from then on it may have.</summary>
    /// <returns>False: it was taken back, and must not be written.</returns>
    public bool TrySend() => Interlocked.CompareExchange(ref _delivery, Sent, NotSent) != TakenBack;

    /// <summary>The process has ended, and another one can have it.</summary>
    /// <returns>False: this one may have got it.</returns>
    public bool TryTakeBack() => Interlocked.CompareExchange(ref _delivery, TakenBack, NotSent) == NotSent;

    public void StopClock()
    {
        Clock?.Dispose();
        Clock = null;
    }
}

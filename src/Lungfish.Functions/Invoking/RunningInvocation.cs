using Lungfish.Functions.Processes;

namespace Lungfish.Functions.Invoking;

/// <summary>An invocation that a process has, until the process answers it or ends. Guarded by the pool's
/// lock.</summary>
/// <param name="startedAt">A timestamp.</param>
internal sealed class RunningInvocation(Invocation invocation, OutputOwner output, long startedAt)
{
    private volatile bool _isTimedOut;

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

    public void StopClock()
    {
        Clock?.Dispose();
        Clock = null;
    }
}

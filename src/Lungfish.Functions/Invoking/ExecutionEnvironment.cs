using System.Security.Cryptography;
using Lungfish.Functions.Processes;

namespace Lungfish.Functions.Invoking;

internal enum EnvironmentStage
{
    /// <summary>The process starts; it has not asked for work yet.</summary>
    Starting,

    /// <summary>It asks for work and there is none.</summary>
    Idle,

    Busy,

    /// <summary>It has answered and not asked for more yet.</summary>
    Answered,

    Ended,
}

/// <summary>One process of a function and what it is doing. Guarded by its pool's lock.</summary>
internal sealed class ExecutionEnvironment(InvocationLog log, long startedAt)
{
    /// <summary>The path under which its Runtime API is: nobody can guess it, so no neighbour can take its work.</summary>
    public string Id { get; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    public InvocationLog Log { get; } = log;

    public long StartedAt { get; } = startedAt;

    /// <summary>Null until the process runs.</summary>
    public FunctionProcess? Process { get; set; }

    /// <summary>Ends when the process has ended and that was dealt with.</summary>
    public Task Running { get; set; } = Task.CompletedTask;

    public EnvironmentStage Stage { get; set; }

    public Invocation? Current { get; set; }

    /// <summary>The connection broke before the current invocation was on it; the next request gets it.</summary>
    public bool DeliverAgain { get; set; }

    public long CurrentStartedAt { get; set; }

    public long IdleSince { get; set; }

    /// <summary>The initialization's length until the first invocation has reported it.</summary>
    public TimeSpan? InitToReport { get; set; }

    /// <summary>What the process said about its failure to start.</summary>
    public InvocationOutcome? InitError { get; set; }

    /// <summary>The request for work that waits; while idle only.</summary>
    public TaskCompletionSource<Invocation>? Parked { get; set; }

    public ITimer? Deadline { get; set; }

    public void StopClock()
    {
        Deadline?.Dispose();
        Deadline = null;
    }
}

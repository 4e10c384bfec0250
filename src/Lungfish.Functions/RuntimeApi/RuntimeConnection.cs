using Lungfish.Functions.Invoking;

namespace Lungfish.Functions.RuntimeApi;

/// <summary>A connection of a process to the Runtime API, on which it makes one request at a time.</summary>
internal sealed class RuntimeConnection(FunctionPool pool, ExecutionEnvironment environment)
{
    public FunctionPool Pool { get; } = pool;

    public ExecutionEnvironment Environment { get; } = environment;

    /// <summary>The request for work that waits on it. Guarded by the pool's lock, as what follows is.</summary>
    public TaskCompletionSource<RunningInvocation>? Waiting { get; set; }

    /// <summary>Nobody would read what is sent on it.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Ends the request for work that waits on it.</summary>
    public void Withdraw()
    {
        _ = Waiting?.TrySetCanceled();
        Waiting = null;
    }
}

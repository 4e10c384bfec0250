using Lungfish.Functions.Invoking;

namespace Lungfish.Functions.RuntimeApi;

/// <summary>A connection of a process to the Runtime API, on which it asks for work: one request at a time over HTTP,
/// as many as it may over a channel.</summary>
internal class RuntimeConnection(FunctionPool pool, ExecutionEnvironment environment)
{
    private TaskCompletionSource<RunningInvocation>? _waiting;

    public FunctionPool Pool { get; } = pool;

    public ExecutionEnvironment Environment { get; } = environment;

    /// <summary>Nobody would read what is sent on it. Guarded by the pool's lock.</summary>
    public bool IsClosed { get; set; }

    /// <summary>A request for work begins to wait on it. Called under the pool's lock.</summary>
    public virtual Task<RunningInvocation> Wait()
    {
        _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return _waiting.Task;
    }

    /// <summary>Ends the request for work that waits on it. Called under the pool's lock.</summary>
    public virtual void Withdraw() => _ = _waiting?.TrySetCanceled();

    /// <summary>Answers a request for work that waits no more. Not called under the pool's lock.</summary>
    public virtual void Give(RunningInvocation running) => _ = _waiting?.TrySetResult(running);
}

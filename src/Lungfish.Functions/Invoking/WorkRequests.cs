using Lungfish.Functions.RuntimeApi;

namespace Lungfish.Functions.Invoking;

/// <summary>Processes that ask for work, and what they asked with. Guarded by the pool's lock.</summary>
/// <remarks>The same process is given work for as long as it asks for more: a few busy ones do more than many that are
/// woken up for each invocation, and those that are not needed can end.</remarks>
/// <param name="perProcess">Invocations that one process runs at once.</param>
internal sealed class WorkRequests(int perProcess)
{
    private readonly List<ExecutionEnvironment> _withRoom = []; // The warmest is the last.

    /// <summary>The answer to a request of which nothing comes.</summary>
    public static Task<RunningInvocation> Cancelled { get; } =
        Task.FromCanceled<RunningInvocation>(new CancellationToken(canceled: true));

    /// <summary>A process that can be given an invocation; null: there is none.</summary>
    public ExecutionEnvironment? Warmest => _withRoom is [.., var last] ? last : null;

    public IReadOnlyList<ExecutionEnvironment> FindIdle() => [.. _withRoom.Where(e => e.IsIdle)];

    /// <summary>Whether a process may have one more invocation, or ask for it. Where one is all that it may have, a
    /// second request says that the first was given up, and takes its place.</summary>
    public bool HasPlace(ExecutionEnvironment environment)
    {
        if (perProcess == 1)
        {
            Withdraw(environment, connection: null);
        }

        return environment.PlacesTaken < perProcess;
    }

    public Task<RunningInvocation> Park(RuntimeConnection connection)
    {
        if (!connection.Environment.HasRoom)
        {
            _withRoom.Add(connection.Environment);
        }

        return connection.Environment.Park(connection);
    }

    /// <summary>A request of a process that has room; it is to be answered outside of the lock.</summary>
    public RuntimeConnection Take(ExecutionEnvironment environment)
    {
        var connection = environment.TakeParked();
        RemoveIfFull(environment);
        return connection;
    }

    /// <summary>Another request, to be answered with what a process was not there to get; null: its next one gets it,
    /// if anybody still waits for it.</summary>
    public RuntimeConnection? TakeAgain(ExecutionEnvironment environment, RunningInvocation running)
    {
        if (running.IsTimedOut)
        {
            _ = environment.TryEnd(running); // Nobody waits for it any more.
        }
        else if (environment.HasRoom)
        {
            return Take(environment);
        }
        else
        {
            environment.DeliverAgain(running);
        }

        return null;
    }

    /// <summary>Ends the requests for work on a connection that its process has given up.</summary>
    /// <param name="connection">Null: all of the process's.</param>
    public void Withdraw(ExecutionEnvironment environment, RuntimeConnection? connection)
    {
        if (environment.HasRoom)
        {
            environment.Withdraw(connection);
            RemoveIfFull(environment);
        }
    }

    private void RemoveIfFull(ExecutionEnvironment environment)
    {
        if (!environment.HasRoom)
        {
            _withRoom.RemoveAt(_withRoom.LastIndexOf(environment));
        }
    }
}

using Lungfish.Durable.Deciding;
using Lungfish.Engine.Durable;
using Lungfish.Engine.Tasks;
using Lungfish.States.Deciding;
using Lungfish.States.Model;

namespace Lungfish.Simulation.Checking;

/// <summary>Tells the witness which tasks a handler is given.</summary>
/// <param name="crowd">Of all handlers together.</param>
internal sealed class WatchedTasks(ITaskHandler handler, Witness witness, Crowd crowd) : ITaskHandler
{
    public bool StopsRunning => handler.StopsRunning;

    public bool CanRun(TaskResource resource) => handler.CanRun(resource);

    public async ValueTask<TaskOutcome> RunAsync(TaskAssignment assignment, CancellationToken cancellationToken)
    {
        witness.HandedOut(assignment);
        if (assignment.Task.Phase == TaskPhase.AwaitingAnswer)
        {
            return await handler.RunAsync(assignment, cancellationToken); // It only waits, and takes no place.
        }

        crowd.Enter();
        try
        {
            return await handler.RunAsync(assignment, cancellationToken);
        }
        finally
        {
            crowd.Leave();
        }
    }

    public ValueTask StopAsync(TaskAssignment assignment) => handler.StopAsync(assignment);

    public ValueTask AbortAsync(TaskAssignment assignment) => handler.AbortAsync(assignment);
}

/// <summary>Tells the witness which functions are invoked.</summary>
internal sealed class WatchedFunctions(IDurableFunctions functions, Witness witness, Crowd crowd) : IDurableFunctions
{
    public InvokeTarget? FindTarget(string functionName, ulong chance) => functions.FindTarget(functionName, chance);

    public async Task<InvocationOutcome> InvokeAsync(
        DurableInvocation invocation, CancellationToken cancellationToken)
    {
        witness.Invoked(invocation);
        crowd.Enter();
        try
        {
            return await functions.InvokeAsync(invocation, cancellationToken);
        }
        finally
        {
            crowd.Leave();
        }
    }

    public Task<ChainedOutcome> InvokeChainedAsync(ChainedInvoke invoke, CancellationToken cancellationToken)
    {
        witness.Sent(invoke);
        return functions.InvokeChainedAsync(invoke, cancellationToken);
    }
}

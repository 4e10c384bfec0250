using Lungfish.Durable.Deciding;
using Lungfish.Engine.Durable;
using Lungfish.Engine.Tasks;
using Lungfish.States.Model;

namespace Lungfish.Simulation.Checking;

/// <summary>Tells the witness which tasks a handler is given.</summary>
internal sealed class WatchedTasks(ITaskHandler handler, Witness witness) : ITaskHandler
{
    public bool StopsRunning => handler.StopsRunning;

    public bool CanRun(TaskResource resource) => handler.CanRun(resource);

    public ValueTask<TaskOutcome> RunAsync(TaskAssignment assignment, CancellationToken cancellationToken)
    {
        witness.HandedOut(assignment);
        return handler.RunAsync(assignment, cancellationToken);
    }

    public ValueTask StopAsync(TaskAssignment assignment) => handler.StopAsync(assignment);

    public ValueTask AbortAsync(TaskAssignment assignment) => handler.AbortAsync(assignment);
}

/// <summary>Tells the witness which functions are invoked.</summary>
internal sealed class WatchedFunctions(IDurableFunctions functions, Witness witness) : IDurableFunctions
{
    public InvokeTarget? FindTarget(string functionName, ulong chance) => functions.FindTarget(functionName, chance);

    public Task<InvocationOutcome> InvokeAsync(DurableInvocation invocation, CancellationToken cancellationToken)
    {
        witness.Invoked(invocation);
        return functions.InvokeAsync(invocation, cancellationToken);
    }

    public Task<ChainedOutcome> InvokeChainedAsync(ChainedInvoke invoke, CancellationToken cancellationToken)
    {
        witness.Sent(invoke);
        return functions.InvokeChainedAsync(invoke, cancellationToken);
    }
}

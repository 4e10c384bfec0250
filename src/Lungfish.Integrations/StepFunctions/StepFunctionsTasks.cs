using Lungfish.Engine.Api;
using Lungfish.Engine.Tasks;
using Lungfish.States.Model;

namespace Lungfish.Integrations.StepFunctions;

/// <summary>The kinds of tasks that call the engine's own API.</summary>
/// <remarks>The engine takes its handlers before it is there, and hands out what it recovers while it starts: such
/// tasks wait until <see cref="Connect"/>.</remarks>
public sealed class StepFunctionsTasks(TimeProvider time)
{
    private readonly TaskCompletionSource<IExecutions> _executions =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<ITaskHandler> All => [new StartExecutionTask(this, time), new AwsSdkSfnTask(this)];

    /// <summary>Whether a definition may name the resource.</summary>
    public static bool Offers(TaskResource resource) => resource is ServiceIntegration integration
        && (StartExecutionTask.Offers(integration) || AwsSdkSfnTask.Offers(integration));

    /// <summary>The engine has started.</summary>
    public void Connect(IExecutions executions) => _executions.SetResult(executions);

    internal Task<IExecutions> ExecutionsAsync(CancellationToken cancellationToken) =>
        ConnectedAsync().WaitAsync(cancellationToken);

    // In between, so that whoever waits goes on where he waited: see EngineSurroundings.
    private async Task<IExecutions> ConnectedAsync() => await _executions.Task;
}

using Lungfish.Engine.Tasks;
using Lungfish.Json;
using Lungfish.States.Model;

namespace Lungfish.Simulation.Programs;

/// <summary>Carries out the tasks of state machines as planned, and counts how often it is asked to.</summary>
internal sealed class ScriptedTasks(
    IWorld world, Outside outside, Ledger ledger, IReadOnlyDictionary<string, MachineWorkflow> machines) : ITaskHandler
{
    public bool CanRun(TaskResource resource) =>
        resource is LambdaFunctionResource or ServiceIntegration { Service: "lambda" };

    public async ValueTask<TaskOutcome> RunAsync(TaskAssignment assignment, CancellationToken cancellationToken)
    {
        ledger.HandedOut(assignment.IdempotencyKey, assignment.Execution.ExecutionArn);
        var task = assignment.Task;
        var plan = Find(assignment.Execution.StateMachineName).PlanFor(task.StateName, task.Input, task.RetryCount);
        if (assignment.Token is { } token)
        {
            outside.Answer(token, plan);
            await Task.Delay(TimeSpan.FromMilliseconds(world.Random.Next(500)), world.Time, cancellationToken);
            return new TaskHandedOver(JsonObject.Of("sent", true));
        }

        await Task.Delay(
            plan.IsSilent ? Timeout.InfiniteTimeSpan : plan.Delay, world.Time, cancellationToken);
        return plan.Output is { } output ? new TaskCompleted(output) : new TaskFaulted(plan.Error, plan.Cause);
    }

    /// <param name="machine">Also that of child executions: MACHINE/LABEL.</param>
    private MachineWorkflow Find(string machine) => machines[machine.Split('/')[0]];
}

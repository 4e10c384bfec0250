using Lungfish.Engine;
using Lungfish.Engine.Tasks;
using Lungfish.Functions;
using Lungfish.States.Model;

namespace Lungfish.Integrations.Lambda;

/// <summary><c>arn:aws:states:::lambda:invoke</c>, with and without <c>.waitForTaskToken</c>.</summary>
internal sealed class LambdaInvokeTask(FunctionCalls calls, TimeProvider time) : ITaskHandler
{
    public bool CanRun(TaskResource resource) => resource is ServiceIntegration
    {
        Service: "lambda",
        Action: "invoke",
        Pattern: IntegrationPattern.RequestResponse or IntegrationPattern.WaitForTaskToken,
    };

    public async ValueTask<TaskOutcome> RunAsync(TaskAssignment assignment, CancellationToken cancellationToken)
    {
        if (!LambdaInvokeParameters.TryRead(assignment.Task.Input, out var parameters, out var problem))
        {
            return new TaskFaulted("States.Runtime", problem);
        }

        var requestId = RequestIds.Of(assignment);
        try
        {
            var result = await calls.InvokeAsync(
                assignment,
                FunctionReference.Parse(parameters.FunctionName, parameters.Qualifier, calls.Account),
                parameters.Payload,
                new InvokeOptions
                {
                    Type = parameters.InvocationType,
                    TailLog = parameters.TailLog,
                    ClientContext = parameters.ReadClientContext(),
                },
                cancellationToken);
            if (result.FunctionError is not null)
            {
                return LambdaTask.Failed(result, verbatim: false);
            }

            var output = LambdaInvokeOutput.Of(result, time.GetUtcNow());
            return assignment.Task.AnsweredByToken ? new TaskHandedOver(output) : new TaskCompleted(output);
        }
        catch (ApiException e)
        {
            return LambdaTask.Refused(e, requestId);
        }
    }

    public bool StopsRunning => true;

    /// <summary>A synchronous call of a durable function ends with its task. What answers by the task's token goes on:
    /// that it was answered, or its time is up, is no reason to stop it.</summary>
    public ValueTask StopAsync(TaskAssignment assignment) =>
        assignment.Task.AnsweredByToken ? ValueTask.CompletedTask : EndAsync(assignment);

    /// <summary>Nobody will take its answer: what was to answer by the token ends too.</summary>
    public ValueTask AbortAsync(TaskAssignment assignment) => EndAsync(assignment);

    private async ValueTask EndAsync(TaskAssignment assignment)
    {
        if (LambdaInvokeParameters.TryRead(assignment.Task.Input, out var parameters, out _)
            && (assignment.Task.AnsweredByToken || parameters.InvocationType == InvocationType.RequestResponse))
        {
            await calls.StopAsync(
                assignment, FunctionReference.Parse(parameters.FunctionName, parameters.Qualifier, calls.Account));
        }
    }
}

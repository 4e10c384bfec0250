using Lungfish.Engine;
using Lungfish.Engine.Tasks;
using Lungfish.Functions;
using Lungfish.States.Model;

namespace Lungfish.Integrations.Lambda;

/// <summary>Tasks whose resource is a function's ARN: the input goes in and the answer comes out as they are.</summary>
internal sealed class FunctionArnTask(FunctionCalls calls) : ITaskHandler
{
    public bool CanRun(TaskResource resource) => resource is LambdaFunctionResource;

    public async ValueTask<TaskOutcome> RunAsync(TaskAssignment assignment, CancellationToken cancellationToken)
    {
        var requestId = RequestIds.Of(assignment);
        try
        {
            var result = await calls.InvokeAsync(
                assignment,
                FunctionOf(assignment),
                assignment.Task.Input.ToUtf8(),
                InvokeOptions.Default,
                cancellationToken);
            return result.FunctionError is null
                ? new TaskCompleted(LambdaTask.ReadPayload(result))
                : LambdaTask.Failed(result, verbatim: true);
        }
        catch (ApiException e)
        {
            return LambdaTask.Refused(e, requestId);
        }
    }

    public bool StopsRunning => true;

    public async ValueTask StopAsync(TaskAssignment assignment) =>
        await calls.StopAsync(assignment, FunctionOf(assignment));

    private FunctionReference FunctionOf(TaskAssignment assignment) =>
        FunctionReference.Parse(assignment.Task.Resource.Arn, qualifier: null, calls.Account);
}

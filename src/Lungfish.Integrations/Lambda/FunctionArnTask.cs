using Lungfish.Engine;
using Lungfish.Engine.Tasks;
using Lungfish.Functions;
using Lungfish.States.Model;

namespace Lungfish.Integrations.Lambda;

/// <summary>Tasks whose resource is a function's ARN: the input goes in and the answer comes out as they are.</summary>
public sealed class FunctionArnTask(FunctionService functions) : ITaskHandler
{
    public bool CanRun(TaskResource resource) => resource is LambdaFunctionResource;

    public async ValueTask<TaskOutcome> RunAsync(TaskAssignment assignment, CancellationToken cancellationToken)
    {
        var requestId = RequestIds.Of(assignment);
        try
        {
            var result = await functions.InvokeAsync(
                FunctionReference.Parse(assignment.Task.Resource.Arn, qualifier: null, functions.Account),
                assignment.Task.Input.ToUtf8(),
                new InvokeOptions { RequestId = requestId },
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
}

using Lungfish.Engine.Api;
using Lungfish.Server.Protocol;

namespace Lungfish.Server.StepFunctions;

internal sealed class SendTaskFailure(IExecutions executions) : IApiAction<SendTaskFailureInput, EmptyOutput>
{
    public async Task<EmptyOutput> HandleAsync(SendTaskFailureInput input, CancellationToken cancellationToken)
    {
        await executions.FailTaskAsync(input.TaskToken, input.Error, input.Cause, cancellationToken);
        return EmptyOutput.Instance;
    }
}

internal sealed record SendTaskFailureInput(string TaskToken, string? Error, string? Cause)
    : IApiInput<SendTaskFailureInput>
{
    public static SendTaskFailureInput Read(RequestMembers members)
    {
        var input = new SendTaskFailureInput(
            members.Text("taskToken", TaskTokens.Rule),
            members.OptionalText("error", FailureRules.Error),
            members.OptionalText("cause", FailureRules.Cause));
        members.Complete();
        return input;
    }
}

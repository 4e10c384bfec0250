using Lungfish.Engine;
using Lungfish.Engine.Api;
using Lungfish.Server.Protocol;

namespace Lungfish.Server.StepFunctions;

internal sealed class SendTaskSuccess(IExecutions executions) : IApiAction<SendTaskSuccessInput, EmptyOutput>
{
    public async Task<EmptyOutput> HandleAsync(SendTaskSuccessInput input, CancellationToken cancellationToken)
    {
        var output = JsonInput.TryParse(input.Output, "Invalid output.", out var why)
            ?? throw StepFunctionsErrors.InvalidOutput(why);
        await executions.SucceedTaskAsync(input.TaskToken, output.Value, cancellationToken);
        return EmptyOutput.Instance;
    }
}

internal sealed record SendTaskSuccessInput(string TaskToken, string Output) : IApiInput<SendTaskSuccessInput>
{
    public static SendTaskSuccessInput Read(RequestMembers members)
    {
        var input = new SendTaskSuccessInput(
            members.Text("taskToken", TaskTokens.Rule), members.Text("output", JsonInput.Rule));
        members.Complete();
        return input;
    }
}

using Lungfish.Engine.Api;
using Lungfish.Server.Protocol;

namespace Lungfish.Server.StepFunctions;

internal sealed class SendTaskHeartbeat(IExecutions executions) : IApiAction<SendTaskHeartbeatInput, EmptyOutput>
{
    public async Task<EmptyOutput> HandleAsync(SendTaskHeartbeatInput input, CancellationToken cancellationToken)
    {
        await executions.HeartbeatTaskAsync(input.TaskToken, cancellationToken);
        return EmptyOutput.Instance;
    }
}

internal sealed record SendTaskHeartbeatInput(string TaskToken) : IApiInput<SendTaskHeartbeatInput>
{
    public static SendTaskHeartbeatInput Read(RequestMembers members)
    {
        var input = new SendTaskHeartbeatInput(members.Text("taskToken", TaskTokens.Rule));
        members.Complete();
        return input;
    }
}

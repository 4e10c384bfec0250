using System.Text.Json;
using Lungfish.Engine.Api;
using Lungfish.Server.Protocol;

namespace Lungfish.Server.StepFunctions;

internal sealed class StopExecution(IExecutions executions) : IApiAction<StopExecutionInput, StopExecutionOutput>
{
    public async Task<StopExecutionOutput> HandleAsync(StopExecutionInput input, CancellationToken cancellationToken) =>
        new(await executions.StopAsync(input.ExecutionArn.Value, input.Error, input.Cause, cancellationToken));
}

internal sealed record StopExecutionInput(ExecutionArn ExecutionArn, string? Error, string? Cause)
    : IApiInput<StopExecutionInput>
{
    public static StopExecutionInput Read(RequestMembers members)
    {
        var input = new StopExecutionInput(
            ExecutionArn.Read(members, "executionArn"),
            members.OptionalText("error", FailureRules.Error),
            members.OptionalText("cause", FailureRules.Cause));
        members.Complete();
        return input;
    }
}

internal sealed record StopExecutionOutput(DateTimeOffset StopDate) : IApiOutput
{
    public void WriteTo(Utf8JsonWriter writer) => writer.WriteTime("stopDate"u8, StopDate);
}

using System.Text.Json;
using Lungfish.Engine.Api;
using Lungfish.Server.Protocol;

namespace Lungfish.Server.StepFunctions;

internal sealed class DescribeStateMachineForExecution(IExecutions executions)
    : IApiAction<DescribeExecutionInput, DescribeStateMachineForExecutionOutput>
{
    public async Task<DescribeStateMachineForExecutionOutput> HandleAsync(
        DescribeExecutionInput input, CancellationToken cancellationToken) =>
        new(
            await executions.DescribeStateMachineAsync(input.ExecutionArn.Value, cancellationToken),
            input.IncludedData);
}

internal sealed record DescribeStateMachineForExecutionOutput(StateMachineDescription Machine, IncludedData Included)
    : IApiOutput
{
    public void WriteTo(Utf8JsonWriter writer)
    {
        StateMachineMembers.Write(writer, Machine, Included);
        writer.WriteTime("updateDate"u8, Machine.UpdatedAt);
        writer.WriteText("mapRunArn"u8, Machine.MapRunArn);
        writer.WriteText("label"u8, Machine.Label);
    }
}

using System.Text.Json;
using Lungfish.Engine.Api;
using Lungfish.Server.Protocol;
using Lungfish.States.Deciding;

namespace Lungfish.Server.StepFunctions;

internal sealed class DescribeExecution(IExecutions executions)
    : IApiAction<DescribeExecutionInput, DescribeExecutionOutput>
{
    public async Task<DescribeExecutionOutput> HandleAsync(
        DescribeExecutionInput input, CancellationToken cancellationToken) =>
        new(await executions.DescribeAsync(input.ExecutionArn.Value, cancellationToken), input.IncludedData);
}

internal sealed record DescribeExecutionInput(ExecutionArn ExecutionArn, IncludedData IncludedData)
    : IApiInput<DescribeExecutionInput>
{
    public static DescribeExecutionInput Read(RequestMembers members)
    {
        var input = new DescribeExecutionInput(
            ExecutionArn.Read(members, "executionArn"), IncludedData.Read(members));
        members.Complete();
        return input;
    }
}

internal sealed record DescribeExecutionOutput(ExecutionDescription Execution, IncludedData Included) : IApiOutput
{
    public void WriteTo(Utf8JsonWriter writer)
    {
        Execution.Summary.WriteTo(writer);
        if (Included.WithPayloads)
        {
            writer.WriteString("input"u8, Execution.Input);
            WriteDetails(writer, "inputDetails"u8);
            if (Execution.Output is not null)
            {
                writer.WriteString("output"u8, Execution.Output);
                WriteDetails(writer, "outputDetails"u8);
            }
        }

        // Measured: a timed-out execution has neither here, though its history has States.Timeout.
        if (Execution.Summary.Status != ExecutionStatus.TimedOut)
        {
            writer.WriteText("error"u8, Execution.Error);
            writer.WriteText("cause"u8, Execution.Cause);
        }

        RedriveStatus.Write(writer, Execution.Summary.Status, isChild: Execution.Summary.MapRunArn is not null);
    }

    private static void WriteDetails(Utf8JsonWriter writer, ReadOnlySpan<byte> name)
    {
        writer.WriteStartObject(name);
        writer.WriteBoolean("included"u8, true);
        writer.WriteEndObject();
    }
}

using System.Text.Json;
using Lungfish.Engine.Api;
using Lungfish.Server.Protocol;

namespace Lungfish.Server.StepFunctions;

internal sealed class DescribeStateMachine(IStateMachines stateMachines)
    : IApiAction<DescribeStateMachineInput, DescribeStateMachineOutput>
{
    public async Task<DescribeStateMachineOutput> HandleAsync(
        DescribeStateMachineInput input, CancellationToken cancellationToken) =>
        new(await stateMachines.DescribeAsync(input.StateMachineArn.Value, cancellationToken), input.IncludedData);
}

internal sealed record DescribeStateMachineInput(StateMachineArn StateMachineArn, IncludedData IncludedData)
    : IApiInput<DescribeStateMachineInput>
{
    public static DescribeStateMachineInput Read(RequestMembers members)
    {
        var input = new DescribeStateMachineInput(
            StateMachineArn.Read(members, "stateMachineArn"), IncludedData.Read(members));
        members.Complete();
        return input;
    }
}

internal sealed record DescribeStateMachineOutput(StateMachineDescription Machine, IncludedData Included) : IApiOutput
{
    public void WriteTo(Utf8JsonWriter writer)
    {
        StateMachineMembers.Write(writer, Machine, Included);
        writer.WriteString("status"u8, Machine.Status);
        writer.WriteString("type"u8, Machine.Type);
        writer.WriteTime("creationDate"u8, Machine.CreatedAt);
    }
}

using System.Text.Json;
using Lungfish.Engine.Api;
using Lungfish.Server.Protocol;
using Lungfish.States.Journal;

namespace Lungfish.Server.StepFunctions;

internal sealed class GetExecutionHistory(IExecutions executions)
    : IApiAction<GetExecutionHistoryInput, GetExecutionHistoryOutput>
{
    public async Task<GetExecutionHistoryOutput> HandleAsync(
        GetExecutionHistoryInput input, CancellationToken cancellationToken) =>
        new(
            await executions.ReadHistoryAsync(
                input.ExecutionArn.Value,
                input.Paging.CountMax,
                input.IsReverse,
                input.Paging.NextToken,
                cancellationToken),
            input.IncludesData);
}

internal sealed record GetExecutionHistoryInput(
    ExecutionArn ExecutionArn, Paging Paging, bool IsReverse, bool IncludesData) : IApiInput<GetExecutionHistoryInput>
{
    public static GetExecutionHistoryInput Read(RequestMembers members)
    {
        var input = new GetExecutionHistoryInput(
            ExecutionArn.Read(members, "executionArn"),
            Paging.Read(members),
            members.OptionalBoolean("reverseOrder") ?? false,
            members.OptionalBoolean("includeExecutionData") ?? true);
        members.Complete();
        return input;
    }
}

internal sealed record GetExecutionHistoryOutput(Page<HistoryEvent> Page, bool IncludesData) : IApiOutput
{
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("events"u8);
        foreach (var historyEvent in Page.Items)
        {
            historyEvent.WriteTo(writer, IncludesData);
        }

        writer.WriteEndArray();
        writer.WriteText("nextToken"u8, Page.NextToken);
    }
}

using System.Text.Json;
using Lungfish.Engine.Api;
using Lungfish.Server.Protocol;
using Lungfish.States.Deciding;

namespace Lungfish.Server.StepFunctions;

internal sealed class ListMapRuns(IMapRuns mapRuns) : IApiAction<ListMapRunsInput, ListMapRunsOutput>
{
    public async Task<ListMapRunsOutput> HandleAsync(ListMapRunsInput input, CancellationToken cancellationToken) =>
        new(await mapRuns.ListAsync(
            input.ExecutionArn.Value, input.Paging.CountMax, input.Paging.NextToken, cancellationToken));
}

internal sealed record ListMapRunsInput(ExecutionArn ExecutionArn, Paging Paging) : IApiInput<ListMapRunsInput>
{
    public static ListMapRunsInput Read(RequestMembers members)
    {
        var input = new ListMapRunsInput(ExecutionArn.Read(members, "executionArn"), Paging.Read(members));
        members.Complete();
        return input;
    }
}

internal sealed record ListMapRunsOutput(Page<MapRunSnapshot> Page) : IApiOutput
{
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("mapRuns"u8);
        foreach (var run in Page.Items)
        {
            writer.WriteStartObject();
            writer.WriteString("executionArn"u8, run.ExecutionArn);
            writer.WriteString("mapRunArn"u8, run.Arn);
            writer.WriteString("stateMachineArn"u8, run.StateMachineArn);
            writer.WriteTime("startDate"u8, run.StartedAt);
            if (run.StoppedAt is { } stopped)
            {
                writer.WriteTime("stopDate"u8, stopped);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteText("nextToken"u8, Page.NextToken);
    }
}

using System.Diagnostics;
using System.Text.Json;
using Lungfish.Engine.Api;
using Lungfish.Server.Protocol;
using Lungfish.States.Deciding;

namespace Lungfish.Server.StepFunctions;

internal sealed class DescribeMapRun(IMapRuns mapRuns) : IApiAction<DescribeMapRunInput, DescribeMapRunOutput>
{
    public async Task<DescribeMapRunOutput> HandleAsync(
        DescribeMapRunInput input, CancellationToken cancellationToken) =>
        new(await mapRuns.DescribeAsync(input.MapRunArn.Value, cancellationToken));
}

internal sealed record DescribeMapRunInput(MapRunArn MapRunArn) : IApiInput<DescribeMapRunInput>
{
    public static DescribeMapRunInput Read(RequestMembers members)
    {
        var input = new DescribeMapRunInput(MapRunArn.Read(members, "mapRunArn"));
        members.Complete();
        return input;
    }
}

internal sealed record DescribeMapRunOutput(MapRunSnapshot Run) : IApiOutput
{
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteString("mapRunArn"u8, Run.Arn);
        writer.WriteString("executionArn"u8, Run.ExecutionArn);
        writer.WriteString("status"u8, NameOf(Run.Status));
        writer.WriteTime("startDate"u8, Run.StartedAt);
        if (Run.StoppedAt is { } stopped)
        {
            writer.WriteTime("stopDate"u8, stopped);
        }

        writer.WriteNumber("maxConcurrency"u8, Run.Limits.ConcurrencyMax);
        writer.WriteNumber("toleratedFailurePercentage"u8, Run.Limits.ToleratedPercentage);
        writer.WriteNumber("toleratedFailureCount"u8, Run.Limits.ToleratedCount);
        WriteCounts(writer, "itemCounts"u8, Run.Items);
        WriteCounts(writer, "executionCounts"u8, Run.Executions);
        writer.WriteNumber("redriveCount"u8, 0); // Nothing can be redriven yet.
    }

    private static ReadOnlySpan<byte> NameOf(MapRunStatus status) => status switch
    {
        MapRunStatus.Running => "RUNNING"u8,
        MapRunStatus.Succeeded => "SUCCEEDED"u8,
        MapRunStatus.Failed => "FAILED"u8,
        MapRunStatus.Aborted => "ABORTED"u8,
        _ => throw new UnreachableException($"No name for {status}."),
    };

    private static void WriteCounts(Utf8JsonWriter writer, ReadOnlySpan<byte> name, MapRunCounts counts)
    {
        writer.WriteStartObject(name);
        writer.WriteNumber("pending"u8, counts.Pending);
        writer.WriteNumber("running"u8, counts.Running);
        writer.WriteNumber("succeeded"u8, counts.Succeeded);
        writer.WriteNumber("failed"u8, counts.Failed);
        writer.WriteNumber("timedOut"u8, counts.TimedOut);
        writer.WriteNumber("aborted"u8, counts.Aborted);
        writer.WriteNumber("total"u8, counts.Total);

        // Recorded for a map run without a ResultWriter: as many as succeeded.
        writer.WriteNumber("resultsWritten"u8, counts.Succeeded);
        writer.WriteNumber("failuresNotRedrivable"u8, 0);
        writer.WriteNumber("pendingRedrive"u8, 0);
        writer.WriteEndObject();
    }
}

using System.Text.Json;
using Lungfish.Durable;
using Lungfish.Engine.Api;
using Lungfish.Functions.Durable;
using Lungfish.Server.Protocol;

namespace Lungfish.Server.Lambda.Durable;

internal sealed class GetDurableExecution(IDurableExecutions executions) : IDurableAction
{
    public async Task HandleAsync(DurableCall call, Utf8JsonWriter answer, CancellationToken cancellationToken)
    {
        var execution = await executions.DescribeAsync(call.ReadArn(), cancellationToken);
        answer.WriteStartObject();
        DurableSummaryJson.WriteDescription(answer, execution);
        answer.WriteEndObject();
    }
}

/// <summary>What lists and descriptions of executions have in common.</summary>
internal static class DurableSummaryJson
{
    /// <summary>All members of a description.</summary>
    public static void WriteDescription(Utf8JsonWriter answer, DurableDescription execution)
    {
        WriteMembers(answer, execution.Summary);
        answer.WriteString("Version"u8, execution.Version);
        answer.WriteText("InputPayload"u8, execution.Input);
        answer.WriteText("Result"u8, execution.Result);
        if (execution.Error is { } error)
        {
            answer.WritePropertyName("Error"u8);
            OperationJson.WriteError(answer, error);
        }

        answer.WriteText("ParentArn"u8, execution.ParentArn); // Our extension: who started it.
    }

    public static void WriteMembers(Utf8JsonWriter answer, DurableSummary execution)
    {
        answer.WriteString("DurableExecutionArn"u8, execution.ExecutionArn);
        answer.WriteString("DurableExecutionName"u8, execution.Name);
        answer.WriteString("FunctionArn"u8, execution.FunctionArn);
        answer.WriteString("Status"u8, WireNames.Of(execution.Status));
        answer.WriteTime("StartTimestamp"u8, execution.StartedAt);
        if (execution.EndedAt is { } endedAt)
        {
            answer.WriteTime("EndTimestamp"u8, endedAt);
        }
    }
}

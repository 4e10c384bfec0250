using System.Diagnostics;
using System.Text.Json;
using Lungfish.Engine.Api;
using Lungfish.Server.Protocol;
using Lungfish.States.Deciding;

namespace Lungfish.Server.StepFunctions;

/// <summary>The members that every answer about an execution shares.</summary>
internal static class ExecutionMembers
{
    public static readonly TextRule StatusRule = TextRule.OneOf(
        // Recorded in sfn_api/test_state_machine_status_filter, in this order.
        "SUCCEEDED", "TIMED_OUT", "PENDING_REDRIVE", "ABORTED", "FAILED", "RUNNING");

    public static void WriteTo(this ExecutionSummary execution, Utf8JsonWriter writer)
    {
        writer.WriteString("executionArn"u8, execution.ExecutionArn);
        writer.WriteString("stateMachineArn"u8, execution.StateMachineArn);
        writer.WriteString("name"u8, execution.Name);
        writer.WriteString("status"u8, NameOf(execution.Status));
        writer.WriteTime("startDate"u8, execution.StartDate);
        if (execution.StopDate is { } stopped)
        {
            writer.WriteTime("stopDate"u8, stopped);
        }

        writer.WriteText("mapRunArn"u8, execution.MapRunArn);
        writer.WriteNumber("redriveCount"u8, 0); // Nothing can be redriven yet.
    }

    public static ReadOnlySpan<byte> NameOf(ExecutionStatus status) => status switch
    {
        ExecutionStatus.Running => "RUNNING"u8,
        ExecutionStatus.Succeeded => "SUCCEEDED"u8,
        ExecutionStatus.Failed => "FAILED"u8,
        ExecutionStatus.TimedOut => "TIMED_OUT"u8,
        ExecutionStatus.Aborted => "ABORTED"u8,
        _ => throw new UnreachableException($"No name for {status}."),
    };

    /// <returns>Null for a status that no execution can have yet.</returns>
    public static ExecutionStatus? StatusOf(string name) => name switch
    {
        "RUNNING" => ExecutionStatus.Running,
        "SUCCEEDED" => ExecutionStatus.Succeeded,
        "FAILED" => ExecutionStatus.Failed,
        "TIMED_OUT" => ExecutionStatus.TimedOut,
        "ABORTED" => ExecutionStatus.Aborted,
        _ => null,
    };
}

internal static class RedriveStatus
{
    public static void Write(Utf8JsonWriter writer, ExecutionStatus status, bool isChild)
    {
        // Recorded in sfn_api/test_describe_execution and base/test_state_fail.
        var isRedrivable = status is ExecutionStatus.Failed or ExecutionStatus.Aborted or ExecutionStatus.TimedOut;
        writer.WriteString(
            "redriveStatus"u8,
            !isRedrivable ? "NOT_REDRIVABLE"u8 : isChild ? "REDRIVABLE_BY_MAP_RUN"u8 : "REDRIVABLE"u8);
        if (!isRedrivable)
        {
            writer.WriteString(
                "redriveStatusReason"u8,
                status == ExecutionStatus.Running
                    ? "Execution is RUNNING and cannot be redriven"u8
                    : "Execution is SUCCEEDED and cannot be redriven"u8);
        }
    }
}

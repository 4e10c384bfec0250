using Lungfish.Engine.Api;
using Lungfish.Engine.Tasks;
using Lungfish.Json;
using Lungfish.States.Deciding;

namespace Lungfish.Integrations.StepFunctions;

/// <summary>What a <c>.sync</c> task comes to when the execution that it started has closed.</summary>
internal static class ChildOutcome
{
    private static readonly JsonObject Included = JsonObject.Of("Included", true);

    /// <param name="parsesPayloads"><c>.sync:2</c> gives Input and Output as JSON, <c>.sync</c> as texts.</param>
    public static TaskOutcome Of(ExecutionDescription child, bool parsesPayloads)
    {
        var hasSucceeded = child.Summary.Status == ExecutionStatus.Succeeded;
        var described = Describe(child, parsesPayloads && hasSucceeded);

        // Measured: whatever the child's own error is, and the cause is the same for both patterns.
        return hasSucceeded
            ? new TaskCompleted(described)
            : new TaskFaulted("States.TaskFailed", described.ToText());
    }

    /// <remarks>Names in their order, as recorded in callback/test_start_execution_sync_delegate_failure; the Redrive
    /// members came later (measured).</remarks>
    private static JsonObject Describe(ExecutionDescription child, bool parsesPayloads)
    {
        var summary = child.Summary;
        var output = new JsonObject.Builder();
        SetIfAny("Cause", child.Cause);
        SetIfAny("Error", child.Error);
        output.Set("ExecutionArn", summary.ExecutionArn);
        SetPayload("Input", child.Input);
        output.Set("Name", summary.Name);
        if (child.Output is { } payload)
        {
            SetPayload("Output", payload);
        }

        var isRedrivable = summary.Status != ExecutionStatus.Succeeded;
        output.Set("RedriveCount", 0);
        output.Set("RedriveStatus", isRedrivable ? "REDRIVABLE" : "NOT_REDRIVABLE");
        SetIfAny("RedriveStatusReason", isRedrivable ? null : "Execution is SUCCEEDED and cannot be redriven");
        output.Set("StartDate", summary.StartDate.ToUnixTimeMilliseconds());
        output.Set("StateMachineArn", summary.StateMachineArn);
        output.Set("Status", TextOf(summary.Status));
        output.Set("StopDate", (summary.StopDate ?? summary.StartDate).ToUnixTimeMilliseconds());
        return output.Build();

        void SetIfAny(string name, string? value)
        {
            if (value is not null)
            {
                output.Set(name, value);
            }
        }

        void SetPayload(string name, string text)
        {
            output.Set(name, parsesPayloads ? JsonValue.Parse(text) : text);
            output.Set(name + "Details", Included);
        }
    }

    private static string TextOf(ExecutionStatus status) => status switch
    {
        ExecutionStatus.Succeeded => "SUCCEEDED",
        ExecutionStatus.Failed => "FAILED",
        ExecutionStatus.TimedOut => "TIMED_OUT",
        ExecutionStatus.Aborted => "ABORTED",
        _ => throw new System.Diagnostics.UnreachableException($"An execution that has closed is {status}."),
    };
}

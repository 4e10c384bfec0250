using System.Globalization;
using Lungfish.Engine;
using Lungfish.Engine.Tasks;

namespace Lungfish.Integrations.StepFunctions;

/// <summary>Refusals of the Step Functions API as tasks see them.</summary>
internal static class StepFunctionsRefusals
{
    // Of the API's model: its errors have names of their own; all others are the service's base exception.
    private static readonly HashSet<string> ModelledErrors = new(StringComparer.Ordinal)
    {
        "ExecutionAlreadyExists", "ExecutionDoesNotExist", "ExecutionLimitExceeded", "InvalidArn",
        "InvalidExecutionInput", "InvalidName", "InvalidOutput", "InvalidToken", "StateMachineDeleting",
        "StateMachineDoesNotExist", "TaskDoesNotExist", "TaskTimedOut", "ValidationException",
    };

    public static TaskFaulted InvalidParameters(TaskAssignment assignment, string problem) => new(
        "States.Runtime",
        $"The Parameters '{assignment.Task.Input.ToText()}' could not be used to start the Task: [{problem}]");

    /// <remarks>Recorded in error_handling/task_service_sfn.test_start_execution_no_such_arn.</remarks>
    public static TaskFaulted OfOptimized(ApiException refusal, TaskAssignment assignment) => new(
        $"StepFunctions.{NameOf(refusal.Code, "AWSStepFunctionsException")}",
        string.Create(
            CultureInfo.InvariantCulture,
            $"{refusal.Message} (Service: AWSStepFunctions; Status Code: {refusal.HttpStatus}; ")
        + $"Error Code: {refusal.Code}; Request ID: {RequestIds.Of(assignment)}; Proxy: null)");

    /// <remarks>Recorded in services_aws_sdk/test_sfn_send_task_outcome_with_no_such_token.</remarks>
    public static TaskFaulted OfSdk(ApiException refusal, TaskAssignment assignment) => new(
        $"Sfn.{NameOf(refusal.Code, "SfnException")}",
        string.Create(
            CultureInfo.InvariantCulture,
            $"{refusal.Message} (Service: Sfn, Status Code: {refusal.HttpStatus}, ")
        + $"Request ID: {RequestIds.Of(assignment)}) (SDK Attempt Count: 1)");

    private static string NameOf(string code, string baseName) => !ModelledErrors.Contains(code)
        ? baseName
        : code.EndsWith("Exception", StringComparison.Ordinal) ? code : code + "Exception";
}

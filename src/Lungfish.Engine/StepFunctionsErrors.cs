namespace Lungfish.Engine;

/// <summary>The refusals of the Step Functions API, with AWS's codes and texts.</summary>
public static class StepFunctionsErrors
{
    public static ApiException StateMachineDoesNotExist(string arn) =>
        new("StateMachineDoesNotExist", $"State Machine Does Not Exist: '{arn}'");

    public static ApiException StateMachineAlreadyExists(string arn) =>
        new("StateMachineAlreadyExists", $"State Machine Already Exists: '{arn}'");

    public static ApiException StateMachineDeleting(string arn) =>
        new("StateMachineDeleting", $"State Machine Deleting: '{arn}'");

    public static ApiException ExecutionDoesNotExist(string arn) =>
        new("ExecutionDoesNotExist", $"Execution Does Not Exist: '{arn}'");

    public static ApiException ExecutionAlreadyExists(string arn) =>
        new("ExecutionAlreadyExists", $"Execution Already Exists: '{arn}'");

    public static ApiException ActivityDoesNotExist(string arn) =>
        new("ActivityDoesNotExist", $"Activity Does Not Exist: '{arn}'");

    /// <param name="reason">Such as <c>Invalid ARN prefix: …</c>.</param>
    public static ApiException InvalidArn(string reason) => new("InvalidArn", $"Invalid Arn: '{reason}'");

    public static ApiException InvalidName(string name) => new("InvalidName", $"Invalid Name: '{name}'");

    /// <param name="diagnostics">Written as AWS does: <c>CODE: message at location</c>, joined by commas.</param>
    public static ApiException InvalidDefinition(string diagnostics) =>
        new("InvalidDefinition", $"Invalid State Machine Definition: '{diagnostics}'");

    /// <summary>The definition is right, but not one that TestState can test.</summary>
    public static ApiException StateNotTestable(string reason) => new("InvalidDefinition", reason);

    public static ApiException InvalidTest(string reason) => new("ValidationException", reason);

    /// <param name="message">AWS has a form of its own for labels of Map states.</param>
    public static ApiException InvalidLabel(string message) => new("InvalidDefinition", message);

    public static ApiException InvalidExecutionInput(string reason) =>
        new("InvalidExecutionInput", $"Invalid State Machine Execution Input: '{reason}'");

    public static ApiException InvalidOutput(string reason) => new("InvalidOutput", $"Invalid Output: '{reason}'");

    public static ApiException InvalidLoggingConfiguration(string reason) =>
        new("InvalidLoggingConfiguration", $"Invalid Logging Configuration: {reason}");

    public static ApiException InvalidTracingConfiguration(string reason) =>
        new("InvalidTracingConfiguration", $"Invalid Tracing Configuration: {reason}");

    public static ApiException InvalidEncryptionConfiguration(string reason) =>
        new("InvalidEncryptionConfiguration", $"Invalid Encryption Configuration: {reason}");

    public static ApiException StateMachineTypeNotSupported(string reason) =>
        new("StateMachineTypeNotSupported", reason);

    public static ApiException TooManyTags(string name) =>
        new("TooManyTags", "A resource can have at most 50 tags.", 400, ("resourceName", name));

    public static ApiException ResourceNotFound(string arn) =>
        new("ResourceNotFound", $"Resource not found: '{arn}'", 400, ("resourceName", arn));

    /// <summary>Documented: the reason is a member of its own. The words are ours.</summary>
    public static ApiException MapRunIsOver(string arn) => new(
        "ValidationException",
        $"The Map Run '{arn}' is not running any more and cannot be updated",
        400,
        ("reason", "CANNOT_UPDATE_COMPLETED_MAP_RUN"));

    public static ApiException MissingRequiredParameter() => new(
        "MissingRequiredParameter",
        "Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified");

    /// <summary>For task tokens and page tokens that we never gave out.</summary>
    public static ApiException InvalidToken() => new("InvalidToken", "Invalid Token: 'Invalid token'");

    /// <summary>The token is genuine, but its task has been answered, has timed out, or is gone.</summary>
    public static ApiException TaskTimedOut() =>
        new("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'");

    /// <summary>Too much is waiting already. AWS SDKs try again by themselves.</summary>
    public static ApiException Throttled(string reason = "Rate exceeded") => new("ThrottlingException", reason);

    /// <summary>Nobody knows whether it happened, or it did not: AWS SDKs try again by themselves.</summary>
    public static ApiException Unavailable(string reason) => new("ServiceUnavailable", reason, httpStatus: 503);

    /// <summary>The error of an execution that is running by its journal, and does not go on.</summary>
    public const string SetAside = "LUNGFISH.SetAside";

    /// <summary>The execution hit a bug of ours and was set aside.</summary>
    public static ApiException ExecutionSetAside(string arn, string reason) => new(
        "InternalFailure",
        $"Execution '{arn}' was set aside because of an internal error, see the server's log: {reason}",
        httpStatus: 500);
}

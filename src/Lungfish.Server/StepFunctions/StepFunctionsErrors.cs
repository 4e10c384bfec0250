using Lungfish.Engine;

namespace Lungfish.Server.StepFunctions;

/// <summary>What the edge itself refuses; the engine refuses the rest.</summary>
internal static class StepFunctionsErrors
{
    // Recorded in sfn_api_activities/test_describe_activity_invalid_arn.
    public static ApiException InvalidArnPrefix(string given) =>
        new("InvalidArn", $"Invalid Arn: 'Invalid ARN prefix: {given}'");

    // Recorded in sfn_api_express.
    public static ApiException InvalidArnType(string type) =>
        new("InvalidArn", $"Invalid Arn: 'Resource type not valid in this context: {type}'");

    // Recorded in sfn_api_activities/test_create_activity_invalid_name.
    public static ApiException InvalidName(string name) => new("InvalidName", $"Invalid Name: '{name}'");

    // Recorded in sfn_api/test_invalid_start_execution_input.
    public static ApiException InvalidExecutionInput(string why) =>
        new("InvalidExecutionInput", $"Invalid State Machine Execution Input: '{why}'");

    public static ApiException InvalidOutput(string why) => new("InvalidOutput", $"Invalid Output: '{why}'");

    // Recorded in sfn_api/test_create_update_state_machine_base_update_none.
    public static ApiException NothingToUpdate() => new(
        "MissingRequiredParameter",
        "Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified");

    public static ApiException InvalidLogging(string why) =>
        new("InvalidLoggingConfiguration", $"Invalid Logging Configuration: {why}");

    public static ApiException InvalidEncryption(string why) =>
        new("InvalidEncryptionConfiguration", $"Invalid Encryption Configuration: {why}");

    public static ApiException TypeNotSupported() => new(
        "StateMachineTypeNotSupported", "EXPRESS state machines are not supported by this server yet.");

    public static ApiException ResourceNotFound(string arn) =>
        new("ResourceNotFound", $"Resource not found: '{arn}'", 400, ("resourceName", arn));
}

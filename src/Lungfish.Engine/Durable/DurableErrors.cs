namespace Lungfish.Engine.Durable;

/// <summary>The refusals of the durable operations of the Lambda API, with its codes and statuses.</summary>
internal static class DurableErrors
{
    /// <summary>The SDKs match on how this begins, letter by letter: they then give up this invocation, not the
    /// execution.</summary>
    public static ApiException InvalidCheckpointToken() => Invalid(
        "Invalid Checkpoint Token: it was not given out for this execution, or has been used, or the invocation that "
        + "it was given to is over.");

    public static ApiException InvalidCallbackId() =>
        Invalid("Invalid Callback ID: it was never given out by this server.");

    public static ApiException InvalidArn(string arn) => Invalid($"Invalid durable execution ARN: {arn}");

    public static ApiException InvalidName(string name) => Invalid(
        $"Invalid durable execution name '{name}': it must have 1 to 64 letters, digits, hyphens and underscores.");

    public static ApiException InvalidMarker() =>
        Invalid("Invalid Marker: it was given out for another request, or is older than 24 hours.");

    /// <summary>For the operations whose model knows no 404.</summary>
    public static ApiException UnknownExecution(string arn) => Invalid($"There is no durable execution {arn}");

    public static ApiException ExecutionNotFound(string arn) =>
        new("ResourceNotFoundException", $"Durable execution not found: {arn}", 404);

    public static ApiException FunctionNotFound(string arn) =>
        new("ResourceNotFoundException", $"Function not found: {arn}", 404);

    public static ApiException AlreadyStarted(string arn) => new(
        "DurableExecutionAlreadyStartedException",
        $"A durable execution with this name and another input has already been started: {arn}",
        409);

    public static ApiException CallbackTimeout() => new(
        "CallbackTimeoutException", "The callback has been completed, has timed out, or its execution has ended.");

    public static ApiException TooManyRequests() => new("TooManyRequestsException", "Rate Exceeded.", 429);

    public static ApiException NotRedrivable(string arn, string status) =>
        Invalid($"Only an execution that failed, timed out or was stopped can be redriven: {arn} is {status}.");

    /// <summary>The engine's own refusals in this API's words. SDKs try again after 429 and 5xx, and after no other
    /// 4xx; 503 says that it may be better in a moment.</summary>
    public static ApiException Translate(ApiException refusal) => refusal switch
    {
        { Code: "ThrottlingException" } => TooManyRequests(),
        { HttpStatus: >= 500 } => new ApiException("ServiceException", refusal.Message, refusal.HttpStatus),
        _ => refusal,
    };

    private static ApiException Invalid(string message) => new("InvalidParameterValueException", message);
}

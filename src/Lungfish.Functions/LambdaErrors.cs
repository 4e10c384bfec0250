using Lungfish.Engine;

namespace Lungfish.Functions;

/// <summary>The refusals of the Lambda API, with its codes, statuses and texts.</summary>
public static class LambdaErrors
{
    public static ApiException FunctionNotFound(string functionArn) =>
        new("ResourceNotFoundException", $"Function not found: {functionArn}", 404);

    public static ApiException FunctionExists(string name) =>
        new("ResourceConflictException", $"Function already exist: {name}", 409);

    public static ApiException AliasNotFound(string aliasArn) =>
        new("ResourceNotFoundException", $"Cannot find alias arn: {aliasArn}", 404);

    public static ApiException AliasExists(string aliasArn) => Conflict($"Alias already exists: {aliasArn}");

    public static ApiException Conflict(string message) => new("ResourceConflictException", message, 409);

    public static ApiException InvalidParameter(string message) => new("InvalidParameterValueException", message);

    /// <summary>Its executions are pinned to a version, so the caller must say which.</summary>
    public static ApiException UnqualifiedDurableFunction() =>
        InvalidParameter("You cannot invoke a durable function using an unqualified ARN.");

    /// <summary>A value that breaks a constraint of the API's model.</summary>
    public static ApiException Validation(params IReadOnlyList<string> failures) => new(
        "ValidationException",
        $"{failures.Count} validation error{(failures.Count == 1 ? "" : "s")} detected: {string.Join("; ", failures)}");

    /// <summary>A part of the API that AWS has and this server does not, named so that nobody searches for
    /// long.</summary>
    public static ApiException NotSupported(string what) =>
        InvalidParameter($"{what} is not supported by Lungfish yet.");

    public static ApiException RevisionMismatch() => new(
        "PreconditionFailedException",
        "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve "
        + "the latest Revision Id",
        412);

    public static ApiException RequestTooLarge(long bytesMax, string operation) => new(
        "RequestEntityTooLargeException",
        $"Request must be smaller than {bytesMax} bytes for the {operation} operation",
        413);

    /// <summary>Documented in the model, of Invoke only.</summary>
    public static ApiException PayloadTooLarge(long bytesMax) => new(
        "RequestTooLargeException",
        $"Request must be smaller than {bytesMax} bytes for the InvokeFunction operation",
        413);

    public static ApiException InvalidRequestContent(string reason) => new(
        "InvalidRequestContentException",
        $"Could not parse request body into json: Could not parse payload into json: {reason}");

    public static ApiException Throttled() => new(
        "TooManyRequestsException",
        "Rate Exceeded.",
        429,
        ("Reason", "ReservedFunctionConcurrentInvocationLimitExceeded"));

    /// <summary>This machine cannot run the function; the message says what to install.</summary>
    public static ApiException RuntimeMissing(string message) => new("InvalidRuntimeException", message, 502);

    public static ApiException ServiceStopping() => new("ServiceException", "The server is stopping.", 503);
}

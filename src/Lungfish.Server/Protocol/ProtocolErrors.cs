using Lungfish.Engine;

namespace Lungfish.Server.Protocol;

/// <summary>Refusals that every AWS JSON service shares.</summary>
internal static class ProtocolErrors
{
    public const string ValidationException = "ValidationException";

    public static ApiException Validation(string message) => new(ValidationException, message);

    public static ApiException Unreadable(string message) => new("SerializationException", message);

    public static ApiException UnknownOperation(string? target) => new(
        "UnknownOperationException",
        target is null
            ? "The X-Amz-Target header is missing."
            : $"The operation '{target}' is not known to this server.");

    public static ApiException TooLarge(int bytesMax) => new(
        "RequestEntityTooLarge", $"The request body must not be larger than {bytesMax} bytes.", 413);

    public static ApiException Throttled() => new("ThrottlingException", "Rate exceeded");

    public static ApiException Unavailable(string message) => new("ServiceUnavailable", message, 503);

    /// <summary>The answer to a bug of ours. Nothing of it is shown; the log has it under the request's id.</summary>
    public static ApiException Internal() => new(
        "InternalFailure", "The server failed to handle this request; its log tells why.", 500);
}

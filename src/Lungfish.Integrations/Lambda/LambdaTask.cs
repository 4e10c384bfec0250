using System.Diagnostics;
using System.Globalization;
using Lungfish.Engine;
using Lungfish.Engine.Tasks;
using Lungfish.Functions;
using Lungfish.Json;

namespace Lungfish.Integrations.Lambda;

/// <summary>What both ways of calling a function from a Task have in common.</summary>
internal static class LambdaTask
{
    // Of the API model of 2015-03-31: what Invoke can answer. Errors that are not modelled carry the service's base
    // name.
    private static readonly HashSet<string> ModelledErrors = new(StringComparer.Ordinal)
    {
        "DurableExecutionAlreadyStartedException",
        "InvalidParameterValueException",
        "InvalidRequestContentException",
        "InvalidRuntimeException",
        "InvalidZipFileException",
        "NoPublishedVersionException",
        "RecursiveInvocationException",
        "RequestTooLargeException",
        "ResourceConflictException",
        "ResourceNotFoundException",
        "ResourceNotReadyException",
        "SerializedRequestEntityTooLargeException",
        "ServiceException",
        "TooManyRequestsException",
        "UnsupportedMediaTypeException",
    };

    /// <summary>A refusal of the Lambda API as a Task sees it.</summary>
    /// <remarks>Recorded in error_handling/task_service_lambda.test_no_such_function_catch.</remarks>
    public static TaskFaulted Refused(ApiException refusal, string requestId)
    {
        var name = ModelledErrors.Contains(refusal.Code) ? refusal.Code : "AWSLambdaException";
        return new(
            $"Lambda.{name}",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{refusal.Message} (Service: AWSLambda; Status Code: {refusal.HttpStatus}; ")
            + $"Error Code: {refusal.Code}; Request ID: {requestId}; Proxy: null)");
    }

    /// <summary>A function that failed: the error that it names, and what it answered as the cause.</summary>
    /// <param name="verbatim">The function's own text is the cause; otherwise the same JSON without spaces.</param>
    public static TaskFaulted Failed(InvokeResult result, bool verbatim)
    {
        Debug.Assert(result.FunctionError is not null, "Only an invocation that failed has an error.");
        var payload = ReadPayload(result);
        var text = System.Text.Encoding.UTF8.GetString(result.Payload.Span);
        return payload is JsonObject error && error["errorType"] is JsonString { Value: { Length: > 0 } errorType }
            ? new(errorType, verbatim ? text : payload.ToText())
            : new(
                "Lambda.Unknown",
                "The cause could not be determined because Lambda did not return an error type. "
                + $"Returned payload: {text}");
    }

    /// <summary>What the function answered; text that is not JSON counts as a string.</summary>
    public static JsonValue ReadPayload(InvokeResult result)
    {
        try
        {
            return JsonValue.Parse(result.Payload.Span);
        }
        catch (JsonParseException)
        {
            return System.Text.Encoding.UTF8.GetString(result.Payload.Span);
        }
    }
}

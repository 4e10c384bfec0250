namespace Lungfish.DurableFunctions;

/// <summary>A call to the service was refused, or did not reach it.</summary>
public sealed class DurableServiceException : DurableExecutionException
{
    // Documented for the field's SDKs: these key errors arrive as 502, yet no retry mends them.
    private static readonly string[] s_permanentKeyErrors =
    [
        "KMSAccessDeniedException", "KMSDisabledException", "KMSInvalidStateException", "KMSNotFoundException",
    ];

    /// <summary>Makes one.</summary>
    /// <param name="message">The service's own sentence, or what the network said.</param>
    /// <param name="errorCode">The service's name for the error, or null.</param>
    /// <param name="statusCode">The HTTP status, or null if no answer came.</param>
    /// <param name="innerException">The cause, or null.</param>
    public DurableServiceException(
        string message, string? errorCode = null, int? statusCode = null, Exception? innerException = null)
        : base(message, innerException)
    {
        ErrorCode = errorCode;
        StatusCode = statusCode;
    }

    /// <summary>The service's name for the error, such as <c>InvalidParameterValueException</c>.</summary>
    public string? ErrorCode { get; }

    /// <summary>The HTTP status; null if no answer came.</summary>
    public int? StatusCode { get; }

    /// <summary>Another invocation has taken over, or the execution has ended: this one has no say any more.</summary>
    public bool IsInvalidToken =>
        StatusCode == 400 && ErrorCode == "InvalidParameterValueException"
        && Message.StartsWith("Invalid Checkpoint Token", StringComparison.Ordinal);

    /// <summary>Whether the same call could go well later: throttled, a server's fault, or no answer.</summary>
    public bool IsTransient =>
        !s_permanentKeyErrors.Contains(ErrorCode, StringComparer.Ordinal)
        && StatusCode is null or 408 or 429 or >= 500;

    /// <summary>Whether the execution fails on it, rather than the invocation being repeated.</summary>
    public bool IsPermanent => !IsTransient && !IsInvalidToken;
}

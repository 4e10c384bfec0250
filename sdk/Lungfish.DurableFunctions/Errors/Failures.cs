namespace Lungfish.DurableFunctions;

/// <summary>The exceptions of contexts, made from what the checkpoint keeps: the same live and on replay.</summary>
internal static class Failures
{
    private static readonly string? s_submitter = typeof(CallbackSubmitterException).FullName;

    public static ChildContextException OfContext(string subType, ErrorObject error) =>
        new(error.ErrorMessage ?? "The child context failed.")
        {
            SubType = subType,
            ErrorType = error.ErrorType,
            ErrorData = error.ErrorData,
            OriginalStackTrace = error.StackTrace,
        };

    /// <summary>
    /// What the context around a callback fails with when the submitter did. The context's error must tell that from
    /// a failure that the outside system sent, whose type may be any word: so it has its own type, and the original
    /// one is its data.
    /// </summary>
    public static CallbackSubmitterException OfSubmitter(StepException step) => new(step.Message)
    {
        ErrorType = s_submitter,
        ErrorData = step.ErrorType,
        OriginalStackTrace = step.OriginalStackTrace,
    };

    public static CallbackException OfCallback(ErrorObject error)
    {
        var message = error.ErrorMessage ?? "The callback brought no result.";
        var (type, data, stack) = (error.ErrorType, error.ErrorData, error.StackTrace);
        if (type == s_submitter)
        {
            return new CallbackSubmitterException(message)
            {
                ErrorType = data, // To the author it is what the submitter threw, as of any other step.
                OriginalStackTrace = stack,
            };
        }

        return type is "Callback.Timeout" or "Callback.Heartbeat" || type == typeof(CallbackTimeoutException).FullName
            ? new CallbackTimeoutException(message)
            {
                ErrorType = type,
                ErrorData = data,
                OriginalStackTrace = stack,
            }
            : new CallbackFailedException(message)
            {
                ErrorType = type,
                ErrorData = data,
                OriginalStackTrace = stack,
            };
    }
}

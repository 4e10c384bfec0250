namespace Lungfish.States.Validation;

/// <summary>Something wrong, or dubious, in a definition.</summary>
/// <param name="Code">AWS's code, such as <c>SCHEMA_VALIDATION_FAILED</c>; see <see cref="DiagnosticCodes"/>.</param>
/// <param name="Message">What is wrong, in AWS's words where they are known.</param>
/// <param name="Location">AWS's pointer, such as <c>/States/A/Choices[0]/Next</c>; null where AWS has none.</param>
/// <param name="Line">Counts from 1; 0 if it is not known.</param>
/// <param name="Column">In characters; counts from 1; 0 if it is not known.</param>
/// <param name="Hint">What to do about it.</param>
public sealed record Diagnostic(
    DiagnosticSeverity Severity,
    string Code,
    string Message,
    string? Location,
    int Line,
    int Column,
    string? Hint)
{
    /// <summary>The place as a JSON pointer (RFC 6901), empty for the whole; null if the text is no JSON.</summary>
    public string? Pointer { get; init; }

    /// <summary>As AWS prints it in an InvalidDefinition error: <c>CODE: message at location</c>.</summary>
    /// <remarks>Measured: a place that is not there is printed as null.</remarks>
    public override string ToString() => $"{Code}: {Message} at {Location ?? "null"}";
}

public enum DiagnosticSeverity
{
    Error,
    Warning,
}

/// <summary>The codes that diagnostics carry: AWS's own, and one for what this program cannot do yet.</summary>
public static class DiagnosticCodes
{
    public const string DuplicateLabel = "DUPLICATE_LABEL_NAME";
    public const string DuplicateStateName = "DUPLICATE_STATE_NAME";
    public const string DuplicateVariableName = "DUPLICATE_VARIABLE_NAME";
    /// <summary>Our own warning: an error name in <c>ErrorEquals</c> that no error ever has.</summary>
    public const string ErrorNeverMatches = "ERROR_NEVER_MATCHES";

    public const string InvalidJson = "INVALID_JSON_DESCRIPTION";
    public const string InvalidJsonata = "INVALID_JSONATA_EXPRESSION";
    public const string InvalidStateName = "INVALID_STATE_NAME";
    public const string InvalidVariableName = "INVALID_VARIABLE_NAME";
    public const string MissingEndState = "MISSING_END_STATE";
    public const string MissingTarget = "MISSING_TRANSITION_TARGET";
    public const string NoDollar = "NO_DOLLAR";
    public const string NoPath = "NO_PATH";
    public const string PassResultIsStatic = "PASS_RESULT_IS_STATIC";
    public const string ReservedVariableName = "RESERVED_VARIABLE_NAME";
    public const string Schema = "SCHEMA_VALIDATION_FAILED";
    public const string TooDeeplyNested = "TOO_DEEPLY_NESTED";
    public const string UnsupportedJsonata = "UNSUPPORTED_JSONATA_EXPRESSION";

    /// <summary>Our own: AWS gives no code for a bad label.</summary>
    public const string InvalidLabel = "INVALID_LABEL";

    /// <summary>Our own warning: a task that waits for its token and never gives it away.</summary>
    public const string TaskTokenNotPassed = "TASK_TOKEN_NOT_PASSED";

    /// <summary>Valid on AWS, and refused here so that it cannot surprise at run time.</summary>
    public const string NotSupportedYet = "NOT_SUPPORTED_BY_LUNGFISH";
}

namespace Lungfish.States.Validation;

/// <summary>Something wrong, or dubious, in a definition.</summary>
/// <param name="Code">AWS's code, such as <c>SCHEMA_VALIDATION_FAILED</c>.</param>
/// <param name="Message">What is wrong, in AWS's words where they are known.</param>
/// <param name="Location">AWS's location: a pointer such as <c>/States/A/Choices[0]/Next</c>.</param>
/// <param name="Line">Counts from 1; 0 if it is not known.</param>
/// <param name="Column">Counts from 1; 0 if it is not known.</param>
/// <param name="Hint">What to do about it.</param>
public sealed record Diagnostic(
    DiagnosticSeverity Severity,
    string Code,
    string Message,
    string? Location,
    int Line,
    int Column,
    string? Hint);

public enum DiagnosticSeverity
{
    Error,
    Warning,
}

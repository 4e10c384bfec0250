using System.Collections.Immutable;

namespace Lungfish.Durable;

/// <summary>Why an operation, an invocation or an execution failed, in the members of the API's ErrorObject. An
/// absent member is null.</summary>
public sealed record ErrorObject
{
    /// <summary>All members absent: a callback that failed without a word.</summary>
    public static readonly ErrorObject Empty = new();

    public string? ErrorType { get; init; }

    public string? ErrorMessage { get; init; }

    public string? ErrorData { get; init; }

    /// <summary>Default if absent.</summary>
    public ImmutableArray<string> StackTrace { get; init; }

    public bool Equals(ErrorObject? other) =>
        other is not null
        && ErrorType == other.ErrorType
        && ErrorMessage == other.ErrorMessage
        && ErrorData == other.ErrorData
        && StackTrace.IsDefault == other.StackTrace.IsDefault
        && (StackTrace.IsDefault || StackTrace.AsSpan().SequenceEqual(other.StackTrace.AsSpan()));

    // Lengths: hashes of texts differ from process to process.
    public override int GetHashCode() => ((ErrorType?.Length ?? 0) * 31) + (ErrorMessage?.Length ?? 0);
}

using Lungfish.Json;

namespace Lungfish.States.Testing;

/// <summary>What came of a test.</summary>
public sealed record StateTestResult
{
    public required StateTestStatus Status { get; init; }

    /// <summary>What the next state would get; null if the state failed or would be tried again.</summary>
    public JsonValue? Output { get; init; }

    public string? Error { get; init; }

    public string? Cause { get; init; }

    /// <summary>Null if the state ends its flow or was not left.</summary>
    public string? NextState { get; init; }

    public required StateInspection Inspection { get; init; }
}

public enum StateTestStatus
{
    Succeeded,

    Failed,

    /// <summary>A retrier would try the state again.</summary>
    Retriable,

    /// <summary>A catcher took the error.</summary>
    CaughtError,
}

using Microsoft.Extensions.Logging;

namespace Lungfish.DurableFunctions.Testing;

/// <summary>One run of the function's code that has ended.</summary>
/// <param name="RequestId">Its id.</param>
/// <param name="StartedAt">When it started.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="Error">Why it broke off; null if it returned, be it only to wait.</param>
public sealed record TestInvocation(
    string RequestId, DateTimeOffset StartedAt, DateTimeOffset EndedAt, ErrorObject? Error);

/// <summary>A line that the function logged.</summary>
/// <param name="Timestamp">By the clock of the test.</param>
/// <param name="Level">Its level.</param>
/// <param name="Message">The text, formatted.</param>
/// <param name="Exception">What was logged with it, or null.</param>
/// <param name="Properties">The values that the text and the scopes around it name.</param>
public sealed record TestLogLine(
    DateTimeOffset Timestamp,
    LogLevel Level,
    string Message,
    Exception? Exception,
    IReadOnlyDictionary<string, object?> Properties);

/// <summary>Where a durable execution stands.</summary>
public enum ExecutionStatus
{
    /// <summary>It has not ended.</summary>
    Running,

    /// <summary>It ended with a result.</summary>
    Succeeded,

    /// <summary>It ended with an error.</summary>
    Failed,

    /// <summary>It took longer than it may.</summary>
    TimedOut,

    /// <summary>It was stopped from outside.</summary>
    Stopped,
}

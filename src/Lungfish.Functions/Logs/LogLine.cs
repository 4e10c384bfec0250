namespace Lungfish.Functions;

/// <summary>One line that a function, or the platform on its behalf, has written.</summary>
/// <param name="RequestId">Null: written outside of an invocation, while the process started for instance.</param>
/// <param name="Version">The function's version.</param>
public sealed record LogLine(DateTimeOffset Time, string? RequestId, string Version, string Text);

/// <summary>Which lines of a function to read; all properties narrow.</summary>
public sealed record LogFilter
{
    public DateTimeOffset? Since { get; init; }

    public string? RequestId { get; init; }

    public string? Version { get; init; }

    /// <summary>Only the last ones of those that are there; null: all that are kept.</summary>
    public int? Last { get; init; }

    /// <summary>Go on with lines as they are written, until cancelled.</summary>
    public bool Follow { get; init; }

    internal bool Matches(LogLine line) =>
        (Since is null || line.Time >= Since) && (RequestId is null || line.RequestId == RequestId)
        && (Version is null || line.Version == Version);
}

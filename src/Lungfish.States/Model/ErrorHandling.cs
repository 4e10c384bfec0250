using System.Collections.Immutable;

namespace Lungfish.States.Model;

/// <summary>One element of <c>Retry</c>.</summary>
public sealed record Retrier
{
    public required ImmutableArray<string> ErrorEquals { get; init; }

    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    public long AttemptsMax { get; init; } = 3;

    public double BackoffRate { get; init; } = 2.0;

    public TimeSpan? DelayMax { get; init; }

    /// <summary><c>JitterStrategy: FULL</c>: the delay is drawn uniformly from nothing to the full one.</summary>
    public bool FullJitter { get; init; }
}

/// <summary>One element of <c>Catch</c>.</summary>
public sealed record Catcher
{
    public required ImmutableArray<string> ErrorEquals { get; init; }

    public required string Next { get; init; }

    /// <summary>How the state is left: ResultPath or Output, and Assign; the result is the Error Output.</summary>
    public DataFlow Data { get; init; } = JsonPathFlow.Default;
}

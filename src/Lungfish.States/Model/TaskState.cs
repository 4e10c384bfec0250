using System.Collections.Immutable;
using Lungfish.States.JsonPath;

namespace Lungfish.States.Model;

/// <summary>A state that has work done by a function, an activity's worker or a service.</summary>
public sealed record TaskState : State
{
    public required TaskResource Resource { get; init; }

    public DataFlow Data { get; init; } = DataFlow.Default;

    public ImmutableArray<Retrier> Retry { get; init; } = [];

    public ImmutableArray<Catcher> Catch { get; init; } = [];

    /// <summary>Null: no limit but the execution's.</summary>
    public SecondsField? Timeout { get; init; }

    public SecondsField? Heartbeat { get; init; }

    public required string? Next { get; init; } // Null: this state ends its branch.
}

/// <summary>A number of seconds, written down or found in the input.</summary>
public abstract record SecondsField
{
    private protected SecondsField() { }
}

public sealed record LiteralSeconds(long Seconds) : SecondsField;

/// <param name="Path">TimeoutSecondsPath, HeartbeatSecondsPath, SecondsPath: must find a whole number.</param>
public sealed record SecondsAtPath(PathExpression Path) : SecondsField;

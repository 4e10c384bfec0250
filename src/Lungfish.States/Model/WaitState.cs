using Lungfish.States.JsonPath;

namespace Lungfish.States.Model;

/// <summary>A state that does nothing until a moment in time.</summary>
public sealed record WaitState : State
{
    public PathField InputPath { get; init; } = PathField.Whole;

    public PathField OutputPath { get; init; } = PathField.Whole;

    public required WaitUntil Until { get; init; }

    public required string? Next { get; init; } // Null: this state ends its branch.
}

public abstract record WaitUntil
{
    private protected WaitUntil() { }
}

/// <summary><c>Seconds</c> or <c>SecondsPath</c>.</summary>
public sealed record WaitSeconds(SecondsField Seconds) : WaitUntil;

/// <summary><c>Timestamp</c>: checked when the definition was parsed.</summary>
public sealed record WaitTimestamp(DateTimeOffset Timestamp) : WaitUntil;

public sealed record WaitTimestampPath(PathExpression Path) : WaitUntil;

namespace Lungfish.States.Model;

/// <summary>A state that does nothing until a moment in time.</summary>
public sealed record WaitState : State
{
    public required WaitUntil Until { get; init; }

    public required string? Next { get; init; } // Null: this state ends its branch.
}

public abstract record WaitUntil
{
    private protected WaitUntil() { }
}

/// <summary><c>Seconds</c> or <c>SecondsPath</c>.</summary>
public sealed record WaitSeconds(Field<long> Seconds) : WaitUntil;

/// <summary><c>Timestamp</c> or <c>TimestampPath</c>.</summary>
public sealed record WaitTimestamp(Field<DateTimeOffset> Timestamp) : WaitUntil;

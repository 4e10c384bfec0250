using System.Collections.Immutable;

namespace Lungfish.States.Model;

/// <summary>A state that has work done by a function, an activity's worker or a service.</summary>
public sealed record TaskState : State
{
    public required TaskResource Resource { get; init; }

    public ImmutableArray<Retrier> Retry { get; init; } = [];

    public ImmutableArray<Catcher> Catch { get; init; } = [];

    /// <summary>In seconds; null: no limit but the execution's.</summary>
    public Field<long>? Timeout { get; init; }

    /// <summary>In seconds.</summary>
    public Field<long>? Heartbeat { get; init; }

    /// <summary>The role that the task is run with; null: that of the state machine.</summary>
    public Field<string>? RoleArn { get; init; }

    public required string? Next { get; init; } // Null: this state ends its branch.
}

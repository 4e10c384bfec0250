using System.Collections.Immutable;

namespace Lungfish.States.Model;

/// <summary>A state that runs branches side by side; its result is the array of their outputs.</summary>
public sealed record ParallelState : State
{
    public required ImmutableArray<Flow> Branches { get; init; }

    public ImmutableArray<Retrier> Retry { get; init; } = [];

    public ImmutableArray<Catcher> Catch { get; init; } = [];

    public required string? Next { get; init; } // Null: this state ends its branch.
}

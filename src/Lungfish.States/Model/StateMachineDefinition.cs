using System.Collections.Immutable;

namespace Lungfish.States.Model;

/// <summary>A state machine as its definition declares it, parsed and validated.</summary>
public sealed record StateMachineDefinition
{
    public required Flow Flow { get; init; }

    public string? Comment { get; init; }

    /// <summary>The limit for a whole execution; null means none below the service's own of a year.</summary>
    public TimeSpan? Timeout { get; init; }
}

/// <summary>States with a first one: a machine's top level, a Parallel's branch or a Map's item processor.</summary>
public sealed record Flow
{
    public required string StartAt { get; init; }

    public required ImmutableDictionary<string, State> States { get; init; }
}

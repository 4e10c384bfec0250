using System.Collections.Immutable;

namespace Lungfish.States.Model;

/// <summary>A state machine as its definition declares it, parsed and validated.</summary>
public sealed record StateMachineDefinition
{
    public required Flow Flow { get; init; }

    public string? Comment { get; init; }

    /// <summary>The limit for a whole execution; null means none below the service's own of a year.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The variables that each state reads, nested states too; those that read none are not here.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<string>> VariableReferences() => Flow.AllStates()
        .Where(state => !state.VariablesRead.IsEmpty)
        .ToImmutableSortedDictionary(state => state.Name, state => state.VariablesRead, StringComparer.Ordinal);
}

/// <summary>States with a first one: a machine's top level, a Parallel's branch or a Map's item processor.</summary>
public sealed record Flow
{
    public required string StartAt { get; init; }

    public required ImmutableDictionary<string, State> States { get; init; }

    /// <summary>The states of this flow and of the flows inside it.</summary>
    public IEnumerable<State> AllStates() => States.Values.SelectMany(state => InnerFlows(state)
        .SelectMany(flow => flow.AllStates())
        .Prepend(state));

    private static IEnumerable<Flow> InnerFlows(State state) => state switch
    {
        ParallelState parallel => parallel.Branches,
        MapState map => [map.ItemProcessor],
        _ => [],
    };
}

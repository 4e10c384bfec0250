using System.Collections.Immutable;

namespace Lungfish.States.Model;

/// <summary>One state of a state machine, as its definition declares it.</summary>
public abstract record State
{
    private protected State() { } // Closed: only this assembly adds state types.

    /// <summary>The key under <c>States</c>; unique in its state machine, at most 80 characters.</summary>
    public required string Name { get; init; }

    public string? Comment { get; init; }

    /// <summary>What shapes its input and output, in the query language of the state.</summary>
    public DataFlow Data { get; init; } = JsonPathFlow.Default;

    /// <summary>The variables that its own fields read, in ordinal order; not those of states inside it.</summary>
    public ImmutableArray<string> VariablesRead { get; init; } = [];
}

/// <summary>The language in which a state reads its data.</summary>
public enum QueryLanguage
{
    JsonPath,
    Jsonata,
}

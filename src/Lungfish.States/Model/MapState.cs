using System.Collections.Immutable;
using Lungfish.States.JsonPath;

namespace Lungfish.States.Model;

/// <summary>A state that runs one flow for each item of an array; its result is the array of the outputs.</summary>
public sealed record MapState : State
{
    public required Flow ItemProcessor { get; init; }

    /// <summary>Its Parameters are <c>ItemSelector</c> (once <c>Parameters</c>), evaluated for each item.</summary>
    public DataFlow Data { get; init; } = DataFlow.Default;

    /// <summary>Picks the array from the effective input.</summary>
    public PathExpression ItemsPath { get; init; } = PathExpression.Whole;

    /// <summary>How many items run at once; 0 is as many as there are.</summary>
    public ConcurrencyField MaxConcurrency { get; init; } = new(0, null);

    public ImmutableArray<Retrier> Retry { get; init; } = [];

    public ImmutableArray<Catcher> Catch { get; init; } = [];

    public required string? Next { get; init; } // Null: this state ends its branch.
}

/// <summary>A literal number, or a path that finds one.</summary>
public sealed record ConcurrencyField(int Literal, PathExpression? Path);

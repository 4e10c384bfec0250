using System.Collections.Immutable;
using Lungfish.States.Jsonata;
using Lungfish.States.JsonPath;

namespace Lungfish.States.Model;

/// <summary>A state that runs one flow for each item of an array; its result is the array of the outputs.</summary>
public sealed record MapState : State
{
    public required Flow ItemProcessor { get; init; }

    public MapItems Items { get; init; } = ItemsAtPath.Input;

    /// <summary>Composes the input of one iteration; null passes the item. Once called Parameters.</summary>
    public Template? ItemSelector { get; init; }

    /// <summary>How many items run at once; 0 is as many as there are.</summary>
    public Field<long> MaxConcurrency { get; init; } = new Literal<long>(0);

    public Field<long>? ToleratedFailureCount { get; init; }

    public Field<double>? ToleratedFailurePercentage { get; init; }

    /// <summary>Null in the mode INLINE.</summary>
    public DistributedMap? Distributed { get; init; }

    public ImmutableArray<Retrier> Retry { get; init; } = [];

    public ImmutableArray<Catcher> Catch { get; init; } = [];

    public required string? Next { get; init; } // Null: this state ends its branch.
}

/// <summary>Where a Map finds what it iterates.</summary>
public abstract record MapItems
{
    private protected MapItems() { }
}

/// <summary><c>ItemsPath</c>, over the effective input.</summary>
public sealed record ItemsAtPath(PathExpression Path) : MapItems
{
    public static readonly ItemsAtPath Input = new(PathExpression.Whole);
}

/// <summary>JSONata's <c>Items</c>; null is the state's input.</summary>
public sealed record ComputedItems(JsonataTemplate? Items) : MapItems;

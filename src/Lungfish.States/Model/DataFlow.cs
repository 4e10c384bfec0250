using Lungfish.States.JsonPath;

namespace Lungfish.States.Model;

/// <summary>The fields that shape a state's input and output, in the order in which they apply.</summary>
public sealed record DataFlow
{
    public static readonly DataFlow Default = new();

    /// <summary>Picks the effective input. A null path (<c>"InputPath": null</c>) means an empty object.</summary>
    public PathField InputPath { get; init; } = PathField.Whole;

    /// <summary>Composes the input of the work; null passes the effective input.</summary>
    public PayloadTemplate? Parameters { get; init; }

    /// <summary>Composes the result of the work; null passes the raw result.</summary>
    public PayloadTemplate? ResultSelector { get; init; }

    /// <summary>Where the result goes in the raw input. A null path discards the result.</summary>
    public PathField ResultPath { get; init; } = PathField.Whole;

    public PathField OutputPath { get; init; } = PathField.Whole;
}

/// <summary>A path field that may be JSON null.</summary>
public readonly record struct PathField(PathExpression? Path)
{
    /// <summary>The default of every such field: <c>$</c>.</summary>
    public static readonly PathField Whole = new(PathExpression.Whole);
}

using Lungfish.States.Jsonata;
using Lungfish.States.JsonPath;

namespace Lungfish.States.Model;

/// <summary>The fields that shape a state's input and output: of one query language or the other.</summary>
public abstract record DataFlow
{
    private protected DataFlow() { }

    /// <summary>True if what the work is given may hold the task's token.</summary>
    public abstract bool ReadsTaskToken { get; }
}

/// <summary>The fields of JSONPath, in the order in which they apply.</summary>
public sealed record JsonPathFlow : DataFlow
{
    public static readonly JsonPathFlow Default = new();

    /// <summary>Picks the effective input. A null path (<c>"InputPath": null</c>) means an empty object.</summary>
    public PathField InputPath { get; init; } = PathField.Whole;

    /// <summary>Composes the input of the work; null passes the effective input.</summary>
    public PayloadTemplate? Parameters { get; init; }

    /// <summary>Composes the result of the work; null passes the raw result.</summary>
    public PayloadTemplate? ResultSelector { get; init; }

    /// <summary>Composes the variables to set from the result; null sets none.</summary>
    public PayloadTemplate? Assign { get; init; }

    /// <summary>Where the result goes in the raw input. A null path discards the result.</summary>
    public PathField ResultPath { get; init; } = PathField.Whole;

    public PathField OutputPath { get; init; } = PathField.Whole;

    public override bool ReadsTaskToken => Parameters is { ReadsTaskToken: true };
}

/// <summary>The fields of JSONata: all of them read the state's raw input and what came of its work.</summary>
public sealed record JsonataFlow : DataFlow
{
    /// <summary>Composes the input of the work; null passes the raw input.</summary>
    public JsonataTemplate? Arguments { get; init; }

    /// <summary>Composes the variables to set; null sets none.</summary>
    public JsonataTemplate? Assign { get; init; }

    /// <summary>Composes the output; null passes the result, or the input of a state that has none.</summary>
    public JsonataTemplate? Output { get; init; }

    public override bool ReadsTaskToken => Arguments is { ReadsTaskToken: true };
}

/// <summary>A path field that may be JSON null.</summary>
public readonly record struct PathField(PathExpression? Path)
{
    /// <summary>The default of every such field: <c>$</c>.</summary>
    public static readonly PathField Whole = new(PathExpression.Whole);
}

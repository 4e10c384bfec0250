using Lungfish.States.JsonPath;

namespace Lungfish.States.Model;

/// <summary>A state that ends its branch, or the execution, well.</summary>
public sealed record SucceedState : State
{
    public PathField InputPath { get; init; } = PathField.Whole;

    public PathField OutputPath { get; init; } = PathField.Whole;
}

/// <summary>A state that fails its branch, or the execution.</summary>
public sealed record FailState : State
{
    public TextField? Error { get; init; }

    public TextField? Cause { get; init; }
}

/// <summary>A text, written down or evaluated: exactly one of the two is set.</summary>
public sealed record TextField(string? Literal, ValueExpression? Path);

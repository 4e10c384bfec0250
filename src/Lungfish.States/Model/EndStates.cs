namespace Lungfish.States.Model;

/// <summary>A state that ends its branch, or the execution, well.</summary>
public sealed record SucceedState : State;

/// <summary>A state that fails its branch, or the execution.</summary>
public sealed record FailState : State
{
    public Field<string>? Error { get; init; }

    public Field<string>? Cause { get; init; }
}

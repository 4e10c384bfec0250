
namespace Lungfish.States.Model;

/// <summary>One state of a state machine, as its definition declares it.</summary>
public abstract record State
{
    private protected State() { } // Closed: only this assembly adds state types.

    /// <summary>The key under <c>States</c>; unique in its state machine, at most 80 characters.</summary>
    public required string Name { get; init; }

    public string? Comment { get; init; }
}

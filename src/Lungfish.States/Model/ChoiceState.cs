using System.Collections.Immutable;
using Lungfish.Json;
using Lungfish.States.JsonPath;

namespace Lungfish.States.Model;

/// <summary>A state that picks the next one by rules over its input.</summary>
public sealed record ChoiceState : State
{
    public required ImmutableArray<ChoiceRule> Choices { get; init; }

    public string? Default { get; init; }
}

/// <summary>A top-level rule: where to go if the condition holds.</summary>
/// <param name="Data">How the state is left then: the state's own Assign and Output go with its Default.</param>
public sealed record ChoiceRule(Condition Condition, string Next, DataFlow Data);

public abstract record Condition
{
    private protected Condition() { }
}

public sealed record AndCondition(ImmutableArray<Condition> Conditions) : Condition;

public sealed record OrCondition(ImmutableArray<Condition> Conditions) : Condition;

public sealed record NotCondition(Condition Inner) : Condition;

/// <summary>One comparison: <c>Variable</c>, an operator and what it compares with.</summary>
/// <param name="Operator">As in the definition, without <c>Path</c>: <c>StringEquals</c>, <c>IsPresent</c>.</param>
/// <param name="Operand">The literal operand, or null if <paramref name="OperandPath"/> is set.</param>
public sealed record Comparison(
    PathExpression Variable, string Operator, JsonValue? Operand, PathExpression? OperandPath) : Condition;

/// <summary>A JSONata rule's <c>Condition</c>.</summary>
public sealed record ComputedCondition(Field<bool> Value) : Condition;

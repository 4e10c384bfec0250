using System.Diagnostics;
using Lungfish.Json;
using Lungfish.States.JsonPath;
using Lungfish.States.Model;

namespace Lungfish.States.Deciding;

internal static class ChoiceDecider
{
    public static void Attempt(Turn turn, Scope scope, Visit visit, ChoiceState state)
    {
        var data = new StateData(turn, scope, visit);
        var input = data.Input();
        if (input.Value is not { } effective)
        {
            StateDecider.FailWith(turn, scope, input.Failure);
            return;
        }

        var test = new ConditionTest(effective, data);
        var rule = FindRule(state, test);
        if (test.Failure is { } failure)
        {
            StateDecider.FailWith(turn, scope, failure);
        }
        else if ((rule?.Next ?? state.Default) is { } next)
        {
            // Recorded in assign/*test_assign_in_choice_state: a rule's Assign, or the state's own with its Default.
            StateDecider.LeaveWith(turn, scope, data.ExitWithout(rule?.Data ?? state.Data, effective), next);
        }
        else
        {
            // Measured: States.Runtime, although the documentation names States.NoChoiceMatched.
            StateDecider.FailWith(turn, scope, data.RuntimeError(
                "Failed to transition out of the state. The state does not point to a next state."));
        }
    }

    private static ChoiceRule? FindRule(ChoiceState state, ConditionTest test)
    {
        foreach (var rule in state.Choices)
        {
            if (test.Holds(rule.Condition) || test.Failure is not null)
            {
                return rule;
            }
        }

        return null;
    }
}

/// <summary>Tests conditions over one input. What cannot be tested ends it: <see cref="Failure"/>.</summary>
internal sealed class ConditionTest(JsonValue input, StateData data)
{
    public StateFailure? Failure { get; private set; }

    public bool Holds(Condition condition) => Failure is null && condition switch
    {
        AndCondition and => HoldsAll(and),
        OrCondition or => HoldsAny(or),
        NotCondition not => !Holds(not.Inner),
        Comparison comparison => HoldsComparison(comparison),
        ComputedCondition computed => HoldsComputed(computed),
        _ => throw new UnreachableException($"No test for {condition.GetType().Name}."),
    };

    private bool HoldsAll(AndCondition and)
    {
        foreach (var condition in and.Conditions)
        {
            if (!Holds(condition))
            {
                return false;
            }
        }

        return true;
    }

    private bool HoldsAny(OrCondition or)
    {
        foreach (var condition in or.Conditions)
        {
            if (Holds(condition))
            {
                return true;
            }
        }

        return false;
    }

    private bool HoldsComparison(Comparison comparison)
    {
        var variable = data.FindOrNull(comparison.Variable, input);
        if (comparison.Operator == "IsPresent")
        {
            return (variable is not null) == IsTrue(comparison.Operand);
        }

        if (variable is null)
        {
            return IsMissing(comparison.Variable);
        }

        if (comparison.OperandPath is not { } path)
        {
            return comparison.Operand is { } literal && Comparisons.Holds(comparison.Operator, variable, literal);
        }

        return data.FindOrNull(path, input) is { } operand
            ? Comparisons.Holds(comparison.Operator, variable, operand)
            : IsMissing(path);
    }

    private bool HoldsComputed(ComputedCondition condition)
    {
        Evaluated value = condition.Value switch
        {
            Literal<bool> literal => (JsonValue)literal.Value,
            Computed<bool> computed => data.Compute(computed.Expression, JsonKind.Boolean),
            _ => throw new UnreachableException($"No test for {condition.Value.GetType().Name}."),
        };
        Failure = value.Failure;
        return IsTrue(value.Value);
    }

    private bool IsMissing(PathExpression path)
    {
        // Reported from the field.
        Failure = data.RuntimeError(
            $"Invalid path '{path.Text}': The choice state's condition path references an invalid value.");
        return false;
    }

    private static bool IsTrue(JsonValue? value) => value is JsonBoolean { Value: true };
}

using Lungfish.Json;
using Lungfish.States.JsonPath;
using Lungfish.States.Model;

namespace Lungfish.States.Deciding;

internal static class ChoiceDecider
{
    public static void Attempt(Turn turn, Scope scope, Visit visit, ChoiceState state)
    {
        var data = new StateData(turn.Execution, turn.DiceForNext, scope, visit);
        var input = data.Select(state.InputPath, visit.Input);
        if (input.Value is not { } effective)
        {
            StateDecider.LeaveWith(turn, scope, input, next: null);
            return;
        }

        var (next, missing) = FindNext(state, effective, data);
        if (missing is not null)
        {
            // Reported from the field.
            var failure = data.RuntimeError(
                $"Invalid path '{missing.Text}': The choice state's condition path references an invalid value.");
            FailureDecider.Fail(turn, scope, failure, scope.LastEventId);
        }
        else if (next is null)
        {
            // Measured: States.Runtime, although the documentation names States.NoChoiceMatched.
            var failure = data.RuntimeError(
                "Failed to transition out of the state. The state does not point to a next state.");
            FailureDecider.Fail(turn, scope, failure, scope.LastEventId);
        }
        else
        {
            StateDecider.LeaveWith(turn, scope, data.Select(state.OutputPath, effective), next);
        }
    }

    private static (string? Next, PathExpression? Missing) FindNext(ChoiceState state, JsonValue input, StateData data)
    {
        var test = new ConditionTest(input, data);
        foreach (var rule in state.Choices)
        {
            var holds = test.Holds(rule.Condition);
            if (test.Missing is { } missing)
            {
                return (null, missing);
            }

            if (holds)
            {
                return (rule.Next, null);
            }
        }

        return (state.Default, null);
    }
}

/// <summary>Tests conditions over one input. A path that finds nothing ends it: <see cref="Missing"/>.</summary>
internal sealed class ConditionTest(JsonValue input, StateData data)
{
    /// <summary>The first path that found nothing where something had to be.</summary>
    public PathExpression? Missing { get; private set; }

    public bool Holds(Condition condition) => Missing is null && condition switch
    {
        AndCondition and => and.Conditions.All(Holds),
        OrCondition or => or.Conditions.Any(Holds),
        NotCondition not => !Holds(not.Inner),
        Comparison comparison => HoldsComparison(comparison),
        _ => throw new System.Diagnostics.UnreachableException($"No test for {condition.GetType().Name}."),
    };

    private bool HoldsComparison(Comparison comparison)
    {
        var variable = data.FindOrNull(comparison.Variable, input);
        if (comparison.Operator == "IsPresent")
        {
            return (variable is not null) == IsTrue(comparison.Operand);
        }

        var operand = comparison.OperandPath is { } path ? data.FindOrNull(path, input) : comparison.Operand;
        if (variable is null || operand is null)
        {
            Missing = variable is null ? comparison.Variable : comparison.OperandPath;
            return false;
        }

        return Comparisons.Holds(comparison.Operator, variable, operand);
    }

    private static bool IsTrue(JsonValue? value) => value is JsonBoolean { Value: true };
}

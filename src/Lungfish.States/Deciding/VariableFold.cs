using Lungfish.Json;

namespace Lungfish.States.Deciding;

/// <summary>What setting variables, and the end of their scope, change of an execution.</summary>
internal static class VariableFold
{
    public static Execution Assign(Execution execution, Scope scope, JsonObject assigned)
    {
        var variables = scope.Variables.ToBuilder();
        long grown = 0;
        foreach (var (name, value) in assigned)
        {
            grown += value.Utf8Length - (variables.TryGetValue(name, out var before) ? before.Utf8Length : 0);
            variables[name] = value;
        }

        scope = scope with
        {
            Variables = variables.ToImmutable(),
            OwnVariableBytes = scope.OwnVariableBytes + grown,
        };
        return execution.With(scope) with { VariableBytes = execution.VariableBytes + grown };
    }

    /// <summary>The variables of an inner scope end with its flow.</summary>
    public static Execution Drop(Execution execution, Scope scope) => scope.Variables.IsEmpty
        ? execution
        : execution.With(scope with { Variables = Scope.NoVariables, OwnVariableBytes = 0 }) with
        {
            VariableBytes = execution.VariableBytes - scope.OwnVariableBytes,
        };
}

using Lungfish.Json;
using Lungfish.States.Quotas;

namespace Lungfish.States.Deciding;

/// <summary>How large variables may be, in UTF-8 bytes of their JSON. The words of the causes are ours.</summary>
internal static class VariableLimits
{
    public static StateFailure? Check(Turn turn, Scope scope, Visit visit, Evaluated assigned)
    {
        if (assigned.Value is not JsonObject { Count: > 0 } variables)
        {
            return null;
        }

        var quotas = turn.Quotas;
        long bytes = 0;
        long replaced = 0;
        foreach (var (name, value) in variables)
        {
            if (quotas.Refuses(Quota.VariableBytes, value))
            {
                return Exceeded($"The variable '{name}' assigned in the state", Quota.VariableBytes);
            }

            bytes += value.Utf8Length;
            replaced += scope.Variables.TryGetValue(name, out var before) ? before.Utf8Length : 0;
        }

        return quotas.Refuses(Quota.AssignBytes, bytes)
            ? Exceeded("All variables assigned in the state", Quota.AssignBytes)
            : quotas.Refuses(Quota.ExecutionVariableBytes, turn.Execution.VariableBytes + bytes - replaced)
                ? Exceeded("All variables of the execution, with those of the state", Quota.ExecutionVariableBytes)
                : null;

        StateFailure Exceeded(string what, Quota quota) => new(
            ErrorNames.DataLimitExceeded,
            $"{what} '{visit.State.Name}' exceed the maximum of {quotas.LimitOf(quota)} bytes.",
            FailureKind.Terminal);
    }
}

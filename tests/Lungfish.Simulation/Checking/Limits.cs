using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Journal;
using Lungfish.States.Quotas;

namespace Lungfish.Simulation.Checking;

/// <summary>What no committed fact of a state machine's execution may go past, measured anew.</summary>
/// <param name="violate">Told what is wrong with invariant 18.</param>
internal sealed class Limits(QuotaPolicy quotas, Action<string> violate)
{
    /// <summary>Definitions cannot nest deeper: their JSON has at most 512 levels, and a state takes four.</summary>
    private const int DepthMax = 128;

    public void Check(Execution after, HistoryEvent happened)
    {
        if (happened.Id > quotas.HistoryEventsMax)
        {
            violate($"Event {happened.Id} is {happened.Type}, and {quotas.HistoryEventsMax} may be.");
        }

        CheckPayload(happened, happened.Details.Input);
        CheckPayload(happened, happened.Details.Output);
        if (happened.Details.Assigned is { } assigned)
        {
            CheckVariables(after, assigned);
        }

        var depth = 0;
        for (var scope = after.FindScope(happened.Scope); scope is not null && scope.Id != ScopeId.Root; depth++)
        {
            scope = after.FindScope(scope.Parent);
        }

        if (depth > DepthMax)
        {
            violate($"{happened.Type} happens {depth} levels deep.");
        }
    }

    private void CheckPayload(HistoryEvent happened, JsonValue? payload)
    {
        if (payload?.ToUtf8().Length > quotas.PayloadBytesMax)
        {
            violate($"{happened.Type} has {payload.ToUtf8().Length} bytes, and {quotas.PayloadBytesMax} may be.");
        }
    }

    private void CheckVariables(Execution after, JsonObject assigned)
    {
        if (assigned.Sum(member => member.Value.ToUtf8().Length) > quotas.AssignBytesMax
            || assigned.Any(member => member.Value.ToUtf8().Length > quotas.VariableBytesMax))
        {
            violate($"Too much is assigned: {string.Join(", ", assigned.Select(member => member.Key))}");
        }

        // Inner scopes see the variables of those around them: the same instances, which count once.
        var all = after.Inner.Values.Append(after.Root).SelectMany(scope => scope.Variables.Values)
            .ToHashSet<JsonValue>(ReferenceEqualityComparer.Instance).Sum(value => value.ToUtf8().Length);
        if (all > quotas.ExecutionVariableBytesMax)
        {
            violate($"All variables have {all} bytes, and {quotas.ExecutionVariableBytesMax} may be.");
        }
    }
}

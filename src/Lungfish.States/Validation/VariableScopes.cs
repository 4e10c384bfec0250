using System.Collections.Immutable;
using Lungfish.States.Parsing;

namespace Lungfish.States.Validation;

/// <summary>Finds variables of an inner scope that have the name of one outside.</summary>
/// <remarks>Measured: only variables count that are assigned on some way into the container.</remarks>
internal sealed class VariableScopes(DiagnosticBag diagnostics)
{
    private static readonly ImmutableHashSet<string> None = ImmutableHashSet.Create<string>(StringComparer.Ordinal);

    /// <summary>Checks the flow of a machine, whose transitions are known to lead somewhere.</summary>
    public void Check(DefinitionNode machine) => Check(machine, None);

    private void Check(DefinitionNode flow, ImmutableHashSet<string> outside)
    {
        if (flow["States"] is not { } states)
        {
            return;
        }

        var assigned = AssignedBefore(states);
        foreach (var state in states.Members)
        {
            foreach (var (name, node) in FlowGraph.AssignHolders(state).SelectMany(VariablesOf))
            {
                if (outside.Contains(name))
                {
                    // The code is measured, text and location are ours.
                    diagnostics.Error(
                        node, DiagnosticCodes.DuplicateVariableName,
                        $"The variable '{name}' is already assigned in an outer scope",
                        "Choose another name: an inner scope reads outer variables, but cannot assign them.");
                }
            }

            foreach (var inner in FlowGraph.InnerFlows(state))
            {
                // Documented: the children of a distributed Map do not see its variables.
                Check(inner, FlowGraph.IsDistributed(inner) ? None : outside.Union(assigned[state]));
            }
        }
    }

    /// <summary>For each state, the variables of this flow that may have been assigned when it is entered.</summary>
    private static Dictionary<DefinitionNode, ImmutableHashSet<string>> AssignedBefore(DefinitionNode states)
    {
        var assigned = states.Members.ToDictionary(state => state, _ => None);
        var changed = new Queue<DefinitionNode>(assigned.Keys);
        while (changed.TryDequeue(out var state))
        {
            foreach (var (holder, target) in FlowGraph.Exits(state))
            {
                if (states[target] is { } next &&
                    assigned[next].Union(assigned[state]).Union(VariablesOf(holder).Select(variable => variable.Name))
                        is var before &&
                    before.Count > assigned[next].Count)
                {
                    assigned[next] = before;
                    changed.Enqueue(next);
                }
            }
        }

        return assigned;
    }

    // In a JSONata state no valid name ends in ".$", so that the language makes no difference here.
    private static IEnumerable<(string Name, DefinitionNode Node)> VariablesOf(DefinitionNode holder) =>
        AssignReader.VariablesOf(holder, isJsonata: false);
}

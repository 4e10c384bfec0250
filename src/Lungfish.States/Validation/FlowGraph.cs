using Lungfish.Json;
using Lungfish.States.Parsing;

namespace Lungfish.States.Validation;

/// <summary>Checks where the states of a flow lead, and those of the flows inside it.</summary>
/// <remarks>Runs on the text's own nodes, when all fields are known to be right.</remarks>
internal sealed class FlowGraph(DiagnosticBag diagnostics)
{
    public void Check(DefinitionNode flow)
    {
        if (flow["States"] is not { } states || flow["StartAt"] is not { } start)
        {
            return;
        }

        CheckTargets(start, states);

        // Measured on AWS: this check comes after the targets, and suppresses the walk.
        if (!states.Members.Any(IsTerminal))
        {
            diagnostics.Error(
                flow, DiagnosticCodes.MissingEndState, "Workflow has no terminal state", location: null,
                "Let one state end the flow: \"End\": true, or a Succeed or Fail state.");
        }
        else
        {
            CheckReachable(start, states);
        }

        foreach (var inner in states.Members.SelectMany(InnerFlows))
        {
            Check(inner);
        }
    }

    private void CheckTargets(DefinitionNode start, DefinitionNode states)
    {
        Dictionary<string, string>? alike = null;
        foreach (var transition in states.Members.SelectMany(Transitions).Prepend(start))
        {
            var target = transition.Text ?? "";
            if (states[target] is null)
            {
                alike ??= NamesInAnyCase(states);
                diagnostics.Error(
                    transition, DiagnosticCodes.MissingTarget, $"Missing 'Next' target: {target}",
                    alike.TryGetValue(target, out var meant)
                        ? $"Did you mean '{meant}'? Case matters."
                        : "Name a state of the same 'States'; a branch cannot lead out of itself.");
            }
        }
    }

    private void CheckReachable(DefinitionNode start, DefinitionNode states)
    {
        HashSet<DefinitionNode> reached = [];
        var open = new Stack<DefinitionNode?>([states[start.Text ?? ""]]);
        while (open.TryPop(out var state))
        {
            if (state is not null && reached.Add(state))
            {
                foreach (var transition in Transitions(state))
                {
                    open.Push(states[transition.Text ?? ""]);
                }
            }
        }

        foreach (var state in states.Members.Where(state => !reached.Contains(state)))
        {
            diagnostics.Error(
                state, DiagnosticCodes.MissingTarget, $"State \"{state.Name}\" is not reachable.",
                "Let another state lead to it, or remove it.");
        }
    }

    /// <summary>The ways out of a state: the object whose Assign goes with each, and the state that follows.</summary>
    public static IEnumerable<(DefinitionNode Holder, string Target)> Exits(DefinitionNode state) =>
        from holder in AssignHolders(state)
        from target in (IEnumerable<DefinitionNode?>)[holder["Next"], holder["Default"]]
        where target is not null
        select (holder, target.Text ?? "");

    /// <summary>What may have an Assign of its own: the state, its rules and its catchers.</summary>
    public static IEnumerable<DefinitionNode> AssignHolders(DefinitionNode state) =>
        [state, .. state["Choices"]?.Children ?? [], .. state["Catch"]?.Children ?? []];

    public static IEnumerable<DefinitionNode> InnerFlows(DefinitionNode state)
    {
        IEnumerable<DefinitionNode?> flows =
            [.. state["Branches"]?.Children ?? [], state["ItemProcessor"] ?? state["Iterator"]];
        return flows.OfType<DefinitionNode>();
    }

    public static bool IsDistributed(DefinitionNode flow) => flow["ProcessorConfig"]?["Mode"]?.Text == "DISTRIBUTED";

    /// <summary>The fields that name a next state, in the order in which AWS reports them.</summary>
    private static IEnumerable<DefinitionNode> Transitions(DefinitionNode state)
    {
        IEnumerable<DefinitionNode?> fields =
        [
            state["Next"],
            .. state["Choices"]?.Children.Select(rule => rule["Next"]) ?? [],
            state["Default"],
            .. state["Catch"]?.Children.Select(catcher => catcher["Next"]) ?? [],
        ];
        return fields.OfType<DefinitionNode>();
    }

    private static bool IsTerminal(DefinitionNode state) =>
        state["Type"]?.Text is "Succeed" or "Fail" || state["End"]?.ToJson() is JsonBoolean { Value: true };

    private static Dictionary<string, string> NamesInAnyCase(DefinitionNode states)
    {
        Dictionary<string, string> names = new(StringComparer.OrdinalIgnoreCase);
        foreach (var state in states.Members)
        {
            _ = names.TryAdd(state.Name ?? "", state.Name ?? "");
        }

        return names;
    }
}

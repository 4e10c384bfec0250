using System.Text;
using Lungfish.Json;
using Lungfish.States.Model;
using Lungfish.States.Parsing;
using Lungfish.States.Validation;

namespace Lungfish.States.Testing;

/// <summary>Finds the state that a test is about.</summary>
/// <param name="State">Null if there are errors, or no state of the name.</param>
/// <param name="Errors">As AWS prints them in one InvalidDefinition message; empty if there is none.</param>
internal sealed record TestedState(State? State, string Errors)
{
    /// <summary>The name of a state without a machine. Recorded in state_mock_validation/*branches.</summary>
    private const string NameAlone = "StateName";

    /// <param name="definition">That of one state, or of a machine if a name is given.</param>
    public static TestedState Read(string definition, string? name, DefinitionOptions options)
    {
        if (name is null)
        {
            return ReadAlone(definition, options);
        }

        var parse = DefinitionParser.Parse(definition, options);
        return new TestedState(
            parse.Definition is { } machine ? InnerStates.Of(machine.Flow).FirstOrDefault(s => s.Name == name) : null,
            parse.ErrorText);
    }

    /// <summary>Reads the state as the only one of a machine: where it leads to need not be there.</summary>
    private static TestedState ReadAlone(string definition, DefinitionOptions options)
    {
        var utf8 = Encoding.UTF8.GetBytes(definition);
        var diagnostics = new DiagnosticBag(utf8);
        var machine = new DefinitionNode(null, null, 0, JsonKind.Object, null);
        var states = new DefinitionNode(machine, "States", 0, JsonKind.Object, null);
        State? state = null;
        if (DefinitionReader.Read(definition, utf8, diagnostics, states, NameAlone) is { } node)
        {
            state = new StateParser(diagnostics, options, QueryLanguage.JsonPath)
                .ReadState(NameAlone, new FieldReader(node, diagnostics));
            if (!diagnostics.HasErrors)
            {
                foreach (var flow in FlowGraph.InnerFlows(node))
                {
                    new FlowGraph(diagnostics).Check(flow);
                    new VariableScopes(diagnostics).Check(flow);
                }
            }
        }

        var parse = new DefinitionParse(null, diagnostics.ToImmutable());
        return new TestedState(diagnostics.HasErrors ? null : state, parse.ErrorText);
    }
}

using System.Collections.Immutable;
using System.Text;
using Lungfish.States.Model;
using Lungfish.States.Validation;

namespace Lungfish.States.Parsing;

/// <summary>Reads a definition and checks it as AWS does when a state machine is created.</summary>
public static class DefinitionParser
{
    /// <param name="text">The definition as JSON text.</param>
    /// <param name="options">What this server can run.</param>
    /// <remarks>Never throws: whatever is wrong with the text is a diagnostic.</remarks>
    public static DefinitionParse Parse(string text, DefinitionOptions options)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        var diagnostics = new DiagnosticBag(utf8);
        var definition = DefinitionReader.Read(text, utf8, diagnostics) is { } root
            ? ReadMachine(root, diagnostics, options)
            : null;
        return new DefinitionParse(diagnostics.HasErrors ? null : definition, diagnostics.ToImmutable());
    }

    private static StateMachineDefinition? ReadMachine(
        DefinitionNode root, DiagnosticBag diagnostics, DefinitionOptions options)
    {
        var machine = new FieldReader(root, diagnostics);
        StateFields.AllowOnly(
            machine, "StartAt", "States", "Comment", "Version", "TimeoutSeconds", "QueryLanguage");
        _ = machine.Word("Version", "1.0");
        if (machine.Word("QueryLanguage", "JSONPath", "JSONata") == "JSONata")
        {
            RefuseJsonata(machine);
            return null;
        }

        var timeout = machine.Integer("TimeoutSeconds", 1, CommonFields.SecondsMax);
        var flow = new StateParser(diagnostics, options).ReadFlow(machine);
        if (!diagnostics.HasErrors)
        {
            new FlowGraph(diagnostics).Check(root);
        }

        return new StateMachineDefinition
        {
            Flow = flow,
            Comment = machine["Comment"]?.Text,
            Timeout = timeout is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        };
    }

    /// <summary>What AWS refuses in such a machine is said first: it stays wrong once JSONata is here.</summary>
    private static void RefuseJsonata(FieldReader machine)
    {
        DefinitionNode[] downgraded =
            [.. machine["States"]?.Members.Where(state => state["QueryLanguage"]?.Text == "JSONPath") ?? []];
        foreach (var state in downgraded)
        {
            // Recorded in sfn_api_validation (INVALID_DOWNGRADE_QUERY_LANGUAGE).
            machine.Refuse(
                state, "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine",
                "Write the state in JSONata, or the machine in JSONPath.");
        }

        if (downgraded.Length == 0 && machine["QueryLanguage"] is { } language)
        {
            machine.RefuseForNow(
                language, "The query language JSONata is not supported yet", "Write the machine in JSONPath.");
        }
    }
}

/// <param name="Definition">Null if there is any error.</param>
public sealed record DefinitionParse(StateMachineDefinition? Definition, ImmutableArray<Diagnostic> Diagnostics)
{
    /// <summary>All errors as AWS prints them in one InvalidDefinition message; empty if there is none.</summary>
    public string ErrorText => string.Join(
        ", ", Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
}

public sealed record DefinitionOptions
{
    /// <summary>Tells whether a task handler exists for this resource; the parser refuses the others by name.</summary>
    public required Func<TaskResource, bool> CanRun { get; init; }
}

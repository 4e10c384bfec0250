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
        var language = StateParser.Language(machine) ?? QueryLanguage.JsonPath;
        // Measured: 0 is accepted, against the documentation. That it means no limit is a guess.
        var timeout = machine.Integer("TimeoutSeconds", 0, CommonFields.SecondsMax);
        var flow = new StateParser(diagnostics, options, language).ReadFlow(machine);
        if (!diagnostics.HasErrors)
        {
            new FlowGraph(diagnostics).Check(root);
            new VariableScopes(diagnostics).Check(root);
        }

        return new StateMachineDefinition
        {
            Flow = flow,
            Comment = machine["Comment"]?.Text,
            Timeout = timeout is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : null,
        };
    }
}

/// <param name="Definition">Null if there is any error.</param>
public sealed record DefinitionParse(StateMachineDefinition? Definition, ImmutableArray<Diagnostic> Diagnostics)
{
    /// <summary>AWS refuses a bad label in a message of its own form: that message, or null.</summary>
    public string? LabelRefusal(string definition) =>
        Diagnostics.FirstOrDefault(diagnostic => diagnostic.Code == DiagnosticCodes.InvalidLabel) is { } found
            ? MapLabel.Refusal(found.Message, definition)
            : null;

    /// <summary>All errors as AWS prints them in one InvalidDefinition message; empty if there is none.</summary>
    public string ErrorText => string.Join(
        ", ", Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
}

public sealed record DefinitionOptions
{
    /// <summary>Of Express state machines less is accepted.</summary>
    public StateMachineType Type { get; init; } = StateMachineType.Standard;

    /// <summary>Tells whether a task handler exists for this resource; the parser refuses the others by name.</summary>
    public required Func<TaskResource, bool> CanRun { get; init; }

    /// <summary>The same for the resource of an ItemReader; null: as <see cref="CanRun"/> says.</summary>
    public Func<ServiceIntegration, bool>? CanReadItems { get; init; }

    /// <summary>The same for the resource of a ResultWriter; null: as <see cref="CanRun"/> says.</summary>
    public Func<ServiceIntegration, bool>? CanWriteResults { get; init; }
}

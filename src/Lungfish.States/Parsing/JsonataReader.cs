using System.Collections.Immutable;
using Lungfish.Json;
using Lungfish.Jsonata;
using Lungfish.States.Jsonata;
using Lungfish.States.Validation;

namespace Lungfish.States.Parsing;

/// <summary>What an expression may read of <c>$states</c> beside the input and the context object.</summary>
internal enum JsonataPlace
{
    /// <summary>Before the work of a state, or in a state that does none.</summary>
    BeforeWork,

    /// <summary>Assign and Output of a Task, Parallel or Map state: <c>$states.result</c>.</summary>
    AfterWork,

    /// <summary>Assign and Output of a catcher: <c>$states.errorOutput</c>.</summary>
    Catcher,
}

/// <summary>Compiles the JSONata of one state, and checks what it reads as AWS does.</summary>
internal sealed class JsonataReader(StateReading state, DiagnosticBag diagnostics)
{
    private const string Opening = "{%";
    private const string Closing = "%}";

    /// <summary>True for a text that is an expression. Recorded: with a space outside it is a literal.</summary>
    public static bool IsExpression(DefinitionNode node) => node.Text is { } text
        && text.Length >= Opening.Length + Closing.Length
        && text.StartsWith(Opening, StringComparison.Ordinal)
        && text.EndsWith(Closing, StringComparison.Ordinal);

    /// <returns>Null if any expression in it was refused.</returns>
    public JsonataTemplate? Read(DefinitionNode field, JsonataPlace place) =>
        ReadNode(field, place) is { } root ? new JsonataTemplate(root) : null;

    private JsonataNode? ReadNode(DefinitionNode node, JsonataPlace place)
    {
        if (IsExpression(node))
        {
            return Compile(node, place) is { } expression ? new JsonataLeaf(expression) : null;
        }

        if (node.Text?.StartsWith(Opening, StringComparison.Ordinal) == true)
        {
            // Measured.
            diagnostics.Error(
                node, DiagnosticCodes.Schema, $"JSONata string must start with {Opening} and end with {Closing}",
                $"Add '{Closing}' at the end.");
            return null;
        }

        if (node.Kind is not (JsonKind.Array or JsonKind.Object))
        {
            return new JsonataLiteral(node.ToJson());
        }

        // Every part is read, so that all that is wrong is reported.
        DefinitionNode[] parts = [.. node.Kind == JsonKind.Array ? node.Children : node.Members];
        JsonataNode[] read = [.. parts.Select(part => ReadNode(part, place)).OfType<JsonataNode>()];
        return read.Length < parts.Length ? null
            : Array.TrueForAll(read, part => part is JsonataLiteral) ? new JsonataLiteral(node.ToJson())
            : node.Kind == JsonKind.Array ? new JsonataArray(ImmutableArray.Create(read))
            : new JsonataObject([.. parts.Zip(read, (part, value) => (part.Name ?? "", value))]);
    }

    private StateExpression? Compile(DefinitionNode node, JsonataPlace place)
    {
        var text = (node.Text ?? "")[Opening.Length..^Closing.Length].Trim();
        try
        {
            var compiled = JsonataExpression.Compile(text, JsonataDialect.StepFunctions);
            var expression = new StateExpression(compiled, FieldOf(node));
            state.VariablesRead.UnionWith(
                expression.Reads.Variables.Where(name => name != StateExpression.StatesVariable));
            return Check(node, expression, place) ? expression : null;
        }
        catch (JsonataException e)
        {
            // Measured: the message without its code.
            diagnostics.Error(
                node, DiagnosticCodes.InvalidJsonata, e.Message, $"See position {e.Position} of the expression.");
            return null;
        }
    }

    private bool Check(DefinitionNode node, StateExpression expression, JsonataPlace place)
    {
        var isRight = true;
        foreach (var name in expression.Reads.TopLevelReferences.Distinct(StringComparer.Ordinal))
        {
            // Measured for a name; the same words for $ and $$ are a guess.
            Refuse(
                $"Reference to '{name}' at the top level is not supported.",
                "Begin with '$states.input', or with '$' and the name of a variable.");
        }

        foreach (var part in expression.Reads.Paths
            .Where(path => path.Length > 1 && path[0] == StateExpression.StatesVariable)
            .Select(path => path[1])
            .Distinct(StringComparer.Ordinal)
            .Where(part => !IsThere(part, place)))
        {
            // That it is refused is measured, the words are ours.
            Refuse(
                $"Reference to '$states.{part}' is not supported in the field '{expression.Field}'.",
                "'result' is there in Assign and Output after the work, 'errorOutput' in catchers; " +
                    "'input' and 'context' everywhere.");
        }

        return isRight;

        void Refuse(string message, string hint)
        {
            isRight = false;
            diagnostics.Error(node, DiagnosticCodes.UnsupportedJsonata, message, hint);
        }
    }

    private static bool IsThere(string part, JsonataPlace place) => part switch
    {
        "input" or "context" => true,
        "result" => place == JsonataPlace.AfterWork,
        "errorOutput" => place == JsonataPlace.Catcher,
        _ => false,
    };

    /// <summary>The place below the state: <c>Choices[1]/Output/v</c>.</summary>
    private string FieldOf(DefinitionNode node) => node.Location[(state.Node.Location.Length + 1)..];
}

/// <summary>The state whose fields are being read.</summary>
internal sealed record StateReading(DefinitionNode Node, Model.QueryLanguage Language)
{
    public SortedSet<string> VariablesRead { get; } = new(StringComparer.Ordinal);
}

using Lungfish.Json;
using Lungfish.States.Parsing;

namespace Lungfish.States.Validation;

/// <summary>Warns of paths that stand where nothing evaluates them: legal, and seldom meant.</summary>
internal static class LiteralPaths
{
    private const string Suffix = ".$";

    /// <summary>A member of a template whose text looks like a path and whose name does not end with
    /// <c>.$</c>.</summary>
    public static void WarnInTemplate(DefinitionNode template, DiagnosticBag diagnostics)
    {
        foreach (var child in template.Children)
        {
            if (child is { Name: { } name, Text: { } text } && !name.EndsWith(Suffix, StringComparison.Ordinal) &&
                LooksLikePath(text))
            {
                diagnostics.Warning(
                    child, DiagnosticCodes.NoDollar, $"The value of the field '{name}' looks like a path",
                    $"It is passed on as it is written; name the field '{name}{Suffix}' to have it evaluated.");
            }

            WarnInTemplate(child, diagnostics);
        }
    }

    /// <summary>A field that holds a text, and has a twin for paths whose name ends with <c>Path</c>.</summary>
    public static void WarnOfNoPath(FieldReader fields, DefinitionNode? field)
    {
        if (field is { Text: { } text } && LooksLikePath(text))
        {
            fields.Warn(
                field, DiagnosticCodes.NoPath, $"The value of the field '{field.Name}' looks like a path",
                $"It is taken as it is written; name the field '{field.Name}Path' to have it evaluated.");
        }
    }

    /// <summary>A Pass state's Result, or a member of it, that is named or written as in a template.</summary>
    public static void WarnInResult(DefinitionNode result, DiagnosticBag diagnostics)
    {
        if (result.Text is { } whole && LooksLikePath(whole))
        {
            WarnThatStatic(result, diagnostics);
        }

        foreach (var child in result.Children)
        {
            var looksEvaluated = child is { Name: { } name, Kind: JsonKind.String } &&
                name.EndsWith(Suffix, StringComparison.Ordinal);
            if (looksEvaluated)
            {
                WarnThatStatic(child, diagnostics);
            }
            else
            {
                WarnInResult(child, diagnostics);
            }
        }
    }

    private static void WarnThatStatic(DefinitionNode node, DiagnosticBag diagnostics) => diagnostics.Warning(
        node, DiagnosticCodes.PassResultIsStatic,
        node.Name == "Result"
            ? "The field 'Result' is not evaluated"
            : $"The field '{node.Name}' of 'Result' is not evaluated",
        "'Result' comes out as it is written; use 'Parameters' to compose a result.");

    private static bool LooksLikePath(string text) =>
        text is "$" or "$$" || text.StartsWith("$.", StringComparison.Ordinal) ||
        text.StartsWith("$$.", StringComparison.Ordinal) || text.StartsWith("$[", StringComparison.Ordinal) ||
        (text.StartsWith("States.", StringComparison.Ordinal) && text.EndsWith(')'));
}

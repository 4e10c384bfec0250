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

    /// <summary>A member of a Pass state's Result that is named as in a template.</summary>
    public static void WarnInResult(DefinitionNode result, DiagnosticBag diagnostics)
    {
        foreach (var child in result.Children)
        {
            if (child is { Name: { } name, Kind: JsonKind.String } && name.EndsWith(Suffix, StringComparison.Ordinal))
            {
                diagnostics.Warning(
                    child, DiagnosticCodes.PassResultIsStatic, $"The field '{name}' of 'Result' is not evaluated",
                    "'Result' comes out as it is written; use 'Parameters' to compose a result.");
            }

            WarnInResult(child, diagnostics);
        }
    }

    private static bool LooksLikePath(string text) =>
        text is "$" or "$$" || text.StartsWith("$.", StringComparison.Ordinal) ||
        text.StartsWith("$$.", StringComparison.Ordinal) || text.StartsWith("$[", StringComparison.Ordinal) ||
        (text.StartsWith("States.", StringComparison.Ordinal) && text.EndsWith(')'));
}

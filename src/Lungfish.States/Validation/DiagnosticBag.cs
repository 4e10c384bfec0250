using System.Collections.Immutable;
using System.Text;
using Lungfish.States.Parsing;

namespace Lungfish.States.Validation;

/// <summary>Collects diagnostics and knows where in the text each one stands.</summary>
internal sealed class DiagnosticBag(byte[] utf8)
{
    private readonly List<Diagnostic> _diagnostics = [];
    private List<int>? _lineStarts;

    public bool HasErrors { get; private set; }

    public ImmutableArray<Diagnostic> ToImmutable() => [.. _diagnostics];

    public void Error(DefinitionNode node, string code, string message, string hint) =>
        Error(node, code, message, node.Location, hint);

    /// <param name="node">Null if the diagnostic is about the text as a whole.</param>
    /// <param name="location">Null where AWS tells none.</param>
    public void Error(DefinitionNode? node, string code, string message, string? location, string hint)
    {
        HasErrors = true;
        Add(DiagnosticSeverity.Error, node, code, message, location, hint);
    }

    public void Warning(DefinitionNode node, string code, string message, string hint) =>
        Add(DiagnosticSeverity.Warning, node, code, message, node.Location, hint);

    public (int Line, int Column) PositionOf(int offset)
    {
        var starts = _lineStarts ??= FindLines(utf8);
        var found = starts.BinarySearch(offset);
        var line = found >= 0 ? found : ~found - 1;
        return (line + 1, Encoding.UTF8.GetCharCount(utf8.AsSpan(starts[line]..offset)) + 1);
    }

    /// <summary>A place that somebody else counted.</summary>
    public void ErrorAt(int line, int column, string code, string message, string location, string hint)
    {
        HasErrors = true;
        _diagnostics.Add(new Diagnostic(DiagnosticSeverity.Error, code, message, location, line, column, hint));
    }

    private static List<int> FindLines(byte[] utf8)
    {
        List<int> starts = [0];
        for (var i = Array.IndexOf(utf8, (byte)'\n'); i >= 0; i = Array.IndexOf(utf8, (byte)'\n', i + 1))
        {
            starts.Add(i + 1);
        }

        return starts;
    }

    private void Add(
        DiagnosticSeverity severity, DefinitionNode? node, string code, string message, string? location, string hint)
    {
        var (line, column) = node is null ? (0, 0) : PositionOf(node.Offset);
        _diagnostics.Add(new Diagnostic(severity, code, message, location, line, column, hint)
        {
            Pointer = node?.Pointer,
        });
    }
}

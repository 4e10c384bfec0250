using System.Collections.Immutable;
using System.Text;
using Lungfish.States.Parsing;

namespace Lungfish.States.Validation;

/// <summary>Collects diagnostics and knows where in the text each one stands.</summary>
internal sealed class DiagnosticBag(byte[] utf8)
{
    private readonly List<Diagnostic> _diagnostics = [];

    public bool HasErrors { get; private set; }

    public ImmutableArray<Diagnostic> ToImmutable() => [.. _diagnostics];

    public void Error(DefinitionNode node, string code, string message, string hint) =>
        Error(node.Offset, code, message, node.Location, hint);

    /// <param name="offset">In bytes; null if the diagnostic has no place.</param>
    public void Error(int? offset, string code, string message, string? location, string hint)
    {
        HasErrors = true;
        Add(DiagnosticSeverity.Error, offset, code, message, location, hint);
    }

    public void Warning(DefinitionNode node, string code, string message, string hint) =>
        Add(DiagnosticSeverity.Warning, node.Offset, code, message, node.Location, hint);

    public (int Line, int Column) PositionOf(int offset)
    {
        var before = utf8.AsSpan(0, offset);
        var line = before.Count((byte)'\n') + 1;
        return (line, Encoding.UTF8.GetCharCount(before[(before.LastIndexOf((byte)'\n') + 1)..]) + 1);
    }

    private void Add(
        DiagnosticSeverity severity, int? offset, string code, string message, string? location, string hint)
    {
        var (line, column) = offset is { } at ? PositionOf(at) : (0, 0);
        _diagnostics.Add(new Diagnostic(severity, code, message, location, line, column, hint));
    }

    /// <summary>A place that somebody else counted.</summary>
    public void ErrorAt(int line, int column, string code, string message, string location, string hint)
    {
        HasErrors = true;
        _diagnostics.Add(new Diagnostic(DiagnosticSeverity.Error, code, message, location, line, column, hint));
    }
}

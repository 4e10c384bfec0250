using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Lungfish.DurableFunctions.CodeFixes;

/// <summary>A fix that puts one node in the place of another.</summary>
public abstract class SingleFix : CodeFixProvider
{
    private readonly string _title;

    private protected SingleFix(string title, params string[] rules)
    {
        _title = title;
        FixableDiagnosticIds = [.. rules];
    }

    /// <inheritdoc/>
    public sealed override ImmutableArray<string> FixableDiagnosticIds { get; }

    /// <inheritdoc/>
    public override FixAllProvider? GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        var model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        if (root is null || model is null)
        {
            return;
        }

        foreach (var diagnostic in context.Diagnostics)
        {
            var node = root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);
            if (node.FirstAncestorOrSelf<ExpressionSyntax>() is { } expression
                && Replace(expression, diagnostic, model, context.CancellationToken) is var (old, replacement))
            {
                var changed = context.Document.WithSyntaxRoot(root.ReplaceNode(old, replacement.WithTriviaFrom(old)));
                context.RegisterCodeFix(
                    CodeAction.Create(_title, _ => Task.FromResult(changed), equivalenceKey: GetType().Name),
                    diagnostic);
            }
        }
    }

    /// <summary>What to put where; null if there is no fix that surely compiles and means the same.</summary>
    private protected abstract (SyntaxNode Old, SyntaxNode Replacement)? Replace(
        ExpressionSyntax found, Diagnostic diagnostic, SemanticModel model, CancellationToken cancellationToken);
}

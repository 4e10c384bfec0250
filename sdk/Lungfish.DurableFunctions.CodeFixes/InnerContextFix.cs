using System.Composition;
using Lungfish.DurableFunctions.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Lungfish.DurableFunctions.CodeFixes;

/// <summary>Uses the context that the body was given, in place of the one outside.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(InnerContextFix)), Shared]
public sealed class InnerContextFix : SingleFix
{
    /// <summary>Made by the host of the fixes.</summary>
    public InnerContextFix()
        : base("Use the context of this body", Rules.OuterContextId)
    {
    }

    private protected override (SyntaxNode Old, SyntaxNode Replacement)? Replace(
        ExpressionSyntax found, Diagnostic diagnostic, SemanticModel model, CancellationToken cancellationToken) =>
        Surroundings.ContextName(found, model, cancellationToken) is { } own
            ? (found, SyntaxFactory.IdentifierName(own))
            : null;
}

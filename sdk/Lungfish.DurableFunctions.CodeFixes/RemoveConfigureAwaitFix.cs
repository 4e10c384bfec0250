using System.Composition;
using Lungfish.DurableFunctions.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Lungfish.DurableFunctions.CodeFixes;

/// <summary>Takes <c>ConfigureAwait(false)</c> off a task.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RemoveConfigureAwaitFix)), Shared]
public sealed class RemoveConfigureAwaitFix : SingleFix
{
    /// <summary>Made by the host of the fixes.</summary>
    public RemoveConfigureAwaitFix()
        : base("Remove ConfigureAwait(false)", Rules.ConfigureAwaitId)
    {
    }

    private protected override (SyntaxNode Old, SyntaxNode Replacement)? Replace(
        ExpressionSyntax found, Diagnostic diagnostic, SemanticModel model, CancellationToken cancellationToken) =>
        found is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access }
            ? (found, access.Expression)
            : null;
}

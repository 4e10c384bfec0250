using System.Composition;
using Lungfish.DurableFunctions.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace Lungfish.DurableFunctions.CodeFixes;

/// <summary>Awaits durable work that was dropped or blocked on.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AddAwaitFix)), Shared]
public sealed class AddAwaitFix : SingleFix
{
    /// <summary>Made by the host of the fixes.</summary>
    public AddAwaitFix()
        : base("Await the operation", Rules.MissingAwaitId)
    {
    }

    private protected override (SyntaxNode Old, SyntaxNode Replacement)? Replace(
        ExpressionSyntax found, Diagnostic diagnostic, SemanticModel model, CancellationToken cancellationToken)
    {
        // Awaited in an async function without a task, or behind a ?. that may have no task: no await mends that.
        if (found.Parent is AwaitExpressionSyntax or ConditionalAccessExpressionSyntax || !Surroundings.CanAwait(found))
        {
            return null;
        }

        var type = model.GetTypeInfo(found, cancellationToken).Type;
        var old = Waited(found);
        if (old is InvocationExpressionSyntax { ArgumentList.Arguments.Count: > 0 } call && call != found)
        {
            return null; // A limit or a token of Wait that the await would not have.
        }

        if (old.Parent is EqualsValueClauseSyntax && type is not INamedTypeSymbol { IsGenericType: true })
        {
            return null; // There is no value that the variable could take.
        }

        var awaited = SyntaxFactory.AwaitExpression(found.WithoutTrivia());
        return (old, Surroundings.AsOperand(awaited, old).WithAdditionalAnnotations(Formatter.Annotation));
    }

    /// <summary>The expression with all that drops or blocks on it.</summary>
    private static ExpressionSyntax Waited(ExpressionSyntax task) => task.Parent switch
    {
        ParenthesizedExpressionSyntax parentheses => Waited(parentheses),
        AssignmentExpressionSyntax discard => discard,
        MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Result" } result => result,
        MemberAccessExpressionSyntax
        {
            Name.Identifier.ValueText: "Wait" or "GetResult",
            Parent: InvocationExpressionSyntax call,
        } => call,
        MemberAccessExpressionSyntax
        {
            Name.Identifier.ValueText: "ConfigureAwait" or "GetAwaiter",
            Parent: InvocationExpressionSyntax call,
        } => Waited(call),
        _ => task,
    };
}

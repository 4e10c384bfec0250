using Lungfish.DurableFunctions.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Lungfish.DurableFunctions.CodeFixes;

/// <summary>What code at one place can use: a durable context, and <c>await</c>.</summary>
internal static class Surroundings
{
    /// <summary>The context that operations at <paramref name="node"/> belong to, by name; null without one.</summary>
    public static string? ContextName(SyntaxNode node, SemanticModel model, CancellationToken cancellationToken)
    {
        if (DurableSymbols.Find(model.Compilation) is not { } symbols)
        {
            return null;
        }

        // The innermost function that was given one decides; a discard means that the author wants none.
        foreach (var function in node.Ancestors().Where(IsFunction))
        {
            var parameter = Parameters(function, model, cancellationToken)
                .FirstOrDefault(parameter => symbols.IsDurableContext(parameter.Type));
            if (parameter is not null)
            {
                return parameter.IsDiscard ? null : parameter.Name;
            }
        }

        return model.LookupSymbols(node.SpanStart)
            .FirstOrDefault(symbol => symbols.IsDurableContext(TypeOf(symbol)))
            ?.Name;
    }

    /// <summary>Whether the innermost function around <paramref name="node"/> is async.</summary>
    public static bool CanAwait(SyntaxNode node) => node.Ancestors().FirstOrDefault(IsFunction) switch
    {
        AnonymousFunctionExpressionSyntax lambda => lambda.AsyncKeyword.IsKind(SyntaxKind.AsyncKeyword),
        LocalFunctionStatementSyntax local => local.Modifiers.Any(SyntaxKind.AsyncKeyword),
        MethodDeclarationSyntax method => method.Modifiers.Any(SyntaxKind.AsyncKeyword),
        _ => false,
    };

    /// <summary>Puts parentheses around an await where what follows would bind to its operand.</summary>
    public static ExpressionSyntax AsOperand(ExpressionSyntax awaited, ExpressionSyntax replaced) =>
        replaced.Parent is MemberAccessExpressionSyntax or ElementAccessExpressionSyntax or InvocationExpressionSyntax
            or ConditionalAccessExpressionSyntax or PostfixUnaryExpressionSyntax
            ? SyntaxFactory.ParenthesizedExpression(awaited)
            : awaited;

    private static bool IsFunction(SyntaxNode node) =>
        node is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or BaseMethodDeclarationSyntax
            or AccessorDeclarationSyntax;

    private static IEnumerable<IParameterSymbol> Parameters(
        SyntaxNode function, SemanticModel model, CancellationToken cancellationToken)
    {
        var symbol = function is AnonymousFunctionExpressionSyntax
            ? model.GetSymbolInfo(function, cancellationToken).Symbol
            : model.GetDeclaredSymbol(function, cancellationToken);
        return symbol is IMethodSymbol method ? method.Parameters : [];
    }

    private static ITypeSymbol? TypeOf(ISymbol symbol) => symbol switch
    {
        ILocalSymbol local => local.Type,
        IParameterSymbol parameter => parameter.Type,
        IFieldSymbol field => field.Type,
        IPropertySymbol property => property.Type,
        _ => null,
    };
}

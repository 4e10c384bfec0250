using System.Composition;
using Lungfish.DurableFunctions.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;

namespace Lungfish.DurableFunctions.CodeFixes;

/// <summary>Makes a wait of the execution of <c>Task.Delay</c> and <c>Thread.Sleep</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(WaitInsteadOfDelayFix)), Shared]
public sealed class WaitInsteadOfDelayFix : SingleFix
{
    /// <summary>Made by the host of the fixes.</summary>
    public WaitInsteadOfDelayFix()
        : base("Suspend the execution with WaitAsync", Rules.TimerId)
    {
    }

    /// <summary>None: a new operation shifts those after it, which running executions do not survive.</summary>
    public override FixAllProvider? GetFixAllProvider() => null;

    private protected override (SyntaxNode Old, SyntaxNode Replacement)? Replace(
        ExpressionSyntax found, Diagnostic diagnostic, SemanticModel model, CancellationToken cancellationToken)
    {
        if (found is not InvocationExpressionSyntax call
            || model.GetSymbolInfo(call, cancellationToken).Symbol is not IMethodSymbol method
            || !IsDelay(method)
            || call.ArgumentList.Arguments.Any(argument => argument.NameColon is not null)
            || DurationOf(call.ArgumentList.Arguments[0].Expression, model, cancellationToken) is not { } duration
            || Surroundings.ContextName(call, model, cancellationToken) is not { } context)
        {
            return null;
        }

        var token = call.ArgumentList.Arguments.Count > 1
            ? $", cancellationToken: {call.ArgumentList.Arguments[1].Expression}"
            : "";
        var wait = SyntaxFactory.ParseExpression($"{context}.WaitAsync({duration}{token})");
        var generated = wait.DescendantNodes().OfType<MemberAccessExpressionSyntax>()
            .Where(node => string.Equals(node.ToString(), "global::System.TimeSpan", StringComparison.Ordinal));
        wait = wait
            .ReplaceNodes(generated, (_, node) => node.WithAdditionalAnnotations(Simplifier.Annotation))
            .WithAdditionalAnnotations(Formatter.Annotation);
        if (method.Name is "Delay")
        {
            return (call, wait);
        }

        return Surroundings.CanAwait(call) && call.Parent is ExpressionStatementSyntax
            ? (call, SyntaxFactory.AwaitExpression(wait).WithAdditionalAnnotations(Formatter.Annotation))
            : null;
    }

    private static bool IsDelay(IMethodSymbol method) => method.Name switch
    {
        // Not the overload with a TimeProvider: whose time it is would be lost.
        "Delay" => method.ContainingType.Name is "Task"
            && method.Parameters.Skip(1).All(parameter => parameter.Type.Name is "CancellationToken"),
        "Sleep" => method.ContainingType.Name is "Thread",
        _ => false,
    };

    /// <summary>Null for constants below a second: a wait of the execution cannot be shorter.</summary>
    private static string? DurationOf(ExpressionSyntax value, SemanticModel model, CancellationToken cancellationToken)
    {
        if (model.GetTypeInfo(value, cancellationToken).Type?.SpecialType is not SpecialType.System_Int32)
        {
            return value.ToString();
        }

        return model.GetConstantValue(value, cancellationToken) switch
        {
            { HasValue: true, Value: int and < 1000 } => null,
            { HasValue: true, Value: int milliseconds } when milliseconds % 1000 == 0 =>
                $"global::System.TimeSpan.FromSeconds({milliseconds / 1000})",
            _ => $"global::System.TimeSpan.FromMilliseconds({value})",
        };
    }
}

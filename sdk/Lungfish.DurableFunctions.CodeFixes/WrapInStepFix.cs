using System.Composition;
using Lungfish.DurableFunctions.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;

namespace Lungfish.DurableFunctions.CodeFixes;

/// <summary>Makes a step of an expression that workflow code may not compute by itself.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(WrapInStepFix)), Shared]
public sealed class WrapInStepFix : SingleFix
{
    private const string TaskType = "global::System.Threading.Tasks.Task";

    /// <summary>Made by the host of the fixes.</summary>
    public WrapInStepFix()
        : base(
            "Compute it in a step",
            Rules.ClockId, Rules.RandomId, Rules.NewIdId, Rules.InputOutputId, Rules.EnvironmentId)
    {
    }

    /// <summary>None: a new step shifts the operations after it, which running executions do not survive.</summary>
    public override FixAllProvider? GetFixAllProvider() => null;

    private protected override (SyntaxNode Old, SyntaxNode Replacement)? Replace(
        ExpressionSyntax found, Diagnostic diagnostic, SemanticModel model, CancellationToken cancellationToken)
    {
        var unstorable = new UnstorableTypes(model.Compilation);
        var expression = UpToStorable(found, model, unstorable, cancellationToken);
        if (expression is null
            || HoldsWhatCannotMove(expression)
            || Surroundings.ContextName(expression, model, cancellationToken) is not { } context)
        {
            return null;
        }

        var type = model.GetTypeInfo(expression, cancellationToken).Type;
        var isTask = type is { Name: "Task", ContainingNamespace.Name: "Tasks" };
        if (expression.Parent is AwaitExpressionSyntax awaited && isTask)
        {
            return (awaited.Expression, StepCall(context, expression, Body.Task));
        }

        if (isTask)
        {
            return (expression, StepCall(context, expression, Body.Task));
        }

        var isStatement = type?.SpecialType is SpecialType.System_Void;
        // What fills an array of the workflow would fill none on replay.
        var isLost = isStatement
            && (diagnostic.Id is not Rules.InputOutputId || expression.Parent is not ExpressionStatementSyntax);
        if (isLost || !Surroundings.CanAwait(expression))
        {
            return null;
        }

        var body = isStatement ? Body.Statement : Body.Value;
        var step = SyntaxFactory.AwaitExpression(StepCall(context, expression, body));
        return (expression, Surroundings.AsOperand(step, expression).WithAdditionalAnnotations(Formatter.Annotation));
    }

    private enum Body
    {
        Task,
        Value,
        Statement,
    }

    private static ExpressionSyntax StepCall(string context, ExpressionSyntax expression, Body kind)
    {
        var text = expression.WithoutTrivia().ToString();
        var awaits = expression.DescendantNodesAndSelf(node => node is not AnonymousFunctionExpressionSyntax)
            .Any(node => node is AwaitExpressionSyntax);
        var lambda = (kind, awaits) switch
        {
            (Body.Task, false) => $"(_, _) => {text}",
            (Body.Task, true) => $"async (_, _) => await {text}",
            (Body.Value, false) => $"(_, _) => {TaskType}.FromResult({text})",
            (Body.Value, true) => $"async (_, _) => {text}",
            (_, false) => $"(_, _) => {{ {text}; return {TaskType}.CompletedTask; }}",
            _ => $"async (_, _) => {{ {text}; }}",
        };
        var call = SyntaxFactory.ParseExpression($"{context}.StepAsync({lambda})");
        var generated = call.DescendantNodes().OfType<MemberAccessExpressionSyntax>()
            .Where(node => string.Equals(node.ToString(), TaskType, StringComparison.Ordinal));
        return call
            .ReplaceNodes(generated, (_, node) => node.WithAdditionalAnnotations(Simplifier.Annotation))
            .WithAdditionalAnnotations(Formatter.Annotation);
    }

    /// <summary>The generator or response itself is not stored, but what is taken from it.</summary>
    private static ExpressionSyntax? UpToStorable(
        ExpressionSyntax expression,
        SemanticModel model,
        UnstorableTypes unstorable,
        CancellationToken cancellationToken)
    {
        var at = expression;
        while (Result(model.GetTypeInfo(at, cancellationToken).Type) is { } type && unstorable.Contains(type))
        {
            if (at.Parent is not MemberAccessExpressionSyntax access || access.Expression != at)
            {
                return null;
            }

            at = access.Parent is InvocationExpressionSyntax call ? call : access;
        }

        return at;
    }

    /// <summary>What a task brings; other types as they are.</summary>
    private static ITypeSymbol? Result(ITypeSymbol? type) => type switch
    {
        INamedTypeSymbol { Name: "Task", TypeArguments.Length: 1 } task => task.TypeArguments[0],
        { Name: "Task", ContainingNamespace.Name: "Tasks" } => null,
        _ => type,
    };

    /// <summary>Variables that the expression declares or passes by reference belong to the function around.</summary>
    private static bool HoldsWhatCannotMove(ExpressionSyntax expression) =>
        expression.DescendantNodes().Any(node => node
            is DeclarationExpressionSyntax
            or SingleVariableDesignationSyntax
            or ArgumentSyntax { RefKindKeyword.RawKind: not (int)SyntaxKind.None });
}

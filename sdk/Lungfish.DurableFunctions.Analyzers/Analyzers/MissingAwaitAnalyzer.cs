using System.Collections.Immutable;
using Lungfish.DurableFunctions.Analyzers.Hazards;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Lungfish.DurableFunctions.Analyzers;

/// <summary>Durable work that nobody awaits, or that a thread blocks on (LFD009).</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class MissingAwaitAnalyzer : DiagnosticAnalyzer
{
    private const string Blocked = "blocks a thread until it is done";
    private const string Dropped = "is started, and nobody waits for it";
    private const string Unseen = "stands in an async function that returns no task, so that nobody waits for it";

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.MissingAwait];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start =>
        {
            if (DurableSymbols.Find(start.Compilation) is { } symbols)
            {
                start.RegisterOperationAction(operation => Check(operation, symbols), OperationKind.Invocation);
                start.RegisterOperationAction(
                    operation => CheckKept(operation, symbols), OperationKind.LocalReference);
            }
        });
    }

    private static void Check(OperationAnalysisContext context, DurableSymbols symbols)
    {
        var call = (IInvocationOperation)context.Operation;
        if (symbols.IsDurableWork(call.TargetMethod)
            && (FaultOf(call) ?? FaultOfFunction(call, context.ContainingSymbol)) is { } fault)
        {
            Report(context, call, HazardFinder.NameOf(call.TargetMethod), fault);
        }
    }

    /// <summary>A thread that blocks on a task which a variable keeps, and that nothing has awaited before.</summary>
    private static void CheckKept(OperationAnalysisContext context, DurableSymbols symbols)
    {
        var reference = (ILocalReferenceOperation)context.Operation;
        if (FaultOf(reference) is not Blocked)
        {
            return;
        }

        var isDurable = ValuesOf(reference.Local, reference).Any(value =>
            Unwrapped(value) is IInvocationOperation call && symbols.IsDurableWork(call.TargetMethod));
        // Who awaits it, or hands it on to somebody who may, has its result without blocking from then on.
        var isDone = ReferencesOf(reference.Local, reference).Any(other =>
            other.Syntax.SpanStart < reference.Syntax.SpanStart && IsTakenUp(other));
        if (isDurable && !isDone)
        {
            Report(context, reference, reference.Local.Name, Blocked);
        }
    }

    private static void Report(OperationAnalysisContext context, IOperation task, string name, string fault) =>
        context.ReportDiagnostic(Diagnostic.Create(
            Rules.MissingAwait, task.Syntax.GetLocation(), $"'{name}'", fault));

    private static string? FaultOf(IOperation task) => task.Parent switch
    {
        IConversionOperation or IParenthesizedOperation or IConditionalAccessOperation => FaultOf(task.Parent),
        IExpressionStatementOperation => Dropped,
        ISimpleAssignmentOperation { Target: IDiscardOperation } => Dropped,
        IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator }
            when ReferencesOf(declarator.Symbol, declarator).All(IsOnlyALook) => Dropped,
        IPropertyReferenceOperation { Property.Name: "Result" } => Blocked,
        IInvocationOperation call when call.Instance == task => FaultOfCall(call),
        _ => null,
    };

    private static string? FaultOfCall(IInvocationOperation call) => call.TargetMethod.Name switch
    {
        "ConfigureAwait" => FaultOf(call),
        "Wait" => Blocked,
        "GetAwaiter" when call.Parent is IInvocationOperation { TargetMethod.Name: "GetResult" } => Blocked,
        _ => null,
    };

    /// <summary>Awaited, but by an <c>async void</c> function or lambda.</summary>
    private static string? FaultOfFunction(IOperation call, ISymbol member)
    {
        var at = call.Parent;
        while (at is not (null or IAnonymousFunctionOperation or ILocalFunctionOperation))
        {
            at = at.Parent;
        }

        var function = at switch
        {
            IAnonymousFunctionOperation lambda => lambda.Symbol,
            ILocalFunctionOperation local => local.Symbol,
            _ => member as IMethodSymbol,
        };
        return function is { IsAsync: true, ReturnsVoid: true } ? Unseen : null;
    }

    private static IEnumerable<ILocalReferenceOperation> ReferencesOf(ILocalSymbol variable, IOperation inside) =>
        Place.Member(inside).Descendants().OfType<ILocalReferenceOperation>().Where(reference =>
            SymbolEqualityComparer.Default.Equals(reference.Local, variable));

    private static IEnumerable<IOperation> ValuesOf(ILocalSymbol variable, IOperation inside) =>
        Place.Member(inside).Descendants().Select(operation => operation switch
        {
            IVariableDeclaratorOperation { Initializer.Value: { } value } declarator
                when SymbolEqualityComparer.Default.Equals(declarator.Symbol, variable) => value,
            ISimpleAssignmentOperation { Target: ILocalReferenceOperation target } assignment
                when SymbolEqualityComparer.Default.Equals(target.Local, variable) => assignment.Value,
            _ => null,
        }).OfType<IOperation>();

    private static IOperation Unwrapped(IOperation value) => value switch
    {
        IConversionOperation conversion => Unwrapped(conversion.Operand),
        IParenthesizedOperation parentheses => Unwrapped(parentheses.Operand),
        _ => value,
    };

    private static bool IsTakenUp(ILocalReferenceOperation reference)
    {
        var isTarget = reference.Parent is ISimpleAssignmentOperation assignment && assignment.Target == reference;
        return !isTarget && !IsOnlyALook(reference) && FaultOf(reference) is null;
    }

    /// <summary>How far it is, asked of a task, awaits nothing.</summary>
    private static bool IsOnlyALook(ILocalReferenceOperation reference) =>
        reference.Parent is IPropertyReferenceOperation { Property.Name: not "Result" };
}

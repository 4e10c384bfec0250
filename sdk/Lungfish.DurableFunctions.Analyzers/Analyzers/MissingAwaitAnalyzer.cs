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
            }
        });
    }

    private static void Check(OperationAnalysisContext context, DurableSymbols symbols)
    {
        var call = (IInvocationOperation)context.Operation;
        if (symbols.IsDurableWork(call.TargetMethod) && FaultOf(call) is { } fault)
        {
            context.ReportDiagnostic(Diagnostic.Create(
                Rules.MissingAwait, call.Syntax.GetLocation(), $"'{HazardFinder.NameOf(call.TargetMethod)}'", fault));
        }
    }

    private static string? FaultOf(IOperation task)
    {
        const string blocked = "blocks a thread until it is done";
        const string dropped = "is started, and nobody waits for it";
        return task.Parent switch
        {
            IConversionOperation or IParenthesizedOperation => FaultOf(task.Parent),
            IExpressionStatementOperation => dropped,
            ISimpleAssignmentOperation { Target: IDiscardOperation } => dropped,
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator }
                when !IsUsed(declarator) => dropped,
            IPropertyReferenceOperation { Property.Name: "Result" } => blocked,
            IInvocationOperation call when call.Instance == task => FaultOfCall(call, blocked),
            _ => null,
        };
    }

    private static string? FaultOfCall(IInvocationOperation call, string blocked) => call.TargetMethod.Name switch
    {
        "ConfigureAwait" => FaultOf(call),
        "Wait" => blocked,
        "GetAwaiter" when call.Parent is IInvocationOperation { TargetMethod.Name: "GetResult" } => blocked,
        _ => null,
    };

    private static bool IsUsed(IVariableDeclaratorOperation declarator)
    {
        IOperation root = declarator;
        while (root.Parent is not null)
        {
            root = root.Parent;
        }

        return root.Descendants().OfType<ILocalReferenceOperation>().Any(reference =>
            SymbolEqualityComparer.Default.Equals(reference.Local, declarator.Symbol));
    }
}

using System.Collections.Immutable;
using Lungfish.DurableFunctions.Analyzers.Hazards;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Lungfish.DurableFunctions.Analyzers;

/// <summary>Durable operations inside the body of a step, a submitter or a condition check (LFD007).</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class StepBodyAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.OperationInStep];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start =>
        {
            if (DurableSymbols.Find(start.Compilation) is { } symbols)
            {
                var calls = new Lazy<CallGraph>(() => new CallGraph(start.Compilation, symbols));
                start.RegisterOperationAction(
                    operation => Check(operation, symbols, calls),
                    OperationKind.Invocation);
            }
        });
    }

    private static void Check(OperationAnalysisContext context, DurableSymbols symbols, Lazy<CallGraph> calls)
    {
        var call = (IInvocationOperation)context.Operation;
        var isOperation = symbols.IsDurableWork(call.TargetMethod);
        var callee = CallGraph.Callees(call, symbols)
            .FirstOrDefault(method => !method.DeclaringSyntaxReferences.IsEmpty);
        if ((!isOperation && callee is null)
            || Place.Of(call, context.ContainingSymbol, symbols).Scope is not Scope.Step)
        {
            return;
        }

        if (isOperation || (callee is not null && calls.Value.PerformsOperation(callee, context.CancellationToken)))
        {
            var name = HazardFinder.NameOf(call.TargetMethod);
            context.ReportDiagnostic(Diagnostic.Create(Rules.OperationInStep, call.Syntax.GetLocation(), $"'{name}'"));
        }
    }
}

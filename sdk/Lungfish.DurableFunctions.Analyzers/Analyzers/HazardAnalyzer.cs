using System.Collections.Immutable;
using Lungfish.DurableFunctions.Analyzers.Hazards;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Lungfish.DurableFunctions.Analyzers;

/// <summary>Clock, dice, ids, I/O, environment, timers and concurrency in workflow code (LFD001 to 006, 010).</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class HazardAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
    [
        Rules.Clock, Rules.Random, Rules.NewId, Rules.InputOutput, Rules.Environment, Rules.Timer, Rules.Concurrency,
    ];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start =>
        {
            if (DurableSymbols.Find(start.Compilation) is { } symbols)
            {
                var run = new Run(start.Compilation, symbols);
                start.RegisterOperationAction(
                    run.Check,
                    OperationKind.Invocation,
                    OperationKind.MethodReference,
                    OperationKind.ObjectCreation,
                    OperationKind.PropertyReference);
            }
        });
    }

    private sealed class Run(Compilation compilation, DurableSymbols symbols)
    {
        private readonly HazardFinder _finder = new(compilation);
        private readonly Lazy<CallGraph> _calls = new(() => new CallGraph(compilation, symbols));

        public void Check(OperationAnalysisContext context)
        {
            if (_finder.Find(context.Operation) is { } hazard)
            {
                if (IsInWorkflow(context))
                {
                    Report(context, hazard.Rule, $"'{hazard.Name}'");
                }

                return;
            }

            var callees = CallGraph.Callees(context.Operation, symbols).Where(IsHere).ToList();
            if (callees.Count == 0 || !IsInWorkflow(context))
            {
                return;
            }

            foreach (var callee in callees)
            {
                foreach (var found in _calls.Value.HazardsOf(callee, context.CancellationToken))
                {
                    Report(context, found.Rule, $"'{HazardFinder.NameOf(callee)}' (by way of '{found.Name}')");
                }
            }
        }

        private bool IsHere(IMethodSymbol function) =>
            SymbolEqualityComparer.Default.Equals(function.ContainingAssembly, compilation.Assembly);

        private bool IsInWorkflow(OperationAnalysisContext context)
        {
            var operation = context.Operation;
            if (operation is IMethodReferenceOperation && Place.DelegateScope(operation, symbols) is not null)
            {
                return false; // Whoever gets this delegate decides when it is called.
            }

            var place = Place.Of(operation, context.ContainingSymbol, symbols);
            return place.Scope is Scope.Workflow && !IsNameOnly(operation);
        }

        private static bool IsNameOnly(IOperation operation)
        {
            for (var at = operation.Parent; at is not null; at = at.Parent)
            {
                if (at is INameOfOperation)
                {
                    return true;
                }
            }

            return false;
        }

        private static void Report(OperationAnalysisContext context, DiagnosticDescriptor rule, string what) =>
            context.ReportDiagnostic(Diagnostic.Create(rule, context.Operation.Syntax.GetLocation(), what));
    }
}

using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Lungfish.DurableFunctions.Analyzers;

/// <summary>How an operation is called: its name, what it stores (LFD012, LFD014); ConfigureAwait (LFD011).</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class OperationCallAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        [Rules.ConfigureAwait, Rules.OperationName, Rules.ResultType];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start =>
        {
            if (DurableSymbols.Find(start.Compilation) is { } symbols)
            {
                var unstorable = new UnstorableTypes(start.Compilation);
                start.RegisterOperationAction(
                    operation => Check(operation, symbols, unstorable), OperationKind.Invocation);
            }
        });
    }

    private static void Check(OperationAnalysisContext context, DurableSymbols symbols, UnstorableTypes unstorable)
    {
        var call = (IInvocationOperation)context.Operation;
        if (symbols.IsOperation(call.TargetMethod))
        {
            CheckName(context, call);
            CheckResult(context, call, unstorable);
        }
        else if (IsConfigureAwaitFalse(call)
            && Place.Of(call, context.ContainingSymbol, symbols).Scope is Scope.Workflow)
        {
            context.ReportDiagnostic(Diagnostic.Create(Rules.ConfigureAwait, call.Syntax.GetLocation()));
        }
    }

    private static void CheckName(OperationAnalysisContext context, IInvocationOperation call)
    {
        var name = call.Arguments.FirstOrDefault(argument => argument.Parameter?.Name is "name")?.Value;
        while (name is IConversionOperation conversion)
        {
            name = conversion.Operand;
        }

        // What is passed on or looked up was named elsewhere; only what is put together here is looked at.
        var isMade = name is IInterpolatedStringOperation or IBinaryOperation or IInvocationOperation;
        if (name is not null && isMade && !name.ConstantValue.HasValue)
        {
            context.ReportDiagnostic(Diagnostic.Create(Rules.OperationName, name.Syntax.GetLocation()));
        }
    }

    private static void CheckResult(
        OperationAnalysisContext context, IInvocationOperation call, UnstorableTypes unstorable)
    {
        // Whoever brings a serializer knows what it can do.
        if (call.Arguments.Any(argument => argument.Parameter?.Name is "config" && BringsSerializer(argument.Value)))
        {
            return;
        }

        var stored = call.TargetMethod.Name is "MapAsync"
            ? call.TargetMethod.TypeArguments.Skip(1) // The first is that of the items, which are not stored.
            : call.TargetMethod.TypeArguments;
        if (stored.FirstOrDefault(unstorable.Contains) is { } type)
        {
            var shown = type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);
            context.ReportDiagnostic(Diagnostic.Create(Rules.ResultType, call.Syntax.GetLocation(), shown));
        }
    }

    private static bool BringsSerializer(IOperation config) => config switch
    {
        IConversionOperation conversion => BringsSerializer(conversion.Operand),
        IDefaultValueOperation or ILiteralOperation => false,
        IObjectCreationOperation creation => creation.Initializer is { } initializer
            && initializer.Initializers.OfType<ISimpleAssignmentOperation>().Any(assignment =>
                assignment.Target is IPropertyReferenceOperation target
                && target.Property.Name.EndsWith("Serializer", StringComparison.Ordinal)),
        _ => true,
    };

    private static bool IsConfigureAwaitFalse(IInvocationOperation call) =>
        call is { TargetMethod: { Name: "ConfigureAwait", ContainingNamespace.Name: "Tasks" }, Arguments.Length: 1 }
        && call.Arguments[0].Value.ConstantValue is { HasValue: true, Value: false };
}

using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Lungfish.DurableFunctions.Analyzers;

/// <summary>Variables of the code around that the body of an operation changes (LFD008).</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CapturedChangeAnalyzer : DiagnosticAnalyzer
{
    private static readonly ImmutableHashSet<string> s_changingMethods =
    [
        "Add", "AddFirst", "AddLast", "AddOrUpdate", "AddRange", "Append", "AppendFormat", "AppendJoin", "AppendLine",
        "Clear", "Dequeue", "Enqueue", "EnqueueRange", "ExceptWith", "GetOrAdd", "Insert", "InsertRange",
        "IntersectWith", "Pop", "Push", "PushRange", "Remove", "RemoveAll", "RemoveAt", "RemoveFirst", "RemoveLast",
        "RemoveRange", "RemoveWhere", "Replace", "Reverse", "Sort", "SymmetricExceptWith", "TryAdd", "TryDequeue",
        "TryPop", "TryRemove", "TryTake", "TryUpdate", "UnionWith",
    ];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.CapturedChange];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start =>
        {
            if (DurableSymbols.Find(start.Compilation) is { } symbols)
            {
                start.RegisterOperationAction(
                    operation => Check(operation, symbols),
                    OperationKind.SimpleAssignment,
                    OperationKind.CompoundAssignment,
                    OperationKind.CoalesceAssignment,
                    OperationKind.DeconstructionAssignment,
                    OperationKind.Increment,
                    OperationKind.Decrement,
                    OperationKind.Argument,
                    OperationKind.Invocation);
            }
        });
    }

    private static void Check(OperationAnalysisContext context, DurableSymbols symbols)
    {
        foreach (var target in Targets(context.Operation))
        {
            if (RootOf(target) is { } variable
                && Bodies(target, symbols).FirstOrDefault(body =>
                    IsDeclaredOutside(variable, body.Function, context.CancellationToken)) is { Function: { } } body)
            {
                context.ReportDiagnostic(Diagnostic.Create(
                    Rules.CapturedChange, target.Syntax.GetLocation(), variable.Name, body.Kind));
            }
        }
    }

    /// <summary>What the operation writes to, or into.</summary>
    private static IEnumerable<IOperation> Targets(IOperation operation) => operation switch
    {
        IAssignmentOperation { Target: ITupleOperation tuple } => tuple.Elements,
        IAssignmentOperation assignment => [assignment.Target],
        IIncrementOrDecrementOperation increment => [increment.Target],
        IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } argument => [argument.Value],
        IInvocationOperation { Instance: { } instance } call when IsChange(call.TargetMethod) => [instance],
        _ => [],
    };

    private static bool IsChange(IMethodSymbol method) =>
        s_changingMethods.Contains(method.Name)
        && method.ContainingType.ContainingNamespace.ToDisplayString() is "System.Text"
            or "System.Collections"
            or "System.Collections.Generic"
            or "System.Collections.Concurrent"
            or "System.Collections.ObjectModel";

    /// <summary>The variable that holds the target, or the object that the target is a part of.</summary>
    private static ISymbol? RootOf(IOperation? target) => target switch
    {
        ILocalReferenceOperation local => local.Local,
        // Captured parameters of a primary constructor are fields in all but name.
        IParameterReferenceOperation parameter => IsOfConstructor(parameter.Parameter) ? null : parameter.Parameter,
        IFieldReferenceOperation field => RootOf(field.Instance),
        IPropertyReferenceOperation property => RootOf(property.Instance),
        IArrayElementReferenceOperation element => RootOf(element.ArrayReference),
        IConversionOperation conversion => RootOf(conversion.Operand),
        _ => null,
    };

    private static bool IsOfConstructor(IParameterSymbol parameter) =>
        parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Constructor };

    /// <summary>The bodies that this is a part of: that around, and those that call local functions around.</summary>
    private static IEnumerable<(IOperation Function, string Kind)> Bodies(IOperation operation, DurableSymbols symbols)
    {
        var seen = new HashSet<IMethodSymbol>(SymbolEqualityComparer.Default);
        var waiting = new Queue<IOperation>([operation]);
        while (waiting.Count > 0)
        {
            var at = waiting.Dequeue();
            if (EnclosingBody(at, symbols) is { } body)
            {
                yield return body;
            }

            if (EnclosingLocalFunction(at) is { } helper && seen.Add(helper.Symbol))
            {
                foreach (var call in Place.Member(helper).Descendants().OfType<IInvocationOperation>().Where(call =>
                    SymbolEqualityComparer.Default.Equals(call.TargetMethod, helper.Symbol)))
                {
                    waiting.Enqueue(call);
                }
            }
        }
    }

    private static ILocalFunctionOperation? EnclosingLocalFunction(IOperation operation)
    {
        var at = operation.Parent;
        while (at is not (null or ILocalFunctionOperation))
        {
            at = at.Parent;
        }

        return at as ILocalFunctionOperation;
    }

    /// <summary>The innermost body of an operation around; what it returns is stored, and nothing else of it.</summary>
    private static (IOperation Function, string Kind)? EnclosingBody(IOperation operation, DurableSymbols symbols)
    {
        for (var at = operation.Parent; at is not null; at = at.Parent)
        {
            var function = at switch
            {
                IAnonymousFunctionOperation lambda => lambda.Symbol,
                ILocalFunctionOperation local => local.Symbol,
                _ => null,
            };
            if (function is null)
            {
                continue;
            }

            if (symbols.TakesStepContext(function))
            {
                return (at, "the step");
            }

            if (symbols.TakesDurableContext(function))
            {
                return (at, "the child context");
            }

            if (at is IAnonymousFunctionOperation && Place.DelegateScope(at, symbols) is Scope.Step)
            {
                return (at, "the step");
            }
        }

        return null;
    }

    private static bool IsDeclaredOutside(ISymbol variable, IOperation function, CancellationToken cancellationToken) =>
        variable.DeclaringSyntaxReferences.All(reference =>
            !function.Syntax.Contains(reference.GetSyntax(cancellationToken)));
}

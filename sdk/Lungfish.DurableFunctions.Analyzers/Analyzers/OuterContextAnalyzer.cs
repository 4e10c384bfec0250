using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Lungfish.DurableFunctions.Analyzers;

/// <summary>The context of the code around, used in a body that was given one of its own (LFD013).</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class OuterContextAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.OuterContext];

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
                    OperationKind.LocalReference,
                    OperationKind.ParameterReference,
                    OperationKind.FieldReference,
                    OperationKind.PropertyReference);
            }
        });
    }

    private static void Check(OperationAnalysisContext context, DurableSymbols symbols)
    {
        var reference = context.Operation;
        if (!symbols.IsDurableContext(reference.Type)
            || !IsPutToWork(reference, symbols)
            || BodyAround(reference, symbols) is not { } body
            || !IsFromOutside(reference, body, context.CancellationToken))
        {
            return;
        }

        var own = OwnContext(body, symbols);
        var hint = own is null ? "" : $" '{own.Name}'";
        context.ReportDiagnostic(Diagnostic.Create(
            Rules.OuterContext, reference.Syntax.GetLocation(), reference.Syntax.ToString(), hint));
    }

    /// <summary>An operation is called on it, or it is handed on. Its logger and its names are for everyone.</summary>
    private static bool IsPutToWork(IOperation reference, DurableSymbols symbols) => reference.Parent switch
    {
        IConversionOperation conversion => IsPutToWork(conversion, symbols),
        IArgumentOperation => true,
        IInvocationOperation call => call.Instance == reference && symbols.IsOperation(call.TargetMethod),
        _ => false,
    };

    /// <summary>The innermost function inside a member with a context of its own; null in a step: LFD007.</summary>
    private static IOperation? BodyAround(IOperation reference, DurableSymbols symbols)
    {
        for (var at = reference.Parent; at is not null; at = at.Parent)
        {
            if (FunctionOf(at) is { } function)
            {
                if (symbols.TakesStepContext(function))
                {
                    return null;
                }

                if (symbols.TakesDurableContext(function))
                {
                    return at;
                }
            }
        }

        return null;
    }

    private static bool IsFromOutside(IOperation reference, IOperation body, CancellationToken cancellationToken)
    {
        ISymbol? variable = reference switch
        {
            ILocalReferenceOperation local => local.Local,
            IParameterReferenceOperation parameter => parameter.Parameter,
            // A context that an object of the caller's own keeps; those of others are not known.
            IFieldReferenceOperation { Instance: IInstanceReferenceOperation } field => field.Field,
            IPropertyReferenceOperation { Instance: IInstanceReferenceOperation } property => property.Property,
            _ => null,
        };
        return variable is not null && variable.DeclaringSyntaxReferences.All(declaration =>
            !body.Syntax.Contains(declaration.GetSyntax(cancellationToken)));
    }

    private static IParameterSymbol? OwnContext(IOperation body, DurableSymbols symbols) =>
        FunctionOf(body)?.Parameters.FirstOrDefault(parameter =>
            symbols.IsDurableContext(parameter.Type) && !parameter.IsDiscard);

    private static IMethodSymbol? FunctionOf(IOperation operation) => operation switch
    {
        IAnonymousFunctionOperation lambda => lambda.Symbol,
        ILocalFunctionOperation local => local.Symbol,
        _ => null,
    };
}

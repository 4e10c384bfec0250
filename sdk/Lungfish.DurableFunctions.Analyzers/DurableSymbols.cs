using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Lungfish.DurableFunctions.Analyzers;

/// <summary>The SDK's own types, as one compilation sees them.</summary>
internal sealed class DurableSymbols
{
    private const string Namespace = "Lungfish.DurableFunctions.";

    /// <summary>Operations whose body is a leaf: whatever it does is stored as one result.</summary>
    private static readonly ImmutableHashSet<string> s_stepOperations =
        ["StepAsync", "WaitForCallbackAsync", "WaitForConditionAsync"];

    private readonly INamedTypeSymbol _durableContext;
    private readonly ImmutableArray<INamedTypeSymbol> _stepContexts;
    private readonly INamedTypeSymbol? _callback;

    private DurableSymbols(
        INamedTypeSymbol durableContext,
        ImmutableArray<INamedTypeSymbol> stepContexts,
        INamedTypeSymbol? callback)
    {
        _durableContext = durableContext;
        _stepContexts = stepContexts;
        _callback = callback;
    }

    /// <summary>Null if the compilation does not use the SDK.</summary>
    public static DurableSymbols? Find(Compilation compilation)
    {
        if (compilation.GetTypeByMetadataName(Namespace + "IDurableContext") is not { } durableContext)
        {
            return null;
        }

        string[] names = ["IStepContext", "IWaitForCallbackContext", "IConditionCheckContext"];
        var stepContexts = names
            .Select(name => compilation.GetTypeByMetadataName(Namespace + name))
            .OfType<INamedTypeSymbol>();
        var callback = compilation.GetTypeByMetadataName(Namespace + "ICallback`1");
        return new DurableSymbols(durableContext, [.. stepContexts], callback);
    }

    public bool IsDurableContext(ITypeSymbol? type) => IsOrImplements(type, _durableContext);

    public bool IsStepContext(ITypeSymbol? type) => _stepContexts.Any(context => IsOrImplements(type, context));

    /// <summary>Whether a call of <paramref name="method"/> is an operation of the journal.</summary>
    public bool IsOperation(IMethodSymbol method)
    {
        var receiver = method.IsStatic && IsOfSdk(method)
            ? method.Parameters.FirstOrDefault()?.Type
            : method.ContainingType;
        return IsDurableContext(receiver) && ReturnsTask(method);
    }

    /// <summary>Whether its task stands for durable work: an operation, a callback's result, a helper.</summary>
    public bool IsDurableWork(IMethodSymbol method) =>
        ReturnsTask(method)
        && (IsOperation(method)
            || TakesDurableContext(method)
            || SymbolEqualityComparer.Default.Equals(method.ContainingType.OriginalDefinition, _callback));

    public bool TakesDurableContext(IMethodSymbol method) =>
        method.Parameters.Any(parameter => IsDurableContext(parameter.Type));

    public bool TakesStepContext(IMethodSymbol method) =>
        method.Parameters.Any(parameter => IsStepContext(parameter.Type));

    public bool IsStepOperation(IMethodSymbol method) => IsOperation(method) && s_stepOperations.Contains(method.Name);

    public bool IsOfSdk(ISymbol symbol) =>
        SymbolEqualityComparer.Default.Equals(symbol.ContainingAssembly, _durableContext.ContainingAssembly);

    private static bool ReturnsTask(IMethodSymbol method) =>
        method.ReturnType is { Name: "Task" or "ValueTask", ContainingNamespace.Name: "Tasks" };

    private static bool IsOrImplements(ITypeSymbol? type, INamedTypeSymbol wanted) => type switch
    {
        null => false,
        ITypeParameterSymbol parameter => parameter.ConstraintTypes.Any(bound => IsOrImplements(bound, wanted)),
        _ => SymbolEqualityComparer.Default.Equals(type, wanted)
            || type.AllInterfaces.Contains(wanted, SymbolEqualityComparer.Default),
    };
}

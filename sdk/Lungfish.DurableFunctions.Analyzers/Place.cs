using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Lungfish.DurableFunctions.Analyzers;

/// <summary>What runs a piece of code, as far as that can be told from where it stands.</summary>
internal enum Scope
{
    /// <summary>No workflow code, or nobody can tell.</summary>
    Unknown,

    /// <summary>Runs again on every replay.</summary>
    Workflow,

    /// <summary>Runs once for each attempt; its result is stored.</summary>
    Step,
}

/// <summary>Where an operation of the syntax tree stands: the function that decides how it is run.</summary>
/// <param name="Scope">How it is run.</param>
/// <param name="Function">A lambda, local function or method; null in field initializers and the like.</param>
/// <param name="Body">The operation of that function; null if it is the member as a whole.</param>
internal sealed record Place(Scope Scope, IMethodSymbol? Function, IOperation? Body)
{
    /// <param name="operation">What is asked about.</param>
    /// <param name="member">The method, property or field that it is a part of.</param>
    /// <param name="symbols">The SDK's types.</param>
    public static Place Of(IOperation operation, ISymbol member, DurableSymbols symbols)
    {
        var root = operation;
        for (var at = operation.Parent; at is not null; at = at.Parent)
        {
            root = at;
            if (at is IAnonymousFunctionOperation lambda)
            {
                if (LambdaScope(lambda, symbols) is { } scope)
                {
                    return new Place(scope, lambda.Symbol, lambda);
                }
            }
            else if (at is ILocalFunctionOperation local)
            {
                return new Place(FunctionScope(local.Symbol, local, symbols), local.Symbol, local);
            }
        }

        return member is IMethodSymbol method
            ? new Place(FunctionScope(method, root, symbols), method, null)
            : new Place(Scope.Unknown, null, null);
    }

    /// <summary>The scope of a method or local function that the caller has the body of.</summary>
    public static Scope FunctionScope(IMethodSymbol function, IOperation body, DurableSymbols symbols)
    {
        if (symbols.TakesStepContext(function))
        {
            return Scope.Step;
        }

        // Without a context of its own, a function may still use one that it captured or keeps in a field.
        return symbols.TakesDurableContext(function) || PerformsOperation(body, symbols)
            ? Scope.Workflow
            : Scope.Unknown;
    }

    /// <summary>Whether the body calls a durable operation itself, not only in functions inside of it.</summary>
    public static bool PerformsOperation(IOperation body, DurableSymbols symbols) =>
        OwnOperations(body, symbols).Any(own =>
            own is IInvocationOperation call && symbols.IsOperation(call.TargetMethod));

    /// <summary>All of the member that an operation stands in.</summary>
    public static IOperation Member(IOperation operation)
    {
        while (operation.Parent is { } parent)
        {
            operation = parent;
        }

        return operation;
    }

    /// <summary>What runs when the body runs: the operations of lambdas that it hands on too, of no others.</summary>
    public static IEnumerable<IOperation> OwnOperations(IOperation body, DurableSymbols symbols)
    {
        foreach (var child in body.ChildOperations)
        {
            if (child is ILocalFunctionOperation
                || (child is IAnonymousFunctionOperation lambda && LambdaScope(lambda, symbols) is not null))
            {
                continue;
            }

            yield return child;
            foreach (var below in OwnOperations(child, symbols))
            {
                yield return below;
            }
        }
    }

    /// <summary>The scope that a delegate gets by where it is passed; null if that of the code around it.</summary>
    public static Scope? DelegateScope(IOperation value, DurableSymbols symbols)
    {
        var use = value.Parent;
        while (use is IDelegateCreationOperation or IConversionOperation or IParenthesizedOperation)
        {
            if (use.Type is { Name: "Expression", ContainingNamespace.Name: "Expressions" })
            {
                return Scope.Unknown; // A tree for somebody to translate, not code that runs here.
            }

            use = use.Parent;
        }

        return use is IArgumentOperation { Parent: { } call } ? ArgumentScope(call, symbols) : Scope.Unknown;
    }

    private static Scope? LambdaScope(IAnonymousFunctionOperation lambda, DurableSymbols symbols)
    {
        if (symbols.TakesStepContext(lambda.Symbol))
        {
            return Scope.Step;
        }

        return symbols.TakesDurableContext(lambda.Symbol) ? Scope.Workflow : DelegateScope(lambda, symbols);
    }

    private static Scope? ArgumentScope(IOperation call, DurableSymbols symbols)
    {
        var target = call switch
        {
            IInvocationOperation invocation => invocation.TargetMethod,
            IObjectCreationOperation creation => creation.Constructor,
            _ => null,
        };
        return target switch
        {
            null => Scope.Unknown,
            _ when symbols.IsStepOperation(target) => Scope.Step,
            // A strategy or a namer of the SDK, or a method that may well call the delegate in a step of its own.
            _ when symbols.IsOfSdk(target) || symbols.TakesDurableContext(target) => Scope.Unknown,
            _ when !target.DeclaringSyntaxReferences.IsEmpty => Scope.Unknown,
            _ => null, // LINQ, Task.Run and their kin call it for the code that passed it.
        };
    }
}

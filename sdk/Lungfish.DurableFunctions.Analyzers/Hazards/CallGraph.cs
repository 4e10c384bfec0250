using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Lungfish.DurableFunctions.Analyzers.Hazards;

/// <summary>What functions of this compilation do, themselves and by what they surely call.</summary>
/// <remarks>
/// Virtual calls, delegates from elsewhere and other assemblies are not followed: what they do is not known, and a rule
/// that guesses is worse than one that keeps quiet.
/// </remarks>
internal sealed class CallGraph(Compilation compilation, DurableSymbols symbols)
{
    private readonly HazardFinder _hazards = new(compilation);
    private readonly ConcurrentDictionary<IMethodSymbol, Node> _nodes = new(SymbolEqualityComparer.Default);

    /// <summary>The source functions that an operation surely calls.</summary>
    public static IEnumerable<IMethodSymbol> Callees(IOperation operation, DurableSymbols symbols) => operation switch
    {
        IInvocationOperation call when IsBoundEarly(call.TargetMethod, call.Instance) => [call.TargetMethod],
        IPropertyReferenceOperation { Property.GetMethod: { } getter } property when !IsWritten(property)
            && IsBoundEarly(getter, property.Instance) => [getter],
        IObjectCreationOperation { Constructor: { } constructor } => [constructor],
        IMethodReferenceOperation method when Place.DelegateScope(method, symbols) is null
            && IsBoundEarly(method.Method, method.Instance) => [method.Method],
        _ => [],
    };

    /// <summary>For every rule the nearest hazard that calling <paramref name="function"/> leads to.</summary>
    public ImmutableArray<Hazard> HazardsOf(IMethodSymbol function, CancellationToken cancellationToken)
    {
        var found = new List<Hazard>();
        foreach (var node in Reachable(function, node => node.Scope is Scope.Unknown, cancellationToken))
        {
            found.AddRange(node.Hazards.Where(hazard => found.All(known => !known.Rule.Equals(hazard.Rule))));
        }

        return [.. found];
    }

    /// <summary>Whether calling <paramref name="function"/> leads to a durable operation.</summary>
    public bool PerformsOperation(IMethodSymbol function, CancellationToken cancellationToken) =>
        Reachable(function, _ => true, cancellationToken).Any(node => node.PerformsOperation);

    /// <summary>Breadth first. A node that is not wanted is left out with what only it calls.</summary>
    private IEnumerable<Node> Reachable(
        IMethodSymbol start, Func<Node, bool> isWanted, CancellationToken cancellationToken)
    {
        var seen = new HashSet<IMethodSymbol>(SymbolEqualityComparer.Default);
        var waiting = new Queue<IMethodSymbol>([start]);
        while (waiting.Count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var function = waiting.Dequeue().OriginalDefinition;
            if (!seen.Add(function) || NodeOf(function, cancellationToken) is not { } node || !isWanted(node))
            {
                continue;
            }

            yield return node;
            node.Callees.ForEach(waiting.Enqueue);
        }
    }

    private Node? NodeOf(IMethodSymbol function, CancellationToken cancellationToken)
    {
        if (!SymbolEqualityComparer.Default.Equals(function.ContainingAssembly, compilation.Assembly))
        {
            return null;
        }

        return _nodes.TryGetValue(function, out var node)
            ? node
            : _nodes.GetOrAdd(function, Read(function, cancellationToken));
    }

    private Node Read(IMethodSymbol function, CancellationToken cancellationToken)
    {
        var bodies = Bodies(function, cancellationToken).ToList();
        var own = bodies.SelectMany(body => Place.OwnOperations(body, symbols).Prepend(body)).ToList();
        var scopes = bodies.Select(body => Place.FunctionScope(function, body, symbols));
        return new Node(
            scopes.FirstOrDefault(scope => scope is not Scope.Unknown),
            [.. own.Select(HazardOf).OfType<Hazard>()],
            bodies.Any(body => Place.PerformsOperation(body, symbols)),
            [.. own.SelectMany(operation => Callees(operation, symbols))]);
    }

    private Hazard? HazardOf(IOperation operation) =>
        operation is IMethodReferenceOperation method && Place.DelegateScope(method, symbols) is not null
            ? null // Not called here.
            : _hazards.Find(operation);

    private IEnumerable<IOperation> Bodies(IMethodSymbol function, CancellationToken cancellationToken)
    {
        var own = function.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax(cancellationToken));
        // A constructor runs the initializers of its type too.
        var initializers = function is { MethodKind: MethodKind.Constructor, IsStatic: false }
            ? function.ContainingType.GetMembers().SelectMany(member => Initializers(member, cancellationToken))
            : [];
        foreach (var syntax in own.Concat(initializers))
        {
#pragma warning disable RS1030 // Only helpers of workflow code ask, and the compiler keeps the models of its analyzers.
            var model = compilation.GetSemanticModel(syntax.SyntaxTree);
#pragma warning restore RS1030
            if (model.GetOperation(syntax, cancellationToken) is { } body)
            {
                yield return body;
            }
        }
    }

    private static IEnumerable<SyntaxNode> Initializers(ISymbol member, CancellationToken cancellationToken) =>
        member is IFieldSymbol { IsStatic: false } or IPropertySymbol { IsStatic: false }
            ? member.DeclaringSyntaxReferences
                .Select(reference => Declarations.Initializer(reference.GetSyntax(cancellationToken)))
                .OfType<SyntaxNode>()
            : [];

    private static bool IsBoundEarly(IMethodSymbol method, IOperation? instance)
    {
        var isVirtual = method.IsVirtual || method.IsAbstract || method.IsOverride;
        return !isVirtual || method.IsSealed || instance?.Type is { IsSealed: true } or { IsValueType: true };
    }

    private static bool IsWritten(IPropertyReferenceOperation property) =>
        property.Parent is ISimpleAssignmentOperation assignment && assignment.Target == property;

    private sealed record Node(
        Scope Scope,
        ImmutableArray<Hazard> Hazards,
        bool PerformsOperation,
        List<IMethodSymbol> Callees);
}

using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Lungfish.DurableFunctions.Analyzers.Hazards;

/// <summary>Something that workflow code may not do by itself.</summary>
/// <param name="Rule">The rule that it breaks.</param>
/// <param name="Name">What a message calls it: <c>DateTime.UtcNow</c>.</param>
internal sealed record Hazard(DiagnosticDescriptor Rule, string Name);

/// <summary>Looks members up in the table, resolved for one compilation.</summary>
internal sealed class HazardFinder
{
    private static readonly SymbolDisplayFormat s_name = new(
        memberOptions: SymbolDisplayMemberOptions.IncludeContainingType,
        genericsOptions: SymbolDisplayGenericsOptions.None);

    private readonly ImmutableDictionary<ISymbol, ImmutableArray<HazardTable.Row>> _rows;
    private readonly INamedTypeSymbol? _random;

    public HazardFinder(Compilation compilation)
    {
        var rows = ImmutableDictionary.CreateBuilder<ISymbol, ImmutableArray<HazardTable.Row>>(
            SymbolEqualityComparer.Default);
        foreach (var row in HazardTable.Rows)
        {
            foreach (var type in compilation.GetTypesByMetadataName(row.Type))
            {
                rows[type] = rows.TryGetValue(type, out var known) ? known.Add(row) : [row];
            }
        }

        _rows = rows.ToImmutable();
        _random = compilation.GetTypeByMetadataName("System.Random");
    }

    public Hazard? Find(IOperation operation) => operation switch
    {
        IInvocationOperation call => Find(call.TargetMethod) ?? FindRandomFromElsewhere(call),
        IPropertyReferenceOperation property => Find(property.Property),
        IMethodReferenceOperation method => Find(method.Method),
        IObjectCreationOperation { Constructor: { } constructor } => Find(constructor),
        _ => null,
    };

    public static string NameOf(ISymbol member) => member is IMethodSymbol { MethodKind: MethodKind.Constructor }
        ? $"new {member.ContainingType.Name}"
        : member.ToDisplayString(s_name);

    private Hazard? Find(ISymbol member)
    {
        var row = TypesOf(member)
            .SelectMany(type => RowsOf(type))
            .FirstOrDefault(row => row.Members.Any(pattern => pattern.Matches(member)));
        return row is null ? null : new Hazard(row.Rule, NameOf(member));
    }

    /// <summary>Seed or not, what a generator gives that outlives an invocation depends on earlier draws.</summary>
    private Hazard? FindRandomFromElsewhere(IInvocationOperation call)
    {
        var isDrawn = SymbolEqualityComparer.Default.Equals(call.TargetMethod.ContainingType, _random)
            && call.Instance is IFieldReferenceOperation
                or IParameterReferenceOperation
                or IPropertyReferenceOperation { Property.Name: not "Shared" };
        return isDrawn ? new Hazard(Rules.Random, NameOf(call.TargetMethod)) : null;
    }

    private static IEnumerable<ITypeSymbol> TypesOf(ISymbol member)
    {
        for (ITypeSymbol? type = member.ContainingType; type is not null; type = type.BaseType)
        {
            yield return type.OriginalDefinition;
        }

        foreach (var type in member.ContainingType?.AllInterfaces ?? [])
        {
            yield return type.OriginalDefinition;
        }
    }

    private ImmutableArray<HazardTable.Row> RowsOf(ITypeSymbol type) =>
        _rows.TryGetValue(type, out var rows) ? rows : [];
}

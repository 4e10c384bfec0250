using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Lungfish.DurableFunctions.Analyzers.Hazards;

/// <summary>The parts of declarations that run when an instance is made.</summary>
internal static class Declarations
{
    /// <summary>The value that a field or property starts with; null if it has none.</summary>
    public static SyntaxNode? Initializer(SyntaxNode declaration) => declaration switch
    {
        VariableDeclaratorSyntax field => field.Initializer,
        PropertyDeclarationSyntax property => property.Initializer,
        _ => null,
    };
}

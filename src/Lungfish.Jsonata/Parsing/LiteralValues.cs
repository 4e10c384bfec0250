using Lungfish.Jsonata.Values;

namespace Lungfish.Jsonata.Parsing;

/// <summary>The values of literals.</summary>
internal static class LiteralValues
{
    public static Value Of(Syntax literal) => literal.Kind switch
    {
        SyntaxKind.Number => Value.Of(literal.Number),
        SyntaxKind.Literal => literal.Text switch
        {
            "true" => Value.True,
            "false" => Value.False,
            _ => Value.Null,
        },
        _ => Value.Of(literal.Text),
    };
}

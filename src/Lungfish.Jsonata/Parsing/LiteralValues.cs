using System.Globalization;
using Lungfish.Json;
using Lungfish.Jsonata.Values;

namespace Lungfish.Jsonata.Parsing;

/// <summary>The values of literals.</summary>
internal static class LiteralValues
{
    private const double ExactMax = 9007199254740992; // 2^53

    public static Value Of(Syntax literal) => literal.Kind switch
    {
        SyntaxKind.Number => ExactOf(literal) ?? Value.Of(literal.Number),
        SyntaxKind.Literal => literal.Text switch
        {
            "true" => Value.True,
            "false" => Value.False,
            _ => Value.Null,
        },
        _ => Value.Of(literal.Text),
    };

    /// <summary>A whole number that a double may not hold exactly, with all its digits.</summary>
    private static Value? ExactOf(Syntax literal) =>
        Math.Abs(literal.Number) >= ExactMax &&
            long.TryParse(literal.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var whole)
            ? Value.Of(new JsonNumber(literal.Number < 0 ? -whole : whole))
            : null;
}

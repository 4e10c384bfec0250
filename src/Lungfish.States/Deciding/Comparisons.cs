using System.Diagnostics;
using Lungfish.Json;
using Lungfish.States.Parsing;

namespace Lungfish.States.Deciding;

/// <summary>The operators of Choice rules. A variable of another type than the operator's never matches.</summary>
internal static class Comparisons
{
    /// <param name="name">Without <c>Path</c>: <c>StringEquals</c>.</param>
    public static bool Holds(string name, JsonValue variable, JsonValue operand) => name switch
    {
        "IsNull" => Is(variable is JsonNull, operand),
        "IsNumeric" => Is(variable is JsonNumber, operand),
        "IsString" => Is(variable is JsonString, operand),
        "IsBoolean" => Is(variable is JsonBoolean, operand),
        "IsTimestamp" => Is(variable is JsonString text && Rfc3339.TryParse(text.Value, out _), operand),
        "BooleanEquals" => variable is JsonBoolean left && operand is JsonBoolean right && left.Value == right.Value,
        "StringMatches" => variable is JsonString text && operand is JsonString pattern
            && WildcardPattern.IsMatch(text.Value, pattern.Value),
        _ => HoldsOrdered(name, variable, operand),
    };

    private static bool Is(bool fact, JsonValue operand) => operand is JsonBoolean expected && expected.Value == fact;

    private static bool HoldsOrdered(string name, JsonValue variable, JsonValue operand)
    {
        var (order, relation) = Split(name, variable, operand);
        return order is { } o && relation switch
        {
            "Equals" => o == 0,
            "LessThan" => o < 0,
            "LessThanEquals" => o <= 0,
            "GreaterThan" => o > 0,
            "GreaterThanEquals" => o >= 0,
            _ => throw new UnreachableException($"No operator '{name}'."),
        };
    }

    private static (int? Order, string Relation) Split(string name, JsonValue variable, JsonValue operand)
    {
        if (name.StartsWith("String", StringComparison.Ordinal))
        {
            // Recorded in choice_operators/*: ordinal, nothing is trimmed.
            return (variable is JsonString left && operand is JsonString right
                ? string.CompareOrdinal(left.Value, right.Value)
                : null, name["String".Length..]);
        }

        if (name.StartsWith("Numeric", StringComparison.Ordinal))
        {
            return (variable is JsonNumber left && operand is JsonNumber right
                ? left.Equals(right) ? 0 : left.Value.CompareTo(right.Value)
                : null, name["Numeric".Length..]);
        }

        if (name.StartsWith("Timestamp", StringComparison.Ordinal))
        {
            return (variable is JsonString left && Rfc3339.TryParse(left.Value, out var l)
                && operand is JsonString right && Rfc3339.TryParse(right.Value, out var r)
                ? l.CompareTo(r)
                : null, name["Timestamp".Length..]);
        }

        throw new UnreachableException($"No operator '{name}'.");
    }
}

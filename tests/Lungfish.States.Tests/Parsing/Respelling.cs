using Lungfish.Json;
using Lungfish.States.JsonPath;

namespace Lungfish.States.Tests.Parsing;

/// <summary>Prints a definition anew: every path and every call in its one spelling, and no white space.</summary>
internal static class Respelling
{
    /// <summary>Fields whose content is data, or in another language.</summary>
    private static readonly string[] s_literals = ["Result", "Arguments", "Output"];

    public static JsonValue OfDefinition(JsonValue value) => value switch
    {
        JsonObject state when IsJsonata(state) => state,
        JsonObject obj => JsonObject.Of(obj.Select(member => (member.Key, OfField(member.Key, member.Value)))),
        JsonArray array => JsonArray.Of(array.Select(OfDefinition)),
        _ => value,
    };

    public static JsonValue OfTemplate(JsonValue value) => value switch
    {
        JsonObject obj => JsonObject.Of(obj.Select(member => (
            member.Key,
            member.Key.EndsWith(".$", StringComparison.Ordinal)
                ? OfExpression(member.Value)
                : OfTemplate(member.Value)))),
        JsonArray array => JsonArray.Of(array.Select(OfTemplate)),
        _ => value,
    };

    private static JsonValue OfField(string name, JsonValue value) => name switch
    {
        _ when s_literals.Contains(name) => value,
        "Parameters" or "ResultSelector" or "ItemSelector" or "Assign" or "BatchInput" or "Credentials" =>
            OfTemplate(value),
        "Variable" => OfExpression(value),
        _ when name.EndsWith("Path", StringComparison.Ordinal) => OfExpression(value),
        _ => OfDefinition(value),
    };

    private static bool IsJsonata(JsonObject state) => state["QueryLanguage"]?.Equals("JSONata") == true;

    private static JsonValue OfExpression(JsonValue value)
    {
        try
        {
            return value is JsonString text ? ValueExpression.Parse(text.Value).Print() : value;
        }
        catch (FormatException)
        {
            return value; // The name of a field that ends like a path.
        }
    }
}

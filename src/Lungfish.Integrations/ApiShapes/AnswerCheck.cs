using Lungfish.Json;

namespace Lungfish.Integrations.ApiShapes;

/// <summary>Compares a mocked answer with the shape of the real one.</summary>
/// <param name="requireAll">Also what the service always answers must be there.</param>
internal sealed class AnswerCheck(ServiceShapes shapes, bool requireAll)
{
    /// <summary>The first thing that is wrong, in AWS's words, or null.</summary>
    /// <param name="field">The member whose value this is; the items of an array go by the array's name.</param>
    public string? WhyNot(JsonValue value, ApiShape shape, string field) => shape switch
    {
        AnyShape => null,
        ObjectShape of => value is JsonObject members ? WhyNot(members, of) : MustBe(field, "an object"),
        ArrayShape of => value is JsonArray array
            ? FirstOrNull(array.Select(item => WhyNot(item, shapes[of.Items], field)))
            : MustBe(field, "an array"),
        MapShape of => value is JsonObject map
            ? FirstOrNull(map.Select(member => WhyNot(member.Value, shapes[of.Items], field)))
            : MustBe(field, "an object"),
        TextShape of => value is JsonString text ? WhyNot(text.Value, of, field) : MustBe(field, "a string"),
        NumberShape of => value is JsonNumber number ? WhyNot(number.Value, of, field) : MustBe(field, "a number"),
        BooleanShape => value is JsonBoolean ? null : MustBe(field, "a boolean"),
        _ => throw new System.Diagnostics.UnreachableException($"No check for {shape.GetType().Name}."),
    };

    /// <param name="anyMembers">Members that may be anything, whatever the shape says.</param>
    public string? WhyNot(JsonObject members, ObjectShape shape, params ReadOnlySpan<string> anyMembers)
    {
        if (requireAll && shape.Required.FirstOrDefault(name => !Has(members, shape, name)) is { } missing)
        {
            return $"Required field '{missing}' is missing";
        }

        foreach (var (name, value) in members)
        {
            // Recorded in field_validation_mode/*not_in_api_spec: what the shape does not have may be there.
            var known = shape.Aliases.GetValueOrDefault(name, name);
            if (shape.Members.TryGetValue(known, out var index)
                && !anyMembers.Contains(known)
                && WhyNot(value, shapes[index], name) is { } why)
            {
                return why;
            }
        }

        return null;
    }

    private static bool Has(JsonObject members, ObjectShape shape, string name) =>
        members[name] is not null
        || shape.Aliases.Any(alias => alias.Value == name && members[alias.Key] is not null);

    private static string? WhyNot(string text, TextShape shape, string field)
    {
        if (!shape.Values.IsEmpty && !shape.Values.Contains(text))
        {
            return $"Field '{field}' is not an expected value";
        }

        if (text.Length < shape.LengthMin)
        {
            return $"Field '{field}' is smaller than the minimum length";
        }

        // Of the four bounds this one was not recorded: its words follow the others.
        return text.Length > shape.LengthMax ? $"Field '{field}' exceeds the maximum length" : null;
    }

    private static string? WhyNot(double number, NumberShape shape, string field)
    {
        if (number < shape.Min)
        {
            return $"Field '{field}' is less than the minimum value";
        }

        return number > shape.Max ? $"Field '{field}' exceeds the maximum value" : null;
    }

    private static string MustBe(string field, string what) => $"Field '{field}' must be {what}";

    private static string? FirstOrNull(IEnumerable<string?> reasons) => reasons.FirstOrDefault(why => why is not null);
}

using System.Collections.Immutable;
using System.Globalization;
using Lungfish.Json;

namespace Lungfish.States.JsonPath;

/// <summary>A compiled part of a payload template. What holds nothing to evaluate is one literal and is
/// never copied.</summary>
internal abstract class TemplateNode
{
    private const string Suffix = ".$";

    /// <summary>All that is to be evaluated in this part.</summary>
    public virtual IEnumerable<ValueExpression> Values => [];

    /// <summary>The value of this part, void if <paramref name="failure"/> is set.</summary>
    public abstract JsonValue Evaluate(PathRoots roots, ref ValueFailure? failure);

    public static TemplateNode Parse(JsonValue template, string location) => template switch
    {
        JsonObject obj => ParseObject(obj, location),
        JsonArray array => ParseArray(array, location),
        _ => new LiteralNode(template),
    };

    private static TemplateNode ParseObject(JsonObject template, string location)
    {
        var members = ImmutableArray.CreateBuilder<(string Name, TemplateNode Node)>(template.Count);
        foreach (var (name, value) in template)
        {
            if (!name.EndsWith(Suffix, StringComparison.Ordinal))
            {
                members.Add((name, Parse(value, $"{location}/{name}")));
                continue;
            }

            var key = name[..^Suffix.Length];
            if (template[key] is not null)
            {
                throw new PayloadTemplateException(
                    location, name, $"The fields '{key}' and '{name}' cannot stand in one object", null);
            }

            members.Add((key, ParseValue(name, value, location)));
        }

        return members.TrueForAll(member => member.Node is LiteralNode)
            ? new LiteralNode(template)
            : new ObjectNode(members.MoveToImmutable());
    }

    private static TemplateNode ParseArray(JsonArray template, string location)
    {
        var items = ImmutableArray.CreateBuilder<TemplateNode>(template.Count);
        for (var i = 0; i < template.Count; i++)
        {
            items.Add(Parse(template[i], string.Create(CultureInfo.InvariantCulture, $"{location}[{i}]")));
        }

        return items.TrueForAll(item => item is LiteralNode)
            ? new LiteralNode(template)
            : new ArrayNode(items.MoveToImmutable());
    }

    private static ValueNode ParseValue(string field, JsonValue value, string location)
    {
        // Recorded in asl.md, section 13.
        var message = $"The value for the field '{field}' must be a valid JSONPath or a valid intrinsic function call";
        if (value is not JsonString { Value: var text })
        {
            throw new PayloadTemplateException(location, field, message, null);
        }

        try
        {
            return new ValueNode(field, ValueExpression.Parse(text));
        }
        catch (FormatException e)
        {
            throw new PayloadTemplateException(location, field, message, e);
        }
    }
}

file static class Builders
{
    public static bool TrueForAll<T>(this ImmutableArray<T>.Builder builder, Func<T, bool> holds) => builder.All(holds);
}

internal sealed class LiteralNode(JsonValue value) : TemplateNode
{
    public override JsonValue Evaluate(PathRoots roots, ref ValueFailure? failure) => value;
}

internal sealed class ValueNode(string field, ValueExpression value) : TemplateNode
{
    public override IEnumerable<ValueExpression> Values => [value];

    public override JsonValue Evaluate(PathRoots roots, ref ValueFailure? failure)
    {
        var result = value.Evaluate(roots, field, nullPastEnd: true);
        failure = result.Failure;
        return result.Value ?? JsonValue.Null;
    }
}

internal sealed class ObjectNode(ImmutableArray<(string Name, TemplateNode Node)> members) : TemplateNode
{
    public override IEnumerable<ValueExpression> Values => members.SelectMany(member => member.Node.Values);

    public override JsonValue Evaluate(PathRoots roots, ref ValueFailure? failure)
    {
        var values = new JsonObject.Builder();
        foreach (var (name, node) in members)
        {
            values.Set(name, node.Evaluate(roots, ref failure));
            if (failure is not null)
            {
                break;
            }
        }

        return values.Build();
    }
}

internal sealed class ArrayNode(ImmutableArray<TemplateNode> items) : TemplateNode
{
    public override IEnumerable<ValueExpression> Values => items.SelectMany(item => item.Values);

    public override JsonValue Evaluate(PathRoots roots, ref ValueFailure? failure)
    {
        var values = ImmutableArray.CreateBuilder<JsonValue>(items.Length);
        foreach (var item in items)
        {
            values.Add(item.Evaluate(roots, ref failure));
            if (failure is not null)
            {
                return JsonArray.Empty;
            }
        }

        return new JsonArray(values.MoveToImmutable());
    }
}

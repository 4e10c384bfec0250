using System.Collections.Immutable;
using System.Globalization;
using Lungfish.Json;

namespace Lungfish.States.JsonPath;

/// <summary>A compiled part of a payload template. What holds no path is one literal and is never copied.</summary>
internal abstract class TemplateNode
{
    private const string Suffix = ".$";

    public abstract bool ReadsTaskToken { get; }

    /// <summary>The value of this part, void if <paramref name="failed"/> is set: a path found nothing.</summary>
    public abstract JsonValue Evaluate(PathRoots roots, ref PathNode? failed);

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

            members.Add((key, ParsePath(name, value, location)));
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

    private static PathNode ParsePath(string field, JsonValue value, string location)
    {
        // Recorded in asl.md, section 13.
        var message = $"The value for the field '{field}' must be a valid JSONPath or a valid intrinsic function call";
        if (value is not JsonString { Value: var text })
        {
            throw new PayloadTemplateException(location, field, message, null);
        }

        try
        {
            return new PathNode(field, PathExpression.Parse(text));
        }
        catch (FormatException e)
        {
            throw new PayloadTemplateException(
                location, field, e is PathNotSupportedException ? e.Message : message, e);
        }
    }
}

file static class Builders
{
    public static bool TrueForAll<T>(this ImmutableArray<T>.Builder builder, Func<T, bool> holds) => builder.All(holds);
}

internal sealed class LiteralNode(JsonValue value) : TemplateNode
{
    public override bool ReadsTaskToken => false;

    public override JsonValue Evaluate(PathRoots roots, ref PathNode? failed) => value;
}

internal sealed class PathNode(string field, PathExpression path) : TemplateNode
{
    /// <summary>The member's name, with its <c>.$</c>.</summary>
    public string Field { get; } = field;

    public PathExpression Path { get; } = path;

    public override bool ReadsTaskToken => Path.ReadsContext &&
        (Path.Steps.Length == 0 || Path.Steps[0] is not NameStep name || name.Name == "Task");

    public override JsonValue Evaluate(PathRoots roots, ref PathNode? failed)
    {
        var result = Path.Evaluate(roots);
        if (result.Value is null && !result.IsIndexPastEnd)
        {
            failed = this;
        }

        // Measured on AWS: an index past the end reads null in a template, a missing member is an error.
        return result.Value ?? JsonValue.Null;
    }
}

internal sealed class ObjectNode(ImmutableArray<(string Name, TemplateNode Node)> members) : TemplateNode
{
    public override bool ReadsTaskToken { get; } = members.Any(member => member.Node.ReadsTaskToken);

    public override JsonValue Evaluate(PathRoots roots, ref PathNode? failed)
    {
        var values = new JsonObject.Builder();
        foreach (var (name, node) in members)
        {
            values.Set(name, node.Evaluate(roots, ref failed));
            if (failed is not null)
            {
                break;
            }
        }

        return values.Build();
    }
}

internal sealed class ArrayNode(ImmutableArray<TemplateNode> items) : TemplateNode
{
    public override bool ReadsTaskToken { get; } = items.Any(item => item.ReadsTaskToken);

    public override JsonValue Evaluate(PathRoots roots, ref PathNode? failed)
    {
        var values = ImmutableArray.CreateBuilder<JsonValue>(items.Length);
        foreach (var item in items)
        {
            values.Add(item.Evaluate(roots, ref failed));
            if (failed is not null)
            {
                return JsonArray.Empty;
            }
        }

        return new JsonArray(values.MoveToImmutable());
    }
}

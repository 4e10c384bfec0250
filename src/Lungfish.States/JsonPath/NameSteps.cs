using Lungfish.Json;

namespace Lungfish.States.JsonPath;

/// <summary><c>.name</c> or <c>['name']</c>.</summary>
internal sealed class NameStep(string name) : PathStep
{
    public string Name { get; } = name;

    public override bool IsDefinite => true;

    public override bool IsReference => true;

    public static string Quote(string name) =>
        $"'{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";

    public override JsonValue? Find(JsonValue node) => node is JsonObject obj ? obj[Name] : null;

    public override bool Select(PathSearch search, int at, JsonValue? node) =>
        node is not JsonObject obj ? search.Fail(at, node)
        : obj[Name] is { } value ? search.Go(at + 1, new PathSegment(Name, 0), value)
        : search.MayMiss(at) || search.Fail(at, node);

    public override bool IsMetBy(PathSearch search, JsonValue node) => Find(node) is not null;

    // The second and the third are recorded, the first is reported.
    public override string Describe(FailedStep failed) => failed switch
    {
        { Node: not JsonObject } => $"Property {this} not found in path {failed.Path}",
        { IsLast: true } => $"No results for path: {failed.Path}{this}",
        _ => $"Missing property in path {failed.Path}{this}",
    };

    public override string ToString() => $"['{Name}']";

    public override string Print() => $"[{Quote(Name)}]";
}

/// <summary><c>['a','b']</c>, at the end of a path only: an object that holds those members that are there.</summary>
internal sealed class NamesStep(string[] names) : PathStep
{
    public override bool IsDefinite => true;

    public override JsonValue? Find(JsonValue node)
    {
        if (node is not JsonObject obj)
        {
            return null;
        }

        var members = new JsonObject.Builder();
        foreach (var name in names)
        {
            if (obj[name] is { } value)
            {
                members.Set(name, value);
            }
        }

        return members.Build();
    }

    public override bool Select(PathSearch search, int at, JsonValue? node) =>
        node is not null && search.IsLast(at) && Find(node) is { } members
            ? search.GoOn(at + 1, members)
            : search.Fail(at, node);

    public override bool IsMetBy(PathSearch search, JsonValue node) =>
        node is JsonObject obj && Array.TrueForAll(names, name => obj[name] is not null);

    public override bool IsMisfit(JsonValue? node, bool isLast) => node is JsonObject && !isLast;

    // Reported: AWS accepts such a path in a definition, and fails it with these words when it runs.
    public override string Describe(FailedStep failed) => failed.Node is JsonObject
        ? $"Multi properties can only be used as path leafs: {failed.Path}{this}"
        : $"Property {this} not found in path {failed.Path}";

    public override string ToString() => $"[{string.Join(", ", names.Select(name => $"'{name}'"))}]";

    public override string Print() => $"[{string.Join(',', names.Select(NameStep.Quote))}]";
}

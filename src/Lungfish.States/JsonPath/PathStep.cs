using System.Globalization;
using Lungfish.Json;

namespace Lungfish.States.JsonPath;

/// <summary>One step of a path, from a node to the nodes that it leads to.</summary>
internal abstract class PathStep
{
    /// <summary>True if the step leads to one node at most.</summary>
    public virtual bool IsDefinite => false;

    /// <summary>True if the step may stand in a reference path.</summary>
    public virtual bool IsReference => false;

    /// <summary>The node that a definite step leads to, or null.</summary>
    public virtual JsonValue? Find(JsonValue node) => null;

    /// <summary>Adds the nodes that this step leads to, in document order.</summary>
    public virtual void Select(JsonValue node, PathSearch search, List<JsonValue> found)
    {
        if (Find(node) is { } next)
        {
            found.Add(next);
        }
    }

    /// <summary>True if the step that found nothing there is a mistake to Jayway, and not a miss.</summary>
    public virtual bool IsMisfit(JsonValue node) => false;

    /// <summary>What is wrong with the node itself if a definite step found nothing; null if it lacks it.</summary>
    public virtual string? Refuse(JsonValue node, string path, bool isLeaf) => null;

    /// <summary>The step in one spelling, which reads back as the same; ToString is Jayway's, for messages.</summary>
    public virtual string Print() => ToString() ?? "";
}

/// <summary><c>.name</c> or <c>['name']</c>.</summary>
internal sealed class NameStep(string name) : PathStep
{
    public string Name { get; } = name;

    public override bool IsDefinite => true;

    public override bool IsReference => true;

    public override JsonValue? Find(JsonValue node) => node is JsonObject obj ? obj[Name] : null;

    // Jayway's sentence; the class names are those of its Jackson provider, which AWS's other texts point to.
    public override string? Refuse(JsonValue node, string path, bool isLeaf) => node is JsonObject
        ? null
        : $"Expected to find an object with property {this} in path {path} but found '{JacksonNode(node)}'. " +
            "This is not a json object according to the JsonProvider: " +
            "'com.jayway.jsonpath.spi.json.JacksonJsonNodeJsonProvider'.";

    public override string ToString() => $"['{Name}']";

    public override string Print() => $"[{Quote(Name)}]";

    public static string Quote(string name) =>
        $"'{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";

    private static string JacksonNode(JsonValue node) => "com.fasterxml.jackson.databind.node." + node.Kind switch
    {
        JsonKind.Array => "ArrayNode",
        JsonKind.Boolean => "BooleanNode",
        JsonKind.Null => "NullNode",
        JsonKind.String => "TextNode",
        _ => node is JsonNumber number && number.TryGetInt64(out var whole)
            ? whole is >= int.MinValue and <= int.MaxValue ? "IntNode" : "LongNode"
            : "DoubleNode",
    };
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

    public override string ToString() => $"[{string.Join(", ", names.Select(name => $"'{name}'"))}]";

    public override string Print() => $"[{string.Join(',', names.Select(NameStep.Quote))}]";
}

/// <summary>What AWS accepts when a machine is created and fails when it runs.</summary>
internal sealed class FailingStep(PathStep inner, string reason) : PathStep
{
    public override bool IsDefinite => true;

    public override bool IsMisfit(JsonValue node) => true;

    public override string? Refuse(JsonValue node, string path, bool isLeaf) => reason + path + inner;

    public override string ToString() => $"{inner}";

    public override string Print() => inner.Print();
}

/// <summary><c>[n]</c>; a negative index counts from the end.</summary>
internal sealed class IndexStep(int index) : PathStep
{
    public override bool IsDefinite => true;

    public override bool IsReference => true;

    public int IndexIn(JsonArray array) => index < 0 ? array.Count + index : index;

    public override JsonValue? Find(JsonValue node) =>
        node is JsonArray array && IndexIn(array) is var i && i >= 0 && i < array.Count ? array[i] : null;

    public override bool IsMisfit(JsonValue node) => node is not (JsonArray or JsonNull);

    // Recorded: "Filter: [0] can only be applied to arrays. Current context is: 1" (asl.md, section 6).
    public override string? Refuse(JsonValue node, string path, bool isLeaf) => RefuseAsArray(this, node, path);

    public static string? RefuseAsArray(PathStep step, JsonValue node, string path) => node switch
    {
        JsonArray => null,
        JsonNull => $"The path {path} is null",
        _ => $"Filter: {step} can only be applied to arrays. Current context is: {node.ToText()}",
    };

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"[{index}]");
}

/// <summary><c>[0,2]</c>: those of the elements that are there.</summary>
internal sealed class IndexesStep(int[] indexes) : PathStep
{
    private readonly IndexStep[] _indexes = [.. indexes.Select(index => new IndexStep(index))];

    public override void Select(JsonValue node, PathSearch search, List<JsonValue> found)
    {
        foreach (var index in _indexes)
        {
            index.Select(node, search, found);
        }
    }

    public override bool IsMisfit(JsonValue node) => _indexes[0].IsMisfit(node);

    public override string? Refuse(JsonValue node, string path, bool isLeaf) =>
        IndexStep.RefuseAsArray(this, node, path);

    public override string ToString() => $"[{string.Join(',', indexes)}]";
}

/// <summary><c>[from:to]</c>, either end open; negative ends count from the end.</summary>
internal sealed class SliceStep(int? from, int? to) : PathStep
{
    public override void Select(JsonValue node, PathSearch search, List<JsonValue> found)
    {
        if (node is not JsonArray array)
        {
            return;
        }

        search.Visit(array.Count);
        var end = Clamp(to ?? array.Count, array.Count);
        for (var i = Clamp(from ?? 0, array.Count); i < end; i++)
        {
            found.Add(array[i]);
        }
    }

    public override bool IsMisfit(JsonValue node) => node is not (JsonArray or JsonNull);

    public override string? Refuse(JsonValue node, string path, bool isLeaf) =>
        IndexStep.RefuseAsArray(this, node, path);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"[{from}:{to}]");

    private static int Clamp(int end, int count) =>
        Math.Clamp(end < 0 ? (int)Math.Max(0, (long)count + end) : end, 0, count);
}

/// <summary><c>*</c>: every element or member.</summary>
internal sealed class WildcardStep : PathStep
{
    public override void Select(JsonValue node, PathSearch search, List<JsonValue> found)
    {
        switch (node)
        {
            case JsonArray array:
                search.Visit(array.Count);
                foreach (var item in array)
                {
                    found.Add(item);
                }

                break;
            case JsonObject obj:
                search.Visit(obj.Count);
                foreach (var (_, value) in obj)
                {
                    found.Add(value);
                }

                break;
        }
    }

    public override string ToString() => "[*]";
}

/// <summary><c>[?(...)]</c>: the elements that fit; Jayway tests an object itself.</summary>
internal sealed class FilterStep(FilterCondition condition) : PathStep
{
    public override void Select(JsonValue node, PathSearch search, List<JsonValue> found)
    {
        switch (node)
        {
            case JsonArray array:
                foreach (var item in array)
                {
                    Test(item, search, found);
                }

                break;
            case JsonObject:
                Test(node, search, found);
                break;
        }
    }

    public void Test(JsonValue node, PathSearch search, List<JsonValue> found)
    {
        search.Visit(1);
        if (condition.Holds(node, search))
        {
            found.Add(node);
        }
    }

    public override bool IsMisfit(JsonValue node) => node is not (JsonArray or JsonObject or JsonNull);

    // Jayway's sentence, in which every filter is "[?]".
    public override string? Refuse(JsonValue node, string path, bool isLeaf) => IsMisfit(node)
        ? $"Filter: {this} can not be applied to primitives. Current context is: {node.ToText()}"
        : null;

    public override string ToString() => "[?]";

    public override string Print() => $"[?({condition.Print()})]";
}

/// <summary><c>..</c> and the step after it, applied to every array and object below, parents first.</summary>
internal sealed class DescentStep(PathStep inner) : PathStep
{
    public override void Select(JsonValue node, PathSearch search, List<JsonValue> found)
    {
        // A stack of its own: documents may be deeper than the thread's.
        List<JsonValue> open = [node];
        while (open.Count > 0)
        {
            search.Visit(1);
            var current = open[^1];
            open.RemoveAt(open.Count - 1);
            if (inner is FilterStep filter)
            {
                // Jayway tests each node once, not also as a child of the one above it.
                if (current is JsonObject)
                {
                    filter.Test(current, search, found);
                }
            }
            else
            {
                inner.Select(current, search, found);
            }

            PushContainers(current, open);
        }
    }

    public override string ToString() => $"..{inner}";

    public override string Print() => $"..{inner.Print()}";

    private static void PushContainers(JsonValue node, List<JsonValue> open)
    {
        var first = open.Count;
        switch (node)
        {
            case JsonArray array:
                foreach (var item in array)
                {
                    AddContainer(item, open);
                }

                break;
            case JsonObject obj:
                foreach (var (_, value) in obj)
                {
                    AddContainer(value, open);
                }

                break;
        }

        open.Reverse(first, open.Count - first); // The last one is taken first.
    }

    private static void AddContainer(JsonValue node, List<JsonValue> open)
    {
        if (node is JsonArray or JsonObject)
        {
            open.Add(node);
        }
    }
}

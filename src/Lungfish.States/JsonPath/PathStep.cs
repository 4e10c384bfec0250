using Lungfish.Json;

namespace Lungfish.States.JsonPath;

/// <summary>One step of a path, from a node to the nodes that it leads to.</summary>
/// <remarks>
/// Which library AWS uses is told by its causes: <c>Property ['length()'] not found in path $['list']</c> (reported)
/// and <c>Filter: [0] can only be applied to arrays</c> (measured) are sentences of Jayway 2.0, before it had
/// functions and negative indexes. What is not recorded is after that version.
/// </remarks>
internal abstract class PathStep
{
    /// <summary>True if the step leads to one node at most.</summary>
    public virtual bool IsDefinite => false;

    /// <summary>True if what stands last in the step leads to one node at most: <c>a</c> in <c>..a</c>.</summary>
    public virtual bool EndsDefinite => IsDefinite;

    /// <summary>True if the step may stand in a reference path.</summary>
    public virtual bool IsReference => false;

    /// <summary>The node that a definite step leads to, or null.</summary>
    public virtual JsonValue? Find(JsonValue node) => null;

    /// <summary>True if a definite step finds nothing because the array ends before.</summary>
    public virtual bool IsPastEnd(JsonValue node) => false;

    /// <summary>Follows the step, and those after it, in the order of the document.</summary>
    /// <param name="search">Takes what is found.</param>
    /// <param name="at">Which step of the path it is.</param>
    /// <param name="node">Null past the end of an array.</param>
    /// <returns>False if the search failed.</returns>
    public abstract bool Select(PathSearch search, int at, JsonValue? node);

    /// <summary>True if <c>..</c> stops at the node to follow this step.</summary>
    public virtual bool IsMetBy(PathSearch search, JsonValue node) => node is JsonArray;

    /// <summary>True if to find nothing there is a mistake to Jayway, and not a miss.</summary>
    public virtual bool IsMisfit(JsonValue? node, bool isLast) => false;

    /// <summary>Why nothing is found.</summary>
    public abstract string Describe(FailedStep failed);

    /// <summary>The step in one spelling, which reads back as the same; ToString is Jayway's, for messages.</summary>
    public virtual string Print() => ToString() ?? "";
}

/// <summary><c>*</c>: every element or member.</summary>
internal sealed class WildcardStep : PathStep
{
    public override bool Select(PathSearch search, int at, JsonValue? node) => node switch
    {
        JsonArray array => SelectItems(search, at, array),
        JsonObject obj => SelectMembers(search, at, obj),
        _ => true,
    };

    public override bool IsMetBy(PathSearch search, JsonValue node) => true;

    public override string Describe(FailedStep failed) => $"No results for path: {failed.Path}"; // It never fails.

    public override string ToString() => "[*]";

    private static bool SelectItems(PathSearch search, int at, JsonArray array)
    {
        var depth = search.Depth;
        for (var i = 0; i < array.Count; i++)
        {
            if (search.Go(at + 1, new PathSegment(null, i), array[i]))
            {
                continue;
            }

            if (search.HasMisfit)
            {
                return false;
            }

            search.Forget(depth); // An element without what the path wants is passed over.
        }

        return true;
    }

    private static bool SelectMembers(PathSearch search, int at, JsonObject obj)
    {
        foreach (var (name, value) in obj)
        {
            if (!search.Go(at + 1, new PathSegment(name, 0), value))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary><c>[?(...)]</c>: the elements that fit; Jayway tests an object itself.</summary>
internal sealed class FilterStep(FilterCondition condition) : PathStep
{
    public override bool Select(PathSearch search, int at, JsonValue? node)
    {
        switch (node)
        {
            case JsonArray array:
                for (var i = 0; i < array.Count; i++)
                {
                    search.Visit(1);
                    if (condition.Holds(array[i], search) && !search.Go(at + 1, new PathSegment(null, i), array[i]))
                    {
                        return false;
                    }
                }

                return true;
            case JsonObject:
                search.Visit(1);
                return !condition.Holds(node, search) || search.GoOn(at + 1, node);
            default:
                return search.Fail(at, node);
        }
    }

    public override bool IsMetBy(PathSearch search, JsonValue node) => condition.Holds(node, search);

    public override bool IsMisfit(JsonValue? node, bool isLast) => true;

    public override string Describe(FailedStep failed) =>
        $"Filter: {failed.Rest} can not be applied to primitives. Current context is: {failed.Shown}";

    public override string ToString() => "[?]"; // So Jayway shows any filter.

    public override string Print() => $"[?({condition.Print()})]";
}

/// <summary><c>..</c> and the step after it, followed from every array and object below, parents first.</summary>
internal sealed class DescentStep(PathStep inner) : PathStep
{
    public override bool EndsDefinite => inner.IsDefinite;

    public override bool Select(PathSearch search, int at, JsonValue? node) => node switch
    {
        JsonArray array => Follow(search, at, array) && WalkItems(search, at, array),
        JsonObject obj => Follow(search, at, obj) && WalkMembers(search, at, obj),
        _ => true,
    };

    public override bool IsMisfit(JsonValue? node, bool isLast) => inner.IsMisfit(node, isLast);

    public override string Describe(FailedStep failed) => inner.Describe(failed);

    public override string ToString() => $"..{inner}";

    public override string Print() => $"..{inner.Print()}";

    private bool Follow(PathSearch search, int at, JsonObject obj) =>
        !inner.IsMetBy(search, obj) || inner.Select(search, at, obj);

    /// <summary>In the middle of a path, Jayway goes on from all elements, whichever of them the step names.</summary>
    private bool Follow(PathSearch search, int at, JsonArray array)
    {
        if (!inner.IsMetBy(search, array) || search.IsLast(at))
        {
            return !inner.IsMetBy(search, array) || inner.Select(search, at, array);
        }

        for (var i = 0; i < array.Count; i++)
        {
            if (!search.Go(at + 1, new PathSegment(null, i), array[i]))
            {
                return false;
            }
        }

        return true;
    }

    private bool WalkItems(PathSearch search, int at, JsonArray array)
    {
        for (var i = 0; i < array.Count; i++)
        {
            if (!Walk(search, at, new PathSegment(null, i), array[i]))
            {
                return false;
            }
        }

        return true;
    }

    private bool WalkMembers(PathSearch search, int at, JsonObject obj)
    {
        foreach (var (name, value) in obj)
        {
            if (!Walk(search, at, new PathSegment(name, 0), value))
            {
                return false;
            }
        }

        return true;
    }

    private bool Walk(PathSearch search, int at, PathSegment segment, JsonValue node)
    {
        search.Enter(segment);
        if (!Select(search, at, node))
        {
            return false;
        }

        search.Leave();
        return true;
    }
}

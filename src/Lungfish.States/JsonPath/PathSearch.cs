using System.Globalization;
using Lungfish.Json;

namespace Lungfish.States.JsonPath;

/// <summary>One evaluation of an indefinite path: what it has found, where it is, how much it may still do.</summary>
/// <param name="steps">Those of the path.</param>
/// <param name="root">What <c>$</c> means inside a filter.</param>
/// <param name="nullPastEnd">See <see cref="PathExpression.Evaluate"/>.</param>
internal sealed class PathSearch(PathStep[] steps, JsonValue root, bool nullPastEnd)
{
    /// <summary>Far past what a payload of 256 KiB can need, and done in well under a second.</summary>
    public const int VisitsMax = 1_000_000;

    /// <summary>As deep as JSON texts may be, and a path as long as it may be: far from the end of any stack.</summary>
    private const int DepthMax = JsonValue.DepthMax + PathParser.StepsMax;

    private readonly List<JsonValue> _found = [];
    private readonly List<PathSegment> _trail = [];
    private int _visits;
    private (int Step, JsonValue? Node) _failed;

    public JsonValue Root { get; } = root;

    public bool NullPastEnd { get; } = nullPastEnd;

    /// <summary>How deep in the document the search is.</summary>
    public int Depth => _trail.Count;

    /// <summary>True if the search failed by a mistake, which nothing passes over.</summary>
    public bool HasMisfit => steps[_failed.Step].IsMisfit(_failed.Node, IsLast(_failed.Step));

    public PathResult Run() => steps[0].Select(this, 0, Root)
        ? new PathResult(_found.Count == 0 ? JsonArray.Empty : JsonArray.Of(_found))
        : new PathResult(Describe(), HasMisfit);

    public bool IsLast(int step) => step == steps.Length - 1;

    /// <summary>True if a member that the step does not find is passed over.</summary>
    /// <remarks>As Jayway 2.0 decides it: not at the end of a path, and only if the path is indefinite from the step
    /// before on.</remarks>
    public bool MayMiss(int step) => !IsLast(step) &&
        ((step > 0 && !steps[step - 1].EndsDefinite) || Array.Exists(steps[step..], later => !later.IsDefinite));

    /// <summary>Goes on with the next step at a node, or has found it.</summary>
    /// <param name="node">Null past the end of an array.</param>
    /// <returns>False if the search failed there.</returns>
    public bool Go(int step, PathSegment segment, JsonValue? node)
    {
        Enter(segment);
        if (step == steps.Length)
        {
            _found.Add(node ?? JsonValue.Null);
        }
        else if (!steps[step].Select(this, step, node))
        {
            return false;
        }

        Leave();
        return true;
    }

    /// <summary>Goes on with the same node: a filter that an object itself fits.</summary>
    public bool GoOn(int step, JsonValue node)
    {
        if (step < steps.Length)
        {
            return steps[step].Select(this, step, node);
        }

        _found.Add(node);
        return true;
    }

    public void Enter(PathSegment segment)
    {
        Visit(1);
        _trail.Add(segment);
        if (_trail.Count > DepthMax)
        {
            throw new PathSearchExceededException($"More than {DepthMax} levels to look at");
        }
    }

    public void Leave() => _trail.RemoveAt(_trail.Count - 1);

    /// <summary>Ends the search, unless something on the way back passes it over.</summary>
    public bool Fail(int step, JsonValue? node)
    {
        _failed = (step, node);
        return false; // The trail stays: it tells where that was.
    }

    /// <summary>Passes a failure over, back at a depth.</summary>
    public void Forget(int depth) => _trail.RemoveRange(depth, _trail.Count - depth);

    /// <exception cref="PathSearchExceededException">The path has looked at too many nodes.</exception>
    public void Visit(int nodes)
    {
        if (nodes > VisitsMax - _visits)
        {
            throw new PathSearchExceededException($"More than {VisitsMax} nodes to look at");
        }

        _visits += nodes;
    }

    private string Describe()
    {
        var path = "$" + string.Concat(_trail.Select(segment => segment.ToString()));
        return PathFailure.Describe(steps, _failed.Step, _failed.Node, path, NullPastEnd);
    }
}

/// <summary>One step of the way to a node: a member's name, or else an index.</summary>
internal readonly record struct PathSegment(string? Name, int Index)
{
    public override string ToString() =>
        Name is null ? string.Create(CultureInfo.InvariantCulture, $"[{Index}]") : $"['{Name}']";
}

/// <summary>Ends a search that runs away; never leaves <see cref="PathExpression"/>.</summary>
internal sealed class PathSearchExceededException(string message) : Exception(message);

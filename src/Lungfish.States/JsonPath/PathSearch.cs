using Lungfish.Json;

namespace Lungfish.States.JsonPath;

/// <summary>One evaluation of an indefinite path, and how much of it may still be done.</summary>
/// <remarks>Filters and descents multiply; what runs away must end, not hold up its partition.</remarks>
internal sealed class PathSearch(JsonValue root)
{
    /// <summary>Far past what a payload of 256 KiB can need, and done in well under a second.</summary>
    public const int VisitsMax = 1_000_000;

    private int _visits;

    /// <summary>What <c>$</c> means inside a filter.</summary>
    public JsonValue Root { get; } = root;

    /// <exception cref="PathSearchExceededException">The path has looked at too many nodes.</exception>
    public void Visit(int nodes)
    {
        if (nodes > VisitsMax - _visits)
        {
            throw new PathSearchExceededException();
        }

        _visits += nodes;
    }
}

/// <summary>Ends a search that runs away; never leaves <see cref="PathExpression"/>.</summary>
internal sealed class PathSearchExceededException : Exception;

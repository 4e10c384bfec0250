using System.Globalization;
using Lungfish.Json;

namespace Lungfish.States.JsonPath;

/// <summary>A step into an array.</summary>
internal abstract class ArrayStep : PathStep
{
    public override bool Select(PathSearch search, int at, JsonValue? node) =>
        node is JsonArray array ? Select(search, at, array) : search.Fail(at, node);

    public override bool IsMisfit(JsonValue? node, bool isLast) => node is not (null or JsonNull or JsonArray);

    // The second is measured.
    public override string Describe(FailedStep failed) => failed.Node switch
    {
        null or JsonNull => $"The path {failed.Path} is null",
        not JsonArray => $"Filter: {failed.Rest} can only be applied to arrays. Current context is: {failed.Shown}",
        _ => $"Index out of bounds when evaluating path {failed.Path}",
    };

    protected abstract bool Select(PathSearch search, int at, JsonArray array);

    /// <summary>Goes on with an element; past the end it depends on what the field is.</summary>
    protected static bool GoTo(PathSearch search, int at, JsonArray array, int index)
    {
        var isThere = index >= 0 && index < array.Count;
        if (isThere || search.NullPastEnd)
        {
            return search.Go(at + 1, new PathSegment(null, index), isThere ? array[index] : null);
        }

        search.Enter(new PathSegment(null, index)); // The cause names it.
        return search.Fail(at, array);
    }
}

/// <summary>A step to one element.</summary>
internal abstract class ElementStep : ArrayStep
{
    public override bool IsDefinite => true;

    public abstract int IndexIn(JsonArray array);

    public override JsonValue? Find(JsonValue node) =>
        node is JsonArray array && IndexIn(array) is var i && i >= 0 && i < array.Count ? array[i] : null;

    public override bool IsPastEnd(JsonValue node) => node is JsonArray;

    protected override bool Select(PathSearch search, int at, JsonArray array) =>
        GoTo(search, at, array, IndexIn(array));
}

/// <summary><c>[n]</c>. Reported: a negative index does not count from the end, and meets nothing.</summary>
internal sealed class IndexStep(int index) : ElementStep
{
    public override bool IsReference => true;

    public override int IndexIn(JsonArray array) => index;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"[{index}]");
}

/// <summary><c>[(@.length-n)]</c>: reported to be the way to the last element.</summary>
internal sealed class FromEndStep(int back) : ElementStep
{
    public override int IndexIn(JsonArray array) => array.Count - back;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"[@.size()-{back}]");

    public override string Print() => string.Create(CultureInfo.InvariantCulture, $"[(@.length-{back})]");
}

/// <summary><c>[0,2]</c>.</summary>
internal sealed class IndexesStep(int[] indexes) : ArrayStep
{
    public override string ToString() => $"[{string.Join(',', indexes)}]";

    protected override bool Select(PathSearch search, int at, JsonArray array) =>
        Array.TrueForAll(indexes, index => GoTo(search, at, array, index));
}

/// <summary><c>[from:to]</c>, one of the ends open or none.</summary>
/// <remarks>A negative end counts from the end of the array only where the other is open, as in Jayway 2.0.</remarks>
internal sealed class SliceStep(int? from, int? to) : ArrayStep
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"[{from}:{to}]");

    protected override bool Select(PathSearch search, int at, JsonArray array)
    {
        var (first, end) = (from, to) switch
        {
            (int start, null) => (start < 0 ? Math.Max(0, array.Count + start) : start, array.Count),
            (null, int stop) => (0, stop < 0 ? array.Count + stop : stop),
            _ => (from ?? 0, to ?? 0),
        };
        end = Math.Min(end, array.Count);
        for (var i = first; i < end; i++)
        {
            if (!GoTo(search, at, array, i))
            {
                return false;
            }
        }

        return true;
    }
}

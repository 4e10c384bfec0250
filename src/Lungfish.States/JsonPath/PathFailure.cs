using Lungfish.Json;
using Lungfish.States.Intrinsics;

namespace Lungfish.States.JsonPath;

/// <summary>The words for a path that found nothing: those of Jayway 2.0, which AWS's causes quote.</summary>
internal static class PathFailure
{
    /// <param name="node">Where the step found nothing; null past the end of an array.</param>
    /// <param name="path">The way there.</param>
    public static string Describe(PathStep[] steps, int step, JsonValue? node, string path, bool nullPastEnd)
    {
        var rest = string.Concat(steps[step..].Select(later => later.ToString()));
        var shown = node switch
        {
            null => "null",
            JsonString text => text.Value,
            _ => nullPastEnd ? node.ToText() : JavaText.Of(node),
        };
        return steps[step].Describe(new FailedStep(node, shown, path, rest, step == steps.Length - 1));
    }
}

/// <param name="Node">Null past the end of an array.</param>
/// <param name="Shown">The node as text.</param>
/// <param name="Path">The way to the node.</param>
/// <param name="Rest">The step and those after it.</param>
/// <param name="IsLast">True if there are none after it.</param>
internal readonly record struct FailedStep(JsonValue? Node, string Shown, string Path, string Rest, bool IsLast);

using Lungfish.Json;

namespace Lungfish.States.JsonPath;

/// <summary>A JSONPath expression over the input (<c>$</c>) or the context object (<c>$$</c>), parsed once.</summary>
public sealed class PathExpression
{
    public static readonly PathExpression Whole = new("$");

    private PathExpression(string text) => Text = text;

    /// <summary>As the definition has it.</summary>
    public string Text { get; }

    /// <summary>True for <c>$</c>: the document itself, no evaluation needed.</summary>
    public bool IsWhole => Text == "$";

    /// <exception cref="FormatException">Not a path; the message says what is wrong and at which character.</exception>
    public static PathExpression Parse(string text) => throw new NotSupportedException(text);

    /// <summary>A reference path: names and indexes only, so that it identifies one node.</summary>
    /// <exception cref="FormatException">Not a reference path.</exception>
    public static PathExpression ParseReference(string text) => throw new NotSupportedException(text);

    /// <summary>What the path finds. An indefinite path always finds an array, be it empty.</summary>
    public PathResult Evaluate(JsonValue input, JsonValue context) => throw new NotSupportedException(Text);

    /// <summary>A copy of <paramref name="document"/> with <paramref name="value"/> at this reference path.</summary>
    /// <returns>Null if the path cannot be applied there (States.ResultPathMatchFailure).</returns>
    public JsonValue? Write(JsonValue document, JsonValue value) => throw new NotSupportedException(Text);
}

/// <param name="Value">Null if a definite path found nothing.</param>
/// <param name="Missing">Then: AWS's words for it, such as <c>No results for path: $['Name']</c>; else null.</param>
public readonly record struct PathResult(JsonValue? Value, string? Missing);

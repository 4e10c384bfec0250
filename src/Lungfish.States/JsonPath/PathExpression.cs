using Lungfish.Json;

namespace Lungfish.States.JsonPath;

/// <summary>A JSONPath expression over the input (<c>$</c>), the context object (<c>$$</c>) or a variable
/// (<c>$name</c>), parsed once.</summary>
/// <remarks>The dialect is Jayway's, as AWS runs it. A definite path is evaluated without allocating.</remarks>
public sealed class PathExpression
{
    public static readonly PathExpression Whole = new("$", readsContext: false, null, []);

    private readonly PathStep[] _steps;

    internal PathExpression(string text, bool readsContext, string? variableName, PathStep[] steps)
    {
        Text = text;
        ReadsContext = readsContext;
        VariableName = variableName;
        _steps = steps;
        IsDefinite = Array.TrueForAll(steps, step => step.IsDefinite);
        IsReference = Array.TrueForAll(steps, step => step.IsReference);
    }

    /// <summary>As the definition has it.</summary>
    public string Text { get; }

    /// <summary>True for <c>$</c>: the document itself, no evaluation needed.</summary>
    public bool IsWhole => _steps.Length == 0 && ReadsInput;

    /// <summary>True for <c>$...</c>: neither the context object nor a variable.</summary>
    public bool ReadsInput => !ReadsContext && VariableName is null;

    /// <summary>True for <c>$$...</c>: the path reads the context object in place of the input.</summary>
    public bool ReadsContext { get; }

    /// <summary>For <c>$name...</c>: the variable that the path reads in place of the input; else null.</summary>
    public string? VariableName { get; }

    /// <summary>True if the path finds one node or none; an indefinite path finds an array of nodes.</summary>
    public bool IsDefinite { get; }

    /// <summary>True for names and indexes only: a path that may also be written to.</summary>
    public bool IsReference { get; }

    /// <summary>True for <c>$$.Task...</c>, and for what reads more of the context object than can be told.</summary>
    public bool ReadsTaskToken =>
        ReadsContext && (_steps.Length == 0 || _steps[0] is not NameStep name || name.Name == "Task");

    /// <exception cref="FormatException">Not a path; the message says what is wrong and at which character.</exception>
    public static PathExpression Parse(string text) => PathParser.Parse(text);

    /// <summary>A reference path: names and indexes only, so that it identifies one node.</summary>
    /// <exception cref="FormatException">Not a reference path.</exception>
    public static PathExpression ParseReference(string text)
    {
        var path = PathParser.Parse(text);
        return path.IsReference
            ? path
            : throw new FormatException(
                $"'{text}' is not a reference path: it may hold names and indexes, but no '*', '..', ':' or filter.");
    }

    /// <summary>What the path finds. An indefinite path finds an array, be it empty, or fails.</summary>
    /// <param name="roots">What it reads.</param>
    /// <param name="nullPastEnd">Measured: past the end of an array, a path in a template reads null, and another one
    /// finds nothing.</param>
    public PathResult Evaluate(PathRoots roots, bool nullPastEnd = false)
    {
        if (VariableName is null)
        {
            var root = ReadsContext ? roots.Context(_steps is [NameStep first, ..] ? first.Name : null) : roots.Input;
            return EvaluateOn(root, nullPastEnd);
        }

        return roots.Variables.TryGetValue(VariableName, out var variable)
            ? EvaluateOn(variable, nullPastEnd)
            : new PathResult($"The variable '${VariableName}' is not assigned", isMisfit: false);
    }

    /// <summary>A copy of <paramref name="document"/> with <paramref name="value"/> at this reference path.</summary>
    /// <returns>Null if the path cannot be applied there (States.ResultPathMatchFailure).</returns>
    /// <remarks>Missing objects on the way are created; an index only replaces an element that is there.</remarks>
    public JsonValue? Write(JsonValue document, JsonValue value) =>
        IsReference && ReadsInput ? WriteAt(document, value, 0) : null;

    /// <summary>The path in one spelling, which reads back as the same path.</summary>
    public string Print() =>
        (ReadsContext ? "$$" : $"${VariableName}") + string.Concat(_steps.Select(step => step.Print()));

    public override string ToString() => Text;

    internal PathResult EvaluateOn(JsonValue root, bool nullPastEnd)
    {
        if (!IsDefinite)
        {
            return Search(root, nullPastEnd);
        }

        var node = root;
        for (var i = 0; i < _steps.Length; i++)
        {
            var (step, isLast) = (_steps[i], i == _steps.Length - 1);
            if (!step.IsMisfit(node, isLast) && step.Find(node) is { } next)
            {
                node = next;
                continue;
            }

            return nullPastEnd && isLast && step.IsPastEnd(node)
                ? new PathResult(JsonValue.Null)
                : new PathResult(this, i, node, nullPastEnd);
        }

        return new PathResult(node);
    }

    /// <summary>Why a definite path found nothing.</summary>
    internal string Explain(int step, JsonValue node, bool nullPastEnd)
    {
        var path = "$" + string.Concat(_steps.Take(step).Select(earlier => earlier.ToString()));
        path += _steps[step] is ElementStep element && node is JsonArray array
            ? new PathSegment(null, element.IndexIn(array)).ToString()
            : "";
        return PathFailure.Describe(_steps, step, node, path, nullPastEnd);
    }

    internal bool IsMisfit(int step, JsonValue node) => _steps[step].IsMisfit(node, step == _steps.Length - 1);

    private PathResult Search(JsonValue root, bool nullPastEnd)
    {
        try
        {
            return new PathSearch(_steps, root, nullPastEnd).Run();
        }
        catch (PathSearchExceededException e)
        {
            return new PathResult($"{e.Message} for path: {Text}", isMisfit: true);
        }
    }

    private JsonValue? WriteAt(JsonValue? node, JsonValue value, int at)
    {
        if (at == _steps.Length)
        {
            return value;
        }

        switch (_steps[at], node)
        {
            case (NameStep step, null):
                return WriteAt(null, value, at + 1) is { } made ? JsonObject.Of(step.Name, made) : null;
            case (NameStep step, JsonObject obj):
                return WriteAt(obj[step.Name], value, at + 1) is { } member ? obj.With(step.Name, member) : null;
            case (ElementStep step, JsonArray array) when step.Find(array) is { } element:
                return WriteAt(element, value, at + 1) is { } item ? array.With(step.IndexIn(array), item) : null;
            default:
                return null;
        }
    }
}

/// <summary>What a path found.</summary>
public readonly struct PathResult
{
    private readonly PathExpression? _path;
    private readonly JsonValue? _node;
    private readonly string? _missing;
    private readonly int _step;
    private readonly bool _nullPastEnd;
    private readonly bool _isMisfit;

    internal PathResult(JsonValue value) => Value = value;

    internal PathResult(string missing, bool isMisfit) => (_missing, _isMisfit) = (missing, isMisfit);

    internal PathResult(PathExpression path, int step, JsonValue node, bool nullPastEnd) =>
        (_path, _step, _node, _nullPastEnd, _isMisfit) = (path, step, node, nullPastEnd, path.IsMisfit(step, node));

    /// <summary>Null if the path found nothing.</summary>
    public JsonValue? Value { get; }

    /// <summary>Then: AWS's words for it, such as <c>No results for path: $['Name']</c>; else null.</summary>
    /// <remarks>The words are put together here, so that a miss that nobody reports costs nothing.</remarks>
    public string? Missing => _path is not null && _node is not null
        ? _path.Explain(_step, _node, _nullPastEnd)
        : _missing;

    /// <summary>The same words if the path cannot be applied there at all; null if there merely is nothing.</summary>
    public string? Misfit => _isMisfit ? Missing : null;
}

using Lungfish.Json;

namespace Lungfish.States.JsonPath;

/// <summary>A JSONPath expression over the input (<c>$</c>), the context object (<c>$$</c>) or a variable
/// (<c>$name</c>), parsed once.</summary>
/// <remarks>The dialect is Jayway's, as AWS runs it. A definite path is evaluated without allocating.</remarks>
public sealed class PathExpression
{
    public static readonly PathExpression Whole = new("$", readsContext: false, null, []);

    /// <summary>In place of the number of a step: there is no such variable.</summary>
    private const int NoRoot = -1;

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

    /// <summary>What the path finds. An indefinite path always finds an array, be it empty.</summary>
    public PathResult Evaluate(PathRoots roots)
    {
        if (VariableName is null)
        {
            return EvaluateOn(ReadsContext ? roots.Context : roots.Input, search: null);
        }

        return roots.Variables.TryGetValue(VariableName, out var variable)
            ? EvaluateOn(variable, search: null)
            : new PathResult(this, NoRoot, JsonValue.Null);
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

    /// <param name="search">The search that a filter's operand is part of; null for a path of its own.</param>
    internal PathResult EvaluateOn(JsonValue root, PathSearch? search)
    {
        if (!IsDefinite)
        {
            return search is null ? Search(root) : Collect(root, search);
        }

        var node = root;
        for (var i = 0; i < _steps.Length; i++)
        {
            if (_steps[i].Find(node) is not { } next)
            {
                return new PathResult(this, i, node);
            }

            node = next;
        }

        return new PathResult(node);
    }

    /// <summary>Jayway's words for a definite path whose step found nothing in <paramref name="node"/>.</summary>
    internal string Explain(int step, JsonValue node)
    {
        if (step == NoRoot)
        {
            return $"The variable '${VariableName}' is not assigned";
        }

        if (step == _steps.Length)
        {
            return $"More than {PathSearch.VisitsMax} nodes to look at for path: {Canonical(_steps.Length)}";
        }

        var isLeaf = step == _steps.Length - 1;
        return _steps[step].Refuse(node, Canonical(step), isLeaf) ?? (isLeaf || _steps[step] is IndexStep
            ? $"No results for path: {Canonical(_steps.Length)}"
            : $"Missing property in path {Canonical(step + 1)}");
    }

    /// <summary>What is wrong with <paramref name="node"/> if it is not merely without what the path wants.</summary>
    internal string? ExplainMisfit(int step, JsonValue node) =>
        step == _steps.Length || (step >= 0 && _steps[step].IsMisfit(node)) ? Explain(step, node) : null;

    /// <summary>True if the path ends in an index that the array does not reach: templates read null there.</summary>
    internal bool IsIndexPastEnd(int step, JsonValue node) =>
        step == _steps.Length - 1 && step >= 0 && _steps[step] is IndexStep && node is JsonArray;

    private PathResult Search(JsonValue root)
    {
        try
        {
            return Collect(root, new PathSearch(root));
        }
        catch (PathSearchExceededException)
        {
            return new PathResult(this, _steps.Length, root);
        }
    }

    private PathResult Collect(JsonValue root, PathSearch search)
    {
        List<JsonValue> nodes = [root];
        List<JsonValue> next = [];
        var isDefinite = true;
        for (var i = 0; i < _steps.Length; i++)
        {
            // As far as the path is definite, Jayway minds what it cannot be applied to; after that it passes it over.
            isDefinite &= nodes.Count == 1;
            if (isDefinite && _steps[i].IsMisfit(nodes[0]))
            {
                return new PathResult(this, i, nodes[0]);
            }

            foreach (var node in nodes)
            {
                _steps[i].Select(node, search, next);
            }

            isDefinite &= _steps[i].IsDefinite;

            (nodes, next) = (next, nodes);
            next.Clear();
        }

        return new PathResult(nodes.Count == 0 ? JsonArray.Empty : JsonArray.Of(nodes));
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
            case (IndexStep step, JsonArray array) when step.Find(array) is { } element:
                return WriteAt(element, value, at + 1) is { } item ? array.With(step.IndexIn(array), item) : null;
            default:
                return null;
        }
    }

    private string Canonical(int steps) => "$" + string.Concat(_steps.Take(steps).Select(step => step.ToString()));
}

/// <summary>What a path found.</summary>
public readonly struct PathResult
{
    private readonly PathExpression? _path;
    private readonly int _step;
    private readonly JsonValue? _node;

    internal PathResult(JsonValue value) => Value = value;

    internal PathResult(PathExpression path, int step, JsonValue node) => (_path, _step, _node) = (path, step, node);

    /// <summary>Null if a definite path found nothing.</summary>
    public JsonValue? Value { get; }

    /// <summary>Then: AWS's words for it, such as <c>No results for path: $['Name']</c>; else null.</summary>
    /// <remarks>The words are put together here, so that a miss that nobody reports costs nothing.</remarks>
    public string? Missing => _path is not null && _node is not null ? _path.Explain(_step, _node) : null;

    /// <summary>The same words if the path cannot be applied there at all; null if there merely is nothing.</summary>
    internal string? Misfit => _path is not null && _node is not null ? _path.ExplainMisfit(_step, _node) : null;

    /// <summary>True if nothing was found because the path ends in an index past the end of an array.</summary>
    internal bool IsIndexPastEnd => _path is not null && _node is not null && _path.IsIndexPastEnd(_step, _node);
}

using System.Collections.Immutable;
using Lungfish.Json;
using Lungfish.States.JsonPath;
using Lungfish.States.Model;

namespace Lungfish.States.Deciding;

/// <summary>A value, or why there is none.</summary>
internal readonly record struct Evaluated(JsonValue? Value, StateFailure? Failure)
{
    public static implicit operator Evaluated(JsonValue value) => new(value, null);

    public static implicit operator Evaluated(StateFailure failure) => new(null, failure);

}

/// <summary>Evaluates the fields of a state for one visit. A failure that goes in comes out.</summary>
/// <remarks>The context object is made where a field reads it.</remarks>
/// <param name="dice">For this decision; each field draws from other numbers.</param>
internal sealed class StateData(Execution execution, Dice dice, Scope scope, Visit visit, string? taskToken = null)
{
    private int _draws;
    private JsonValue? _context;
    private MapItem? _item;

    /// <summary>For the item that is about to be iterated; it hides the one of an outer Map.</summary>
    public StateData ForItem(int index, JsonValue value) =>
        new(execution, dice, scope, visit, taskToken) { _item = new MapItem(index, value), _draws = index };

    /// <summary>InputPath or OutputPath over a document.</summary>
    public Evaluated Select(PathField field, Evaluated document)
    {
        if (document.Value is not { } value || field.Path is { IsWhole: true })
        {
            return document;
        }

        // Documented: a null path means an empty object.
        return field.Path is { } path ? Find(path, value) : JsonObject.Empty;
    }

    /// <summary>What a path finds, or the failure that a missing one is.</summary>
    public Evaluated Find(PathExpression path, JsonValue document)
    {
        var found = path.Evaluate(RootsOf(document));
        return found.Value is { } value
            ? value
            : RuntimeError($"Invalid path '{path.Text}' : {found.Missing}");
    }

    /// <summary>What a path finds, or null.</summary>
    public JsonValue? FindOrNull(PathExpression path, JsonValue document) =>
        path.Evaluate(RootsOf(document)).Value;

    /// <summary>A text of a Fail state: null if the field is not set.</summary>
    public Evaluated Text(TextField? field, string fieldName, JsonValue input)
    {
        if (field?.Path is not { } value)
        {
            return field?.Literal is { } literal ? (JsonValue)literal : JsonValue.Null;
        }

        return ToEvaluated(value.Evaluate(RootsOf(input), fieldName, nullPastEnd: false));
    }

    /// <summary>Parameters, ResultSelector or ItemSelector.</summary>
    public Evaluated Compose(PayloadTemplate? template, Evaluated document) =>
        template is null || document.Value is not { } input
            ? document
            : ToEvaluated(template.Evaluate(RootsOf(input)));

    /// <summary>Puts a result into the raw input, as ResultPath says.</summary>
    public Evaluated Merge(PathField resultPath, Evaluated result)
    {
        if (result.Value is not { } value || resultPath.Path is { IsWhole: true })
        {
            return result;
        }

        return resultPath.Path is { } path
            ? path.Write(visit.Input, value) ?? (Evaluated)NotWritable(path)
            : visit.Input; // Documented: a null ResultPath discards the result.
    }

    /// <summary>From a raw result to the state's output: ResultSelector, ResultPath, OutputPath.</summary>
    public Evaluated Output(DataFlow data, Evaluated result) =>
        Select(data.OutputPath, Merge(data.ResultPath, Compose(data.ResultSelector, result)));

    /// <summary>A States.Runtime whose cause begins as AWS's does.</summary>
    public StateFailure RuntimeError(string rest) => StateFailure.Runtime(Prefixed(rest));

    private Evaluated ToEvaluated(ValueResult result) =>
        result.Failure is not { } failure ? new Evaluated(result.Value, null)
        : failure.IsIntrinsicFailure
            ? new StateFailure(ErrorNames.IntrinsicFailure, Prefixed(failure.Message), FailureKind.State)
            : RuntimeError(failure.Message);

    private StateFailure NotWritable(PathExpression path) => new(
        ErrorNames.ResultPathMatchFailure,
        $"Unable to apply ReferencePath {path.Text} to input {visit.Input.ToText()}",
        FailureKind.State);

    private string Prefixed(string rest) =>
        $"An error occurred while executing the state '{visit.State.Name}' " +
        $"(entered at the event id #{visit.EnteredEventId}). {rest}";

    // No state assigns variables yet.
    private PathRoots RootsOf(JsonValue document) =>
        new(document, Context, ImmutableDictionary<string, JsonValue>.Empty, unchecked(dice.Bits() + (ulong)_draws++));

    private JsonValue Context() =>
        _context ??= ContextObject.Of(execution, visit, taskToken, _item ?? InnermostItem());

    private MapItem? InnermostItem()
    {
        for (var at = scope; at.Id != ScopeId.Root;)
        {
            var parent = execution.FindScope(at.Parent);
            if (parent?.Visit?.Fan?.Items is { } items)
            {
                return new MapItem(at.Id.Index, items[at.Id.Index]);
            }

            if (parent is null)
            {
                break;
            }

            at = parent;
        }

        return null;
    }
}

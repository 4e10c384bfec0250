using System.Diagnostics;
using Lungfish.Json;
using Lungfish.States.Jsonata;
using Lungfish.States.JsonPath;
using Lungfish.States.Model;

namespace Lungfish.States.Deciding;

/// <summary>Evaluates the fields of a state for one visit, in its query language. A failure that goes in comes out.
/// </summary>
/// <remarks>The context object is made where a field reads it.</remarks>
internal sealed class StateData(Turn turn, Scope scope, Visit visit, string? taskToken = null)
{
    private const string ErrorOutput = "errorOutput";

    private JsonValue? _context;
    private string? _contextMember; // The only one that it has; null: it has all.
    private MapItem? _item;
    private JsonataRoots? _jsonataRoots;
    private PathRoots? _pathRoots;

    private bool IsJsonata => visit.State.Data is JsonataFlow;

    /// <summary>For the item that is about to be iterated; it hides the one of an outer Map.</summary>
    public StateData ForItem(MapItem item) => new(turn, scope, visit, taskToken) { _item = item };

    /// <summary>The effective input: what the fields of the state read as the input.</summary>
    public Evaluated Input()
    {
        Evaluated input = visit.State.Data is JsonPathFlow flow ? Select(flow.InputPath, visit.Input) : visit.Input;
        turn.Inspector?.AfterInputPath(visit.State, input);
        return input;
    }

    /// <summary>What the work is given: Parameters or Arguments, else the effective input.</summary>
    public Evaluated Arguments(Evaluated input)
    {
        var arguments = visit.State.Data switch
        {
            JsonPathFlow flow => Compose(flow.Parameters, input),
            JsonataFlow { Arguments: { } template } => Compute(template),
            _ => input,
        };
        turn.Inspector?.AfterArguments(visit.State, arguments);
        return arguments;
    }

    /// <summary>A composed value over a document; the document itself if there is no template.</summary>
    public Evaluated Compose(Template? template, Evaluated document) => template switch
    {
        PayloadField field => Compose(field.Payload, document),
        JsonataField field => Compute(field.Expression),
        _ => document,
    };

    /// <summary>Leaves the state with what its work gave.</summary>
    public StateExit ExitWith(Evaluated result) => Exit(visit.State.Data, result, "result");

    /// <summary>Leaves a state that does no work, in which nothing is a result.</summary>
    /// <param name="data">The state's own, or that of the rule that matched.</param>
    /// <param name="passed">The effective input, or what a Pass state makes of it.</param>
    public StateExit ExitWithout(DataFlow data, Evaluated passed) => Exit(data, passed, outcomeName: null);

    /// <summary>Leaves the state by a catcher.</summary>
    public StateExit ExitBy(Catcher catcher, JsonObject errorOutput) => Exit(catcher.Data, errorOutput, ErrorOutput);

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

    /// <summary>A text: JSON null if the field is not set.</summary>
    public Evaluated Text(Field<string>? field, JsonValue input) => field switch
    {
        null => JsonValue.Null,
        Literal<string> literal => (JsonValue)literal.Value,
        AtValue<string> at => ToEvaluated(at.Value.Evaluate(RootsOf(input), at.Name, nullPastEnd: false)),
        Computed<string> computed => Compute(computed.Expression, JsonKind.String),
        _ => throw NoSuchField(field),
    };

    /// <summary>A whole number that JSONata gives, within the bounds.</summary>
    public Reading<long> Integer(Computed<long> field, long min, long max)
    {
        var evaluated = Compute(field.Expression, JsonKind.Number);
        return evaluated.Value switch
        {
            null => evaluated.Failure ?? throw NoSuchField(field),
            JsonNumber number when number.TryGetInt64(out var value) && value >= min && value <= max => value,
            { } other => OutOfBounds(field.Expression, $"a whole number from {min} to {max}", other),
        };
    }

    /// <summary>A number that JSONata gives, within the bounds.</summary>
    public Reading<double> Number(Computed<double> field, double min, double max)
    {
        var evaluated = Compute(field.Expression, JsonKind.Number);
        return evaluated.Value switch
        {
            null => evaluated.Failure ?? throw NoSuchField(field),
            JsonNumber number when number.Value >= min && number.Value <= max => number.Value,
            { } other => OutOfBounds(field.Expression, $"a number from {min} to {max}", other),
        };
    }

    /// <summary>What JSONata gives, which must be of that kind.</summary>
    public Evaluated Compute(JsonataTemplate template, JsonKind kind)
    {
        var evaluated = Compute(template);
        return evaluated.Value is { } value && value.Kind != kind && template.Single is { } expression
            ? EvaluationError(expression.WrongType(kind, value))
            : evaluated;
    }

    public Evaluated Compute(JsonataTemplate template) => Compute(template, _jsonataRoots ??= RootsWith(null));

    /// <summary>A States.Runtime whose cause begins as AWS's does.</summary>
    public StateFailure RuntimeError(string rest) => StateFailure.Runtime(Prefixed(rest));

    /// <summary>A States.QueryEvaluationError whose cause begins as AWS's does.</summary>
    public StateFailure EvaluationError(JsonataProblem problem) =>
        StateFailure.Evaluation(Prefixed(problem.Text), problem.Field);

    /// <param name="outcomeName">As which member of <c>$states</c> JSONata reads the result; null if it does not.
    /// </param>
    private StateExit Exit(DataFlow data, Evaluated result, string? outcomeName)
    {
        if (result.Value is not { } value)
        {
            return result.Failure ?? throw new UnreachableException("Neither a value nor a failure.");
        }

        var inspector = outcomeName == ErrorOutput ? null : turn.Inspector;
        inspector?.Result(visit.State, value);
        var (assigned, output) = data switch
        {
            JsonPathFlow flow => Exit(flow, value, inspector),
            JsonataFlow flow => Exit(flow, value, outcomeName),
            _ => throw new UnreachableException($"No exit by a {data.GetType().Name}."),
        };
        var failure = assigned.Failure ?? output.Failure ?? VariableLimits.Check(turn, scope, visit, assigned);
        return failure ?? new StateExit(output.Value, assigned.Value as JsonObject, null);
    }

    /// <summary>ResultSelector, then Assign over what came of it; ResultPath, OutputPath.</summary>
    private (Evaluated Assigned, Evaluated Output) Exit(JsonPathFlow flow, JsonValue result, Inspector? inspector)
    {
        var selected = Compose(flow.ResultSelector, result);
        var assigned = flow.Assign is null ? default : Compose(flow.Assign, selected);
        var merged = Merge(flow.ResultPath, selected);
        inspector?.AfterResult(visit.State, selected, merged);
        return (assigned, Select(flow.OutputPath, merged));
    }

    private (Evaluated Assigned, Evaluated Output) Exit(JsonataFlow flow, JsonValue result, string? outcomeName)
    {
        if (flow is { Assign: null, Output: null })
        {
            return (default, result);
        }

        var roots = RootsWith(outcomeName is null ? null : (outcomeName, result));
        return (
            flow.Assign is null ? default : Compute(flow.Assign, roots),
            flow.Output is null ? result : Compute(flow.Output, roots));
    }

    /// <summary>InputPath or OutputPath over a document.</summary>
    private Evaluated Select(PathField field, Evaluated document)
    {
        if (document.Value is not { } value || field.Path is { IsWhole: true })
        {
            return document;
        }

        // Documented: a null path means an empty object.
        return field.Path is { } path ? Find(path, value) : JsonObject.Empty;
    }

    private Evaluated Compose(PayloadTemplate? template, Evaluated document) =>
        template is null || document.Value is not { } input
            ? document
            : ToEvaluated(template.Evaluate(RootsOf(input)));

    /// <summary>Puts a result into the raw input, as ResultPath says.</summary>
    private Evaluated Merge(PathField resultPath, Evaluated result)
    {
        if (result.Value is not { } value || resultPath.Path is { IsWhole: true })
        {
            return result;
        }

        return resultPath.Path is { } path
            ? path.Write(visit.Input, value) ?? (Evaluated)NotWritable(path)
            : visit.Input; // Documented: a null ResultPath discards the result.
    }

    private Evaluated Compute(JsonataTemplate template, JsonataRoots roots)
    {
        if (template.Literal is { } literal)
        {
            return literal;
        }

        var result = template.Evaluate(roots);
        return result.Problem is { } problem ? EvaluationError(problem) : new Evaluated(result.Value, null);
    }

    private StateFailure OutOfBounds(JsonataTemplate template, string wanted, JsonValue value) =>
        EvaluationError((template.Single ?? throw new UnreachableException("A field is one expression."))
            .OutOfBounds(wanted, value));

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

    private PathRoots RootsOf(JsonValue document) => ReferenceEquals(_pathRoots?.Input, document)
        ? _pathRoots
        : _pathRoots = new PathRoots(document, Context, scope.Variables, turn.NextSeed(), turn.Quotas);

    private JsonataRoots RootsWith((string Name, JsonValue Value)? outcome) =>
        new(visit.Input, outcome, () => Context(null), scope.Variables, turn.Now, turn.NextSeed);

    private JsonValue Context(string? member)
    {
        if (_context is null)
        {
            _contextMember = turn.Inspector is null ? member : null;
            _context = turn.Inspector?.Context(taskToken, _item) ?? MakeContext(member);
        }
        else if (_contextMember is not null && _contextMember != member)
        {
            _contextMember = null; // Who reads two members may read more.
            _context = MakeContext(null);
        }

        return _context;
    }

    private JsonObject MakeContext(string? member) =>
        ContextObject.Of(turn.Execution, visit, taskToken, _item ?? InnermostItem(), member);

    private MapItem? InnermostItem()
    {
        if (IsJsonata)
        {
            return null; // Measured: JSONata reads an item in ItemSelector only.
        }

        for (var at = scope; at.Id != ScopeId.Root;)
        {
            var parent = turn.Execution.FindScope(at.Parent);
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

    private static UnreachableException NoSuchField(object field) => new($"No value of a {field.GetType().Name}.");
}

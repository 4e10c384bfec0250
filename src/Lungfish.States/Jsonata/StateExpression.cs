using System.Collections.Immutable;
using Lungfish.Json;
using Lungfish.Jsonata;

namespace Lungfish.States.Jsonata;

/// <summary>An expression in a field of a state.</summary>
internal sealed class StateExpression
{
    /// <summary>The variable that shows an expression the state's data.</summary>
    public const string StatesVariable = "states";

    private readonly JsonataExpression _compiled;

    /// <param name="field">As AWS names the place: <c>Output/a/b[0]</c>, <c>Choices[1]/Condition</c>.</param>
    public StateExpression(JsonataExpression compiled, string field)
    {
        _compiled = compiled;
        Field = field;
        var paths = compiled.Reads.Paths.Where(path => path[0] == StatesVariable).ToList();
        ReadsStates = compiled.Reads.Variables.Contains(StatesVariable);
        ReadsContext = paths.Exists(path => path.Length == 1 || path[1] == "context");
        ReadsTaskToken = paths.Exists(
            path => path.Length == 1 || (path[1] == "context" && (path.Length == 2 || path[2] == "Task")));
    }

    public string Field { get; }

    /// <summary>Without <c>{% %}</c> and what is blank around it: as causes quote it.</summary>
    public string Text => _compiled.Text;

    public JsonataReads Reads => _compiled.Reads;

    public bool ReadsTaskToken { get; }

    internal bool ReadsStates { get; }

    internal bool ReadsContext { get; }

    public JsonataResult Evaluate(JsonataRoots roots)
    {
        try
        {
            return _compiled.Evaluate(null, roots.EnvironmentFor(this)) is { } value
                ? new JsonataResult(value, null)
                : Problem("returned nothing (undefined).");
        }
        catch (JsonataException e)
        {
            return Problem(Described(e));
        }
    }

    /// <summary>The value is not of the kind that the field wants.</summary>
    public JsonataProblem WrongType(JsonKind expected, JsonValue value) => new(
        $"{Subject} returned an unexpected result type. " +
        $"Expected '{NameOf(expected)}', but was '{NameOf(value.Kind)}' for value: {value.ToText()}",
        Field);

    /// <summary>The value is of the right kind, but not one that the field can take. The words are ours.</summary>
    public JsonataProblem OutOfBounds(string wanted, JsonValue value) =>
        new($"{Subject} returned an unexpected value. Expected {wanted}, but was: {value.ToText()}", Field);

    private string Subject => $"The JSONata expression '{Text}' specified for the field '{Field}'";

    private JsonataResult Problem(string rest) => new(null, new JsonataProblem($"{Subject} {rest}", Field));

    private static string Described(JsonataException e) => e.Code switch
    {
        JsonataException.FunctionResult => "returned an unsupported result type.",

        // Measured: what runs into a limit is told after a colon, without a code.
        JsonataException.LimitPassed => $"threw an error during evaluation: {e.Message}",
        _ => $"threw an error during evaluation. {e.Code}: {e.Message}",
    };

    private static string NameOf(JsonKind kind) => kind switch
    {
        JsonKind.Null => "null",
        JsonKind.Boolean => "boolean",
        JsonKind.Number => "number",
        JsonKind.String => "string",
        JsonKind.Array => "array",
        _ => "object",
    };
}

/// <summary>What an evaluation gave: a value or a problem.</summary>
internal readonly record struct JsonataResult(JsonValue? Value, JsonataProblem? Problem);

/// <summary>Why an evaluation gave no value that the field can take.</summary>
/// <param name="Text">In AWS's words.</param>
/// <param name="Field">Where; null where AWS names no place.</param>
internal sealed record JsonataProblem(string Text, string? Field);

/// <summary>What the expressions of one field read.</summary>
/// <param name="input"><c>$states.input</c>.</param>
/// <param name="outcome">What the state's work came to: <c>result</c> or <c>errorOutput</c>; null before that.</param>
/// <param name="makeContext">Makes the context object; asked once, by the first expression that reads it.</param>
/// <param name="variables">Those of the state's scope.</param>
/// <param name="nextSeed">Dice, others for each expression.</param>
internal sealed class JsonataRoots(
    JsonValue input,
    (string Name, JsonValue Value)? outcome,
    Func<JsonValue> makeContext,
    ImmutableDictionary<string, JsonValue> variables,
    DateTimeOffset now,
    Func<ulong> nextSeed)
{
    private ImmutableDictionary<string, JsonValue>? _withStates;
    private ImmutableDictionary<string, JsonValue>? _withContext;

    public JsonataEnvironment EnvironmentFor(StateExpression expression) => new()
    {
        Variables = expression switch
        {
            { ReadsContext: true } => _withContext ??= With(States(makeContext())),
            { ReadsStates: true } => _withStates ??= With(States(null)),
            _ => variables,
        },
        Now = now,
        Seed = nextSeed(),
    };

    private ImmutableDictionary<string, JsonValue> With(JsonObject states) =>
        variables.SetItem(StateExpression.StatesVariable, states);

    private JsonObject States(JsonValue? context)
    {
        var states = new JsonObject.Builder();
        states.Set("input", input);
        if (outcome is var (name, value))
        {
            states.Set(name, value);
        }

        if (context is not null)
        {
            states.Set("context", context);
        }

        return states.Build();
    }
}

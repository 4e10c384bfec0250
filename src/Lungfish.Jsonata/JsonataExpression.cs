using System.Collections.Immutable;
using Lungfish.Json;
using Lungfish.Jsonata.Compiling;
using Lungfish.Jsonata.Evaluation;
using Lungfish.Jsonata.Parsing;
using Lungfish.Jsonata.Values;

namespace Lungfish.Jsonata;

/// <summary>A JSONata expression, compiled once and evaluated many times, by many threads if need be.</summary>
public sealed class JsonataExpression
{
    private readonly Program _program;

    private JsonataExpression(string text, JsonataDialect dialect)
    {
        (Text, Dialect) = (text, dialect);
        var syntax = Parser.Parse(text, dialect.Rules.HasDefaultOperators);
        Reads = ReadsFinder.Find(syntax, dialect.Rules.Functions.ContainsKey);
        _program = Compiler.Compile(syntax, dialect.Rules);
    }

    /// <summary>As it was written.</summary>
    public string Text { get; }

    public JsonataDialect Dialect { get; }

    /// <summary>What the expression reads from outside, for checks before it is ever evaluated.</summary>
    public JsonataReads Reads { get; }

    /// <param name="text">The expression, without what marks it in a document.</param>
    /// <param name="dialect">Null is <see cref="JsonataDialect.Standard"/>.</param>
    /// <exception cref="JsonataException">The text is no expression of this dialect.</exception>
    public static JsonataExpression Compile(string text, JsonataDialect? dialect = null) =>
        new(text, dialect ?? JsonataDialect.Standard);

    /// <param name="input">What <c>$</c> and <c>$$</c> read; null is undefined.</param>
    /// <param name="environment">What else it may read, and what it may cost.</param>
    /// <returns>Null is undefined: the expression found nothing.</returns>
    /// <exception cref="JsonataException">Evaluation failed, ran into a limit, or gave a function.</exception>
    public JsonValue? Evaluate(JsonValue? input, JsonataEnvironment environment)
    {
        var rules = Dialect.Rules;
        var limits = ReferenceEquals(environment.Limits, JsonataLimits.Default) ? Dialect.Limits : environment.Limits;
        var root = Value.Of(input);
        var run = new Run(root, environment, limits, rules) { Globals = ResolveGlobals(environment, rules) };
        var frame = _program.Slots == 0 ? Frame.None : Frame.Unbound(Frame.None, _program.Slots);

        // An array is one input, not many.
        var context = root.IsArray ? Value.Of(Sequence.Wrap(root)) : root;
        var result = _program.Root.Evaluate(context, frame, run);
        return result.IsUndefined ? null : JsonForm.Of(result, run);
    }

    private Value[] ResolveGlobals(JsonataEnvironment environment, Dialect rules)
    {
        var names = _program.Globals;
        var values = names.Length == 0 ? [] : new Value[names.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Resolve(names[i], environment, rules);
        }

        return values;
    }

    internal static Value Resolve(string name, JsonataEnvironment environment, Dialect rules) =>
        environment.Variables.Count > 0 && environment.Variables.TryGetValue(name, out var variable)
            ? Value.Of(variable)
            : rules.Functions.TryGetValue(name, out var function) ? Value.Of(function) : default;
}

/// <summary>Which language it is: that of the reference implementation, or that of Step Functions.</summary>
public sealed record JsonataDialect
{
    /// <summary>The whole language of version 2.2, with its function library.</summary>
    public static readonly JsonataDialect Standard = new(Jsonata.Dialect.Standard, JsonataLimits.Default)
    {
        Name = "JSONata 2.2",
    };

    /// <summary>The syntax of 2.0.6 without <c>$eval</c>; with <c>$partition</c>, <c>$range</c>, <c>$hash</c>,
    /// <c>$random</c>, <c>$uuid</c> and <c>$parse</c>; results and messages as AWS was measured to give them.</summary>
    public static readonly JsonataDialect StepFunctions =
        new(Jsonata.Dialect.StepFunctions, JsonataLimits.StepFunctions) { Name = "Step Functions" };

    private JsonataDialect(Dialect rules, JsonataLimits limits) => (Rules, Limits) = (rules, limits);

    public required string Name { get; init; }

    /// <summary>What holds where an environment leaves <see cref="JsonataLimits.Default"/>.</summary>
    public JsonataLimits Limits { get; }

    internal Dialect Rules { get; }
}

/// <summary>What one evaluation may read besides its input, and how much it may cost.</summary>
public sealed record JsonataEnvironment
{
    public static readonly JsonataEnvironment Empty = new();

    /// <summary>Values of <c>$name</c>, by name without the dollar sign. They hide functions of that name.</summary>
    public ImmutableDictionary<string, JsonValue> Variables { get; init; } =
        ImmutableDictionary<string, JsonValue>.Empty;

    /// <summary>What <c>$now()</c> and <c>$millis()</c> say, throughout one evaluation.</summary>
    public DateTimeOffset Now { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>Where <c>$random()</c>, <c>$shuffle()</c> and <c>$uuid()</c> come from: same seed, same dice.</summary>
    public ulong Seed { get; init; }

    /// <summary>The default stands for the limits of the dialect.</summary>
    public JsonataLimits Limits { get; init; } = JsonataLimits.Default;
}

/// <summary>What stops a runaway expression. A limit that is passed is a <see cref="JsonataException"/> with the code
/// <see cref="JsonataException.LimitPassed"/>.</summary>
public sealed record JsonataLimits
{
    public static readonly JsonataLimits Default = new();

    /// <summary>Measured on Step Functions: nesting of 100, <c>[1..873782]</c> but no item more. The steps stand in for
    /// its bound on time: they do not depend on the machine, and are few, because others wait meanwhile.</summary>
    public static readonly JsonataLimits StepFunctions = new()
    {
        StepsMax = 5_000_000,
        DepthMax = 100,
        MemoryBytesMax = 10 << 20,
    };

    /// <summary>How many steps an evaluation may take; a step is one node of the expression, or one item that a
    /// function looks at.</summary>
    public long StepsMax { get; init; } = 20_000_000;

    /// <summary>How deep calls and nodes may nest; tail calls do not count.</summary>
    public int DepthMax { get; init; } = 500;

    /// <summary>How many bytes the values that are alive in an evaluation may take, roughly.</summary>
    public long MemoryBytesMax { get; init; } = 256L << 20;

    /// <summary>For interactive use: how long it may take by this clock. Deciders give none, so that a decision
    /// depends on nothing but its input.</summary>
    public TimeSpan? TimeMax { get; init; }

    public TimeProvider? Clock { get; init; }
}

/// <summary>What an expression reads from outside, found by looking at it.</summary>
public sealed record JsonataReads
{
    /// <summary>Names without <c>$</c> of variables that it reads and does not bind itself, functions of the library
    /// not included; in ordinal order.</summary>
    public required ImmutableArray<string> Variables { get; init; }

    /// <summary>Names, <c>$</c> or <c>$$</c> that are read from the input outside of any step, predicate or lambda,
    /// as they are written, in the order of the text.</summary>
    public required ImmutableArray<string> TopLevelReferences { get; init; }

    /// <summary>Paths that begin with a free variable: <c>$states.input.x</c> is <c>["states", "input", "x"]</c>, as
    /// far as its steps are plain names; in the order of the text.</summary>
    public required ImmutableArray<ImmutableArray<string>> Paths { get; init; }
}

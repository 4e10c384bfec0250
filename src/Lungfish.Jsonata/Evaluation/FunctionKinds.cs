using Lungfish.Jsonata.Functions;
using Lungfish.Jsonata.Library;
using Lungfish.Jsonata.Parsing;
using Lungfish.Jsonata.Values;

namespace Lungfish.Jsonata.Evaluation;

/// <summary><c>function($a) { ... }</c>.</summary>
/// <param name="parameters">The places of the parameters in the frame of a call.</param>
/// <param name="slots">How many variables a call has.</param>
/// <param name="body">What a call evaluates.</param>
/// <param name="signature">What its arguments must be, if that was said.</param>
internal sealed class LambdaNode(int[] parameters, int slots, Node body, Signature? signature) : Node
{
    public int[] Parameters => parameters;

    public int Slots => slots;

    public Node Body => body;

    public Signature? Signature => signature;

    public override Value Evaluate(Value input, Frame frame, Run run) =>
        Value.Of(new Lambda(this, input, frame));
}

/// <summary>A function of the expression, with the variables and the input where it was made.</summary>
internal sealed class Lambda(LambdaNode node, Value input, Frame frame) : Function
{
    public override int Arity => node.Parameters.Length;

    public override Signature? Signature => node.Signature;

    public override Value Invoke(Run run, Value[] arguments, Value context)
    {
        Nesting.Check();
        if (node.Slots == 0)
        {
            return node.Body.Evaluate(input, frame, run);
        }

        var slots = new Value[node.Slots];
        if (slots.Length > node.Parameters.Length)
        {
            Array.Fill(slots, Value.Unset);
        }

        var parameters = node.Parameters;
        for (var i = 0; i < parameters.Length; i++)
        {
            slots[parameters[i]] = i < arguments.Length ? arguments[i] : default;
        }

        return node.Body.Evaluate(input, new Frame(frame, slots), run);
    }
}

internal delegate Value NativeBody(Run run, Value[] arguments, Value context);

/// <summary>A function of the library.</summary>
internal sealed class NativeFunction(string name, Signature? signature, int arity, NativeBody body) : Function
{
    public override string Name => name;

    public override Signature? Signature => signature;

    public override int Arity => arity;

    /// <summary>It reads the variables where it is called.</summary>
    public bool LooksAround { get; init; }

    public override Value Invoke(Run run, Value[] arguments, Value context)
    {
        foreach (var argument in arguments)
        {
            if (argument.TryGetText(out var text))
            {
                run.SpendOnText(text.Length); // Whatever the function does with it, it looks at all of it.
            }
        }

        try
        {
            return body(run, arguments, context);
        }
        catch (JsonataFault fault)
        {
            throw Errors.Of(fault);
        }
    }
}

/// <summary>First one function, then another with its result.</summary>
internal sealed class ChainedFunction(Function first, Function second) : Function
{
    public override int Arity => 1;

    public override Value Invoke(Run run, Value[] arguments, Value context)
    {
        Nesting.Check();
        return Applying.Apply(second, [Applying.Apply(first, arguments, run)], run);
    }
}

/// <summary>A function of which some arguments are given already.</summary>
/// <param name="function">What is called in the end.</param>
/// <param name="given">Those arguments; unset where one is still to come.</param>
internal sealed class PartialFunction(Function function, Value[] given) : Function
{
    public override int Arity => given.Count(static value => value.IsUnset);

    public override Value Invoke(Run run, Value[] arguments, Value context)
    {
        Nesting.Check();
        var all = new Value[given.Length];
        var next = 0;
        for (var i = 0; i < all.Length; i++)
        {
            all[i] = given[i];
            if (given[i].IsUnset)
            {
                all[i] = next < arguments.Length ? arguments[next] : default;
                next++;
            }
        }

        return Applying.Apply(function, all, run);
    }
}

/// <summary>A regular expression: a function of a text that gives the first match, from where the next can be had.
/// </summary>
internal sealed class RegexFunction(JsonataRegex regex) : Function
{
    public JsonataRegex Regex => regex;

    public override int Arity => 2;

    public override Value Invoke(Run run, Value[] arguments, Value context)
    {
        if (arguments.Length == 0 || !arguments[0].TryGetText(out var text))
        {
            return default;
        }

        var from = arguments.Length > 1 && arguments[1].TryGetNumber(out var number) ? number : 0;
        run.SpendOnEach(text.Length);
        var start = (int)Math.Clamp(from, 0, text.Length);
        return Describe(text, regex, Guard(() => regex.Match(text, start, run.Backtracking)));
    }

    /// <summary>A match as functions of the expression see it.</summary>
    /// <param name="text">Where it was found.</param>
    /// <param name="regex">What finds the next one; null if that is unknown.</param>
    /// <param name="match">Null gives undefined.</param>
    public static Value Describe(string text, JsonataRegex? regex, RegexMatch? match)
    {
        if (match is null)
        {
            return default;
        }

        var result = new OpenObject();
        result.Set("match", Value.Of(match.Text));
        result.Set("start", Value.Of(match.Start));
        result.Set("end", Value.Of(match.End));
        result.Set("groups", GroupsOf(match));
        if (regex is not null)
        {
            result.Set("next", Value.Of(new NativeFunction(
                "next",
                null,
                0,
                (run, _, _) =>
                {
                    run.SpendOnEach(Matching.CharactersFor(text, match));
                    return Describe(text, regex, Guard(() => regex.Next(text, match, run.Backtracking)));
                })));
        }

        return Value.Of(result);
    }

    public static Value GroupsOf(RegexMatch match) => Value.Of(Sequence.ArrayOf(
        [.. match.Groups.Select(static group => group is null ? Value.Null : Value.Of(group))]));

    private static RegexMatch? Guard(Func<RegexMatch?> match)
    {
        try
        {
            return match();
        }
        catch (JsonataFault fault)
        {
            throw Errors.Of(fault);
        }
    }
}

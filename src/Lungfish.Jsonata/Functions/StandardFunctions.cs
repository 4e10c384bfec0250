using Lungfish.Jsonata.Compiling;
using Lungfish.Jsonata.Evaluation;
using Lungfish.Jsonata.Parsing;
using Lungfish.Jsonata.Values;

namespace Lungfish.Jsonata.Functions;

/// <summary>What only the standard dialect has, or has in this way.</summary>
internal static class StandardFunctions
{
    public static IEnumerable<NativeFunction> All =>
    [
        Define.Function("random", "<:n>", 0, static (run, _, _) => Value.Of(run.Dice.NextDouble())),
        new NativeFunction("eval", Signature.Parse("<sx?:x>"), 2, Evaluate) { LooksAround = true },
    ];

    private static Value Evaluate(Run run, Value[] arguments, Value context)
    {
        if (arguments.TextAt(0) is not { } text)
        {
            return default;
        }

        var (scope, frame) = run.Site is { } site ? (site.Scope, site.Frame) : (new Scope(null, []), Frame.None);
        run.Spend(text.Length);
        Compiling.Program program;
        try
        {
            program = Compiler.Compile(
                Parser.Parse(text, run.Dialect.HasDefaultOperators),
                run.Dialect,
                scope,
                name => JsonataExpression.Resolve(name, run.Environment, run.Dialect));
        }
        catch (JsonataException error) when (error.Code != Errors.Limit)
        {
            throw Errors.Of("D3120", Value.Of(error.Message));
        }

        var input = arguments.At(1).IsUndefined ? context : arguments[1];
        if (input.IsArray && input.Object is not Sequence { IsSequence: true })
        {
            input = Value.Of(Sequence.Wrap(input));
        }

        Nesting.Check();
        var depth = run.Depth;
        try
        {
            return program.Root.Evaluate(
                input, program.Slots == 0 ? frame : Frame.Unbound(frame, program.Slots), run);
        }
        catch (JsonataException error) when (error.Code != Errors.Limit)
        {
            run.Depth = depth;
            throw Errors.Of("D3121", Value.Of(error.Message));
        }
    }
}

using Lungfish.Jsonata.Compiling;
using Lungfish.Jsonata.Values;

namespace Lungfish.Jsonata.Evaluation;

/// <summary><c>f(a, b)</c>.</summary>
/// <param name="procedure">What is called.</param>
/// <param name="name">The name that is called, for errors.</param>
/// <param name="forgotten">The variable of that name, if the dollar sign was left out.</param>
/// <param name="arguments">Evaluated in order.</param>
/// <param name="scope">The variables here, for functions that look at them.</param>
internal sealed class CallNode(Node procedure, string? name, Node? forgotten, Node[] arguments, Scope scope) : Node
{
    /// <summary>The procedure's; errors of calls in tail position are located there.</summary>
    public int ProcedurePosition { get; init; }

    public string? VariableName { get; init; }

    public override Value Evaluate(Value input, Frame frame, Run run) => Collapse(EvaluateWhole(input, frame, run));

    public override Value EvaluateWhole(Value input, Frame frame, Run run) =>
        Call(Arguments(arguments.Length), 0, input, frame, run);

    /// <summary>The call with one more argument before the others.</summary>
    public Value EvaluateWith(Value first, Value input, Frame frame, Run run)
    {
        var values = Arguments(arguments.Length + 1);
        values[0] = first;
        return Call(values, 1, input, frame, run);
    }

    /// <summary>What a call in tail position calls, and with what.</summary>
    public Function Prepare(Value input, Frame frame, Run run, out Value[] values)
    {
        var target = procedure.Evaluate(input, frame, run);
        values = Arguments(arguments.Length);
        for (var i = 0; i < arguments.Length; i++)
        {
            values[i] = arguments[i].Evaluate(input, frame, run);
        }

        NoteSite(target.Object, frame, run);
        return target.Object as Function ?? throw Errors.At("T1006", ProcedurePosition, VariableName);
    }

    private void NoteSite(object? target, Frame frame, Run run)
    {
        if (target is NativeFunction { LooksAround: true })
        {
            run.Site = new CallSite(scope, frame);
        }
    }

    private static Value[] Arguments(int count) => count == 0 ? [] : new Value[count];

    private Value Call(Value[] values, int given, Value input, Frame frame, Run run)
    {
        run.Enter();
        var target = procedure.Evaluate(input, frame, run);
        if (target.IsUndefined && forgotten is not null && Truth.OfAnything(forgotten.Evaluate(input, frame, run), run))
        {
            throw Errors.At("T1005", Position, name);
        }

        for (var i = 0; i < arguments.Length; i++)
        {
            values[given + i] = arguments[i].Evaluate(input, frame, run);
        }

        if (target.Object is not Function function)
        {
            throw Errors.At("T1006", Position, name);
        }

        NoteSite(function, frame, run);
        try
        {
            var result = Applying.Apply(function, values, input, run, this, name);
            run.Leave();
            return result;
        }
        catch (JsonataException error) when (error.Locate(Position, name, overridesPosition: false))
        {
            throw;
        }
    }
}

/// <summary>A call in tail position: noted for whoever called the function that ends with it.</summary>
internal sealed class TailCallNode(CallNode call) : Node
{
    public override Value Evaluate(Value input, Frame frame, Run run)
    {
        run.Pending = new PendingCall(call, input, frame);
        return Value.TailCall;
    }
}

/// <summary>Calls functions, and the calls that they end with.</summary>
internal static class Applying
{
    /// <summary>Calls a function that was given as a value.</summary>
    public static Value Apply(Function function, Value[] arguments, Run run) =>
        Finish(function.Invoke(run, Shape(function, arguments, Value.Null), Value.Null), Value.Null, run, run.Bytes);

    public static Value Apply(
        Function function, Value[] arguments, Value context, Run run, CallNode site, string? name)
    {
        var mark = run.Bytes;
        Value result;
        try
        {
            result = function.Invoke(run, Shape(function, arguments, context), context);
        }
        catch (JsonataException error) when (error.Locate(site.Position, name, overridesPosition: true))
        {
            throw;
        }

        return Finish(result, context, run, mark);
    }

    private static Value[] Shape(Function function, Value[] arguments, Value context) =>
        function.Signature is { } signature ? signature.Validate(arguments, context) : arguments;

    private static Value Finish(Value result, Value context, Run run, long mark)
    {
        while (result.IsTailCall)
        {
            run.Spend(1);
            var pending = run.Pending;
            var next = pending.Call.Prepare(pending.Input, pending.Frame, run, out var arguments);
            try
            {
                result = next.Invoke(run, Shape(next, arguments, context), context);
            }
            catch (JsonataException error) when (error.Locate(
                pending.Call.ProcedurePosition, pending.Call.VariableName, overridesPosition: true))
            {
                throw;
            }
        }

        run.Keep(mark, result);
        return result;
    }
}

/// <summary><c>value ~> function</c>, and <c>function ~> function</c>.</summary>
/// <param name="left">The first argument.</param>
/// <param name="call">The right side if it is a call, which then has one more argument.</param>
/// <param name="right">The right side otherwise.</param>
internal sealed class ApplyNode(Node left, CallNode? call, Node? right) : Node
{
    public override Value Evaluate(Value input, Frame frame, Run run) => Collapse(EvaluateWhole(input, frame, run));

    public override Value EvaluateWhole(Value input, Frame frame, Run run)
    {
        run.Enter();
        var value = left.Evaluate(input, frame, run);
        var result = call is not null
            ? call.EvaluateWith(value, input, frame, run)
            : right is not null ? Apply(value, right.Evaluate(input, frame, run), run) : default;
        run.Leave();
        return result;
    }

    private Value Apply(Value value, Value target, Run run)
    {
        if (target.Object is not Function function)
        {
            throw Errors.At("T2006", Position, null, target);
        }

        if (value.Object is Function first)
        {
            return Value.Of(new ChainedFunction(first, function));
        }

        try
        {
            return Applying.Apply(function, [value], run);
        }
        catch (JsonataException error) when (error.Locate(Position, function.Name, overridesPosition: false))
        {
            throw;
        }
    }
}

/// <summary><c>f(a, ?)</c>.</summary>
/// <param name="procedure">What will be called.</param>
/// <param name="name">Its name, for errors.</param>
/// <param name="forgotten">The variable of that name, if the dollar sign was left out.</param>
/// <param name="arguments">Null for a question mark.</param>
internal sealed class PartialNode(Node procedure, string? name, Node? forgotten, Node?[] arguments) : Node
{
    public override Value Evaluate(Value input, Frame frame, Run run)
    {
        run.Enter();
        var values = new Value[arguments.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = arguments[i] is { } argument ? argument.Evaluate(input, frame, run) : Value.Unset;
        }

        var target = procedure.Evaluate(input, frame, run);
        if (target.IsUndefined && forgotten is not null && Truth.OfAnything(forgotten.Evaluate(input, frame, run), run))
        {
            throw Errors.At("T1007", Position, name);
        }

        if (target.Object is not Function function)
        {
            throw Errors.At("T1008", Position, name);
        }

        run.Leave();
        return Value.Of(new PartialFunction(function, values));
    }
}

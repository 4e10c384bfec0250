using Lungfish.Jsonata.Values;

namespace Lungfish.Jsonata.Evaluation;

internal sealed class ConstantNode(Value value) : Node
{
    public Value Value => value;

    public override Value Evaluate(Value input, Frame frame, Run run) => value;
}

/// <summary><c>$</c>.</summary>
internal sealed class ContextNode : Node
{
    public override Value Evaluate(Value input, Frame frame, Run run) => Collapse(EvaluateWhole(input, frame, run));

    public override Value EvaluateWhole(Value input, Frame frame, Run run) =>
        input.Object is Sequence { IsOuterWrapper: true } wrapper ? wrapper[0] : input;
}

/// <summary><c>$$</c>.</summary>
internal sealed class RootNode : Node
{
    public override Value Evaluate(Value input, Frame frame, Run run) => run.Root;
}

/// <summary>A variable that the expression binds.</summary>
/// <param name="up">So many frames out.</param>
/// <param name="slot">Its place there.</param>
/// <param name="outer">What the name means until it is bound there.</param>
internal sealed class LocalNode(int up, int slot, Node outer) : Node
{
    public override Value Evaluate(Value input, Frame frame, Run run) => Collapse(EvaluateWhole(input, frame, run));

    public override Value EvaluateWhole(Value input, Frame frame, Run run)
    {
        var value = frame.Up(up).Slots[slot];
        return value.IsUnset ? outer.EvaluateWhole(input, frame, run) : value;
    }
}

/// <summary>A variable given from outside, or a function of the library.</summary>
internal sealed class GlobalNode(int place) : Node
{
    public override Value Evaluate(Value input, Frame frame, Run run) => run.Globals[place];
}

/// <summary><c>$name := value</c>.</summary>
internal sealed class BindNode(int up, int slot, Node value) : Node
{
    public override Value Evaluate(Value input, Frame frame, Run run)
    {
        run.Enter();
        var result = value.Evaluate(input, frame, run);
        frame.Up(up).Slots[slot] = result;
        run.Leave();
        return Collapse(result);
    }
}

/// <summary><c>(a; b; c)</c>.</summary>
/// <param name="parts">Its expressions.</param>
/// <param name="slots">How many variables it binds; none needs no frame.</param>
internal sealed class BlockNode(Node[] parts, int slots) : Node
{
    public override Value Evaluate(Value input, Frame frame, Run run)
    {
        run.Enter();
        var inner = slots == 0 ? frame : Frame.Unbound(frame, slots);
        Value result = default;
        foreach (var part in parts)
        {
            result = part.Evaluate(input, inner, run);
        }

        run.Leave();
        return Collapse(result);
    }
}

/// <summary><c>condition ? then : otherwise</c>.</summary>
internal sealed class ConditionNode(Node condition, Node then, Node? otherwise) : Node
{
    public override Value Evaluate(Value input, Frame frame, Run run)
    {
        run.Enter();
        var chosen = Truth.Of(condition.Evaluate(input, frame, run), run) ? then : otherwise;
        var result = chosen is null ? default : chosen.Evaluate(input, frame, run);
        run.Leave();
        return Collapse(result);
    }
}

/// <summary><c>value ?? otherwise</c> and <c>value ?: otherwise</c>.</summary>
/// <param name="value">Evaluated once.</param>
/// <param name="otherwise">Instead of a value that is not there, or not true.</param>
/// <param name="wantsTruth">True for <c>?:</c>.</param>
internal sealed class DefaultNode(Node value, Node otherwise, bool wantsTruth) : Node
{
    public override Value Evaluate(Value input, Frame frame, Run run)
    {
        run.Enter();
        var result = value.Evaluate(input, frame, run);
        if (wantsTruth ? !Truth.Of(result, run) : result.IsUndefined)
        {
            result = otherwise.Evaluate(input, frame, run);
        }

        run.Leave();
        return Collapse(result);
    }
}

/// <summary>A node with <c>[...]</c> behind it that is no step: filters see its whole result.</summary>
internal sealed class FilteredNode(Node inner, Filter[] filters) : Node
{
    public override Value Evaluate(Value input, Frame frame, Run run) => Collapse(EvaluateWhole(input, frame, run));

    public override Value EvaluateWhole(Value input, Frame frame, Run run)
    {
        run.Enter();
        var result = Filter.ApplyAll(filters, inner.EvaluateWhole(input, frame, run), frame, run);

        run.Leave();
        return KeepsArray ? PathNode.Keep(result) : result;
    }
}

/// <summary>A node with <c>{...}</c> behind it that is no path.</summary>
internal sealed class GroupedNode(Node inner, ObjectConstructor grouping) : Node
{
    public override Value Evaluate(Value input, Frame frame, Run run)
    {
        run.Enter();
        var result = grouping.Apply(inner.EvaluateWhole(input, frame, run), frame, run);
        run.Leave();
        return result;
    }
}

/// <summary><c>{key: value}</c>.</summary>
internal sealed class ObjectNode(ObjectConstructor grouping) : Node
{
    public override Value Evaluate(Value input, Frame frame, Run run)
    {
        run.Enter();
        var result = grouping.Apply(input, frame, run);
        run.Leave();
        return result;
    }
}

using Lungfish.Jsonata.Parsing;
using Lungfish.Jsonata.Values;

namespace Lungfish.Jsonata.Evaluation;

/// <summary><c>*</c>: the values of all members; arrays among them are taken apart at any depth.</summary>
internal sealed class WildcardNode : Node
{
    public override Value Evaluate(Value input, Frame frame, Run run) => Collapse(EvaluateWhole(input, frame, run));

    public override Value EvaluateWhole(Value input, Frame frame, Run run)
    {
        run.Touch();
        var result = new Sequence(run);
        var hasArray = false;
        var value = input.Object is Sequence { IsOuterWrapper: true } wrapper ? wrapper[0] : input;
        if (value.IsArray)
        {
            var items = value.Items;
            for (var i = 0; i < items.Count; i++)
            {
                hasArray |= items[i].IsArray;
                Flatten(items[i], result, run);
            }
        }
        else
        {
            foreach (var (_, member) in new Members(value))
            {
                hasArray |= member.IsArray;
                Flatten(member, result, run);
            }
        }

        // An array among the members makes the result an array, even of one item.
        return Value.Of(hasArray ? Sequence.Over(result.Items, isSequence: false) : result);
    }

    private static void Flatten(Value value, Sequence result, Run run)
    {
        run.Spend(1);
        if (!value.IsArray)
        {
            result.Add(value);
            return;
        }

        Nesting.Check();
        var items = value.Items;
        for (var i = 0; i < items.Count; i++)
        {
            Flatten(items[i], result, run);
        }
    }
}

/// <summary><c>**</c>: the input and everything in it, but no arrays.</summary>
internal sealed class DescendantsNode : Node
{
    public override Value Evaluate(Value input, Frame frame, Run run) => Collapse(EvaluateWhole(input, frame, run));

    public override Value EvaluateWhole(Value input, Frame frame, Run run)
    {
        run.Touch();
        if (input.IsUndefined)
        {
            return default;
        }

        var result = new Sequence(run);
        Descend(input, result, run);
        return result.Count == 1 ? result[0] : Value.Of(result);
    }

    private static void Descend(Value value, Sequence result, Run run)
    {
        Nesting.Check();
        run.Spend(1);
        if (value.IsArray)
        {
            var items = value.Items;
            for (var i = 0; i < items.Count; i++)
            {
                Descend(items[i], result, run);
            }

            return;
        }

        result.Add(value);
        foreach (var (_, member) in new Members(value))
        {
            Descend(member, result, run);
        }
    }
}

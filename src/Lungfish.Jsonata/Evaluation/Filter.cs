using Lungfish.Json;
using Lungfish.Jsonata.Values;

namespace Lungfish.Jsonata.Evaluation;

/// <summary><c>[...]</c>: one item by its position, or those for which an expression is true.</summary>
internal abstract class Filter
{
    /// <param name="input">An array, or anything else as the only item.</param>
    /// <param name="frame">The variables here.</param>
    /// <param name="run">The evaluation.</param>
    /// <returns>What is left, sequences as they are; undefined for nothing.</returns>
    public abstract Value Apply(Value input, Frame frame, Run run);

    /// <summary>One filter after the other; what is left of nothing is not looked at again.</summary>
    public static Value ApplyAll(Filter[] filters, Value input, Frame frame, Run run)
    {
        foreach (var filter in filters)
        {
            input = filter.Apply(input, frame, run);
            if (input.IsUndefined)
            {
                break;
            }
        }

        return input;
    }
}

internal sealed class PositionFilter(double position) : Filter
{
    private readonly double _position = Math.Floor(position);

    public override Value Apply(Value input, Frame frame, Run run)
    {
        var items = input.Items;
        var index = _position < 0 ? items.Count + _position : _position;
        if (!(index >= 0 && index < items.Count))
        {
            return default;
        }

        var item = items[(int)index];
        return input.Object is Sequence { IsTupleStream: true }
            ? Value.Of(new Sequence(run) { IsTupleStream = true }.With(item))
            : item;
    }
}

internal sealed class ConditionFilter(Node condition) : Filter
{
    public override Value Apply(Value input, Frame frame, Run run)
    {
        if (input.IsUndefined)
        {
            // Nothing is left of nothing; but what is wrong with the condition comes out.
            Accepts(condition.Evaluate(input, frame, run), 0, 1, run);
            return default;
        }

        return input.Object is Sequence { IsTupleStream: true } tuples
            ? ApplyToTuples(tuples, frame, run)
            : input.IsArray
                ? ApplyToItems(input.Items, frame, run)
                : Accepts(condition.Evaluate(input, frame, run), 0, 1, run) > 0 ? input : default;
    }

    private Value ApplyToItems(ItemList items, Frame frame, Run run)
    {
        Value first = default;
        Sequence? kept = null;
        var reclaim = new Reclaim(run);
        var place = 0;
        foreach (var item in items)
        {
            run.Spend(1);
            var times = Accepts(condition.Evaluate(item, frame, run), place++, items.Count, run);
            for (; times > 0; times--)
            {
                if (first.IsUndefined)
                {
                    first = item;
                }
                else
                {
                    (kept ??= new Sequence(run).With(first)).Add(item);
                }
            }

            reclaim.AfterTurn(run, Value.Of(kept));
        }

        return kept is not null ? Value.Of(kept) : first.IsArray ? Value.Of(Sequence.Of(first)) : first;
    }

    private Value ApplyToTuples(Sequence tuples, Frame frame, Run run)
    {
        var kept = new Sequence(run) { IsTupleStream = true };
        for (var i = 0; i < tuples.Count; i++)
        {
            run.Spend(1);
            if (tuples[i].Object is PathTuple tuple)
            {
                var value = condition.Evaluate(tuple.Item, new Frame(frame, tuple.Bindings), run);
                for (var times = Accepts(value, i, tuples.Count, run); times > 0; times--)
                {
                    kept.Add(tuples[i]);
                }
            }
        }

        return Value.Of(kept);
    }

    /// <summary>How often the item is taken: a number, or each of an array of numbers, takes one position.</summary>
    private static int Accepts(Value value, int index, int count, Run run)
    {
        if (value.Object is null or JsonBoolean or JsonString)
        {
            return Truth.Of(value, run) ? 1 : 0;
        }

        if (value.IsNumeric(out var position))
        {
            return IsAt(position, index, count) ? 1 : 0;
        }

        if (!value.IsArray)
        {
            return Truth.Of(value, run) ? 1 : 0;
        }

        var items = value.Items;
        run.Spend(items.Count);
        var times = 0;
        for (var i = 0; i < items.Count; i++)
        {
            if (!items[i].IsNumeric(out position))
            {
                return Truth.Of(value, run) ? 1 : 0;
            }

            times += IsAt(position, index, count) ? 1 : 0;
        }

        return times;
    }

    private static bool IsAt(double position, int index, int count)
    {
        var floor = Math.Floor(position);
        return (floor < 0 ? floor + count : floor) == index;
    }
}

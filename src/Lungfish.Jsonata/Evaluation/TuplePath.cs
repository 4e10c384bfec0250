using Lungfish.Jsonata.Values;

namespace Lungfish.Jsonata.Evaluation;

/// <summary>A step of a path whose items travel with variables.</summary>
/// <param name="Node">What it evaluates; for a sort nothing.</param>
/// <param name="Sort">For <c>^(...)</c>.</param>
/// <param name="IsTuple">From this step on variables travel.</param>
/// <param name="Focus">The place of the variable that takes the item, while the item itself stays; or -1.</param>
/// <param name="Index">The place of the variable that takes the position; or -1.</param>
/// <param name="Ancestor">The place where the step's input is remembered; or -1.</param>
/// <param name="Stages">Filters, and places of variables that take the position then.</param>
internal sealed record TupleStep(
    Node Node, Sorter? Sort, bool IsTuple, int Focus, int Index, int Ancestor, (Filter? Filter, int Index)[] Stages);

/// <summary>A path with <c>@</c>, <c>#</c> or <c>%</c>.</summary>
/// <param name="steps">At least one.</param>
/// <param name="places">How many variables tuples of this expression have.</param>
/// <param name="takesInputWhole">The first step is a variable.</param>
/// <param name="constructsFirst">The first step is an array constructor.</param>
/// <param name="keepsTuples">Whoever evaluates it goes on with the variables.</param>
/// <param name="grouping">What stands in braces behind the path.</param>
internal sealed class TuplePathNode(
    TupleStep[] steps,
    int places,
    bool takesInputWhole,
    bool constructsFirst,
    bool keepsTuples,
    ObjectConstructor? grouping) : Node
{
    public bool KeepsSingleton { get; init; }

    public override Value Evaluate(Value input, Frame frame, Run run) => Collapse(EvaluateWhole(input, frame, run));

    public override Value EvaluateWhole(Value input, Frame frame, Run run)
    {
        run.Enter();
        var items = takesInputWhole && input.IsArray ? Value.Of(Sequence.Of(input)) : input;
        Sequence? tuples = null;
        for (var i = 0; i < steps.Length; i++)
        {
            var step = steps[i];
            if (tuples is not null || step.IsTuple)
            {
                tuples = TakeTuples(step, tuples, items, frame, run);
                continue;
            }

            items = i == 0 && constructsFirst
                ? step.Node.Evaluate(items.IsArray ? items : Value.Of(Sequence.Of(items)), frame, run)
                : TakeItems(step, items, frame, run);
            if (items.IsUndefined || items is { IsArray: true, Items.Count: 0 })
            {
                break;
            }
        }

        var result = tuples is null ? default : Value.Of(keepsTuples ? tuples : ItemsOf(tuples, run));
        if (KeepsSingleton && !keepsTuples)
        {
            result = PathNode.Keep(result);
        }

        if (grouping is not null)
        {
            // A path that ends before its first variable groups nothing, with nothing bound.
            result = tuples is null
                ? grouping.Apply(default, new Frame(frame, Unbound(run)), run)
                : grouping.Apply(Value.Of(tuples), frame, run);
        }

        run.Leave();
        return result;
    }

    private static Sequence ItemsOf(Sequence tuples, Run run)
    {
        var items = new Sequence(run);
        for (var i = 0; i < tuples.Count; i++)
        {
            if (tuples[i].Object is PathTuple tuple)
            {
                items.Add(tuple.Item);
            }
        }

        return items;
    }

    private static Value TakeItems(TupleStep step, Value input, Frame frame, Run run)
    {
        if (step.Sort is not null)
        {
            return Filtered(step.Sort.Apply(input, frame, run), step, frame, run);
        }

        var collector = new Collector(run);
        var items = input.IsUndefined ? new ItemList([input], 1) : input.Items;
        for (var i = 0; i < items.Count; i++)
        {
            run.Spend(1);
            var value = Filtered(step.Node.Evaluate(items[i], frame, run), step, frame, run);
            if (!value.IsUndefined)
            {
                collector.Add(value);
            }
        }

        return collector.Next;
    }

    private static Value Filtered(Value value, TupleStep step, Frame frame, Run run)
    {
        foreach (var (filter, _) in step.Stages)
        {
            value = filter is null ? value : filter.Apply(value, frame, run);
        }

        return value;
    }

    private Sequence TakeTuples(TupleStep step, Sequence? tuples, Value items, Frame frame, Run run)
    {
        var result = step.Sort is not null
            ? SortTuples(step, step.Sort, tuples, items, frame, run)
            : Expand(step, tuples ?? TuplesOf(items, -1, run), frame, run);
        foreach (var (filter, index) in step.Stages)
        {
            if (filter is not null)
            {
                result = filter.Apply(Value.Of(result), frame, run).Object as Sequence ?? Empty(run);
            }
            else
            {
                result = Number(result, index, run);
            }
        }

        return result;
    }

    private Sequence SortTuples(
        TupleStep step, Sorter sort, Sequence? tuples, Value items, Frame frame, Run run) => tuples is null
        ? TuplesOf(sort.Apply(items, frame, run), step.Index, run)
        : sort.Apply(Value.Of(tuples), frame, run).Object as Sequence ?? Empty(run);

    private Sequence TuplesOf(Value items, int index, Run run)
    {
        var list = items.IsUndefined ? new ItemList([items], 1) : items.Items;
        var result = Empty(run);
        for (var i = 0; i < list.Count; i++)
        {
            var bindings = Unbound(run);
            if (index >= 0)
            {
                bindings[index] = Value.Of(i);
            }

            result.Add(Value.Of(new PathTuple(list[i], bindings)));
        }

        return result;
    }

    private Sequence Expand(TupleStep step, Sequence tuples, Frame frame, Run run)
    {
        var result = Empty(run);
        for (var t = 0; t < tuples.Count; t++)
        {
            if (tuples[t].Object is not PathTuple tuple)
            {
                continue;
            }

            run.Spend(1);
            var value = step.Node.Evaluate(tuple.Item, new Frame(frame, tuple.Bindings), run);
            var isStream = value.Object is Sequence { IsTupleStream: true };
            var items = value.Items;
            for (var i = 0; i < items.Count; i++)
            {
                result.Add(Value.Of(isStream && items[i].Object is PathTuple inner
                    ? Join(tuple, inner, run)
                    : Bind(step, tuple, items[i], i, run)));
            }
        }

        return result;
    }

    private static PathTuple Bind(TupleStep step, PathTuple tuple, Value item, int index, Run run)
    {
        var bindings = Copy(tuple.Bindings, run);
        if (step.Index >= 0)
        {
            bindings[step.Index] = Value.Of(index);
        }

        if (step.Ancestor >= 0)
        {
            bindings[step.Ancestor] = tuple.Item;
        }

        if (step.Focus < 0)
        {
            return new PathTuple(item, bindings);
        }

        bindings[step.Focus] = item;
        return new PathTuple(tuple.Item, bindings);
    }

    /// <summary>The tuple of an inner path, with what the outer one has bound besides.</summary>
    private static PathTuple Join(PathTuple outer, PathTuple inner, Run run)
    {
        var bindings = Copy(outer.Bindings, run);
        for (var i = 0; i < bindings.Length; i++)
        {
            bindings[i] = inner.Bindings[i].IsUnset ? bindings[i] : inner.Bindings[i];
        }

        return new PathTuple(inner.Item, bindings);
    }

    private static Sequence Number(Sequence tuples, int index, Run run)
    {
        var result = Empty(run);
        for (var i = 0; i < tuples.Count; i++)
        {
            if (tuples[i].Object is PathTuple tuple)
            {
                var bindings = Copy(tuple.Bindings, run);
                bindings[index] = Value.Of(i);
                result.Add(Value.Of(new PathTuple(tuple.Item, bindings)));
            }
        }

        return result;
    }

    private static Sequence Empty(Run run) => new(run) { IsTupleStream = true };

    private static Value[] Copy(Value[] bindings, Run run)
    {
        run.Charge(bindings.Length * (long)Run.ItemBytes);
        return [.. bindings];
    }

    private Value[] Unbound(Run run)
    {
        run.Charge(places * (long)Run.ItemBytes);
        var bindings = new Value[places];
        Array.Fill(bindings, Value.Unset);
        return bindings;
    }
}

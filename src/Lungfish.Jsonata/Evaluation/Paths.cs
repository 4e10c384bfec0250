using Lungfish.Json;
using Lungfish.Jsonata.Values;

namespace Lungfish.Jsonata.Evaluation;

/// <summary>A step that is not a sort.</summary>
/// <param name="Name">A plain name, or null.</param>
/// <param name="Node">Any other step; for a name the same lookup as a node.</param>
/// <param name="Filters">What stands in brackets behind it.</param>
/// <param name="Sort">For <c>^(...)</c>: then there is nothing else but filters.</param>
internal sealed record Step(MemberName? Name, Node Node, Filter[] Filters, Sorter? Sort);

/// <summary>A path whose steps are plain names: an object at each step takes no intermediate array.</summary>
/// <param name="root">The variable that it begins with; null for the input.</param>
/// <param name="names">The steps.</param>
internal sealed class NamesNode(Node? root, MemberName[] names) : Node
{
    public override Value Evaluate(Value input, Frame frame, Run run) => Collapse(EvaluateWhole(input, frame, run));

    public override Value EvaluateWhole(Value input, Frame frame, Run run)
    {
        run.Touch();
        var value = root is null ? input : root.Evaluate(input, frame, run);
        if (value.Object is Sequence { IsItem: true } && root is not null)
        {
            value = Value.Of(Sequence.Of(value));
        }

        for (var i = 0; i < names.Length; i++)
        {
            if (value.Object is JsonObject json)
            {
                value = Value.Of(names[i].In(json));
            }
            else if (value.IsArray)
            {
                return WalkItems(value, i, run);
            }
            else
            {
                value = value.Object is OpenObject open ? names[i].In(open) : default;
            }

            if (value.IsUndefined)
            {
                return default;
            }
        }

        return KeepsArray ? PathNode.Keep(value) : value.Object is Sequence ? Single(value, run) : value;
    }

    /// <summary>The only answer of the last step may be a sequence that an object holds.</summary>
    private static Value Single(Value value, Run run)
    {
        var collector = new Collector(run);
        collector.Add(value);
        return collector.Result;
    }

    private Value WalkItems(Value value, int step, Run run)
    {
        for (; ; step++)
        {
            var collector = new Collector(run);
            Gather(ref collector, value, names[step], run);
            value = step == names.Length - 1 ? collector.Result : collector.Next;
            if (step == names.Length - 1 || value.IsUndefined)
            {
                return KeepsArray ? PathNode.Keep(value) : value;
            }
        }
    }

    private static void Gather(ref Collector collector, Value input, MemberName name, Run run)
    {
        if (input.Object is JsonObject single)
        {
            Add(ref collector, name.In(single));
            return;
        }

        if (input.Object is JsonArray array)
        {
            run.Spend(array.Count);
            foreach (var item in array)
            {
                if (item is JsonObject json)
                {
                    Add(ref collector, name.In(json));
                }
                else
                {
                    PathNode.AddName(ref collector, Value.Of(item), name, run);
                }
            }

            return;
        }

        var items = input.Items;
        run.Spend(items.Count);
        foreach (var item in items)
        {
            PathNode.AddName(ref collector, item, name, run);
        }
    }

    private static void Add(ref Collector collector, JsonValue? value)
    {
        if (value is not null)
        {
            collector.Add(Value.Of(value));
        }
    }
}

/// <summary>Any path that binds no variables on its way.</summary>
/// <param name="steps">At least one.</param>
/// <param name="takesInputWhole">The first step is a variable, which does not look at the input item by item.</param>
/// <param name="constructsFirst">The first step is an array constructor, which is evaluated once.</param>
/// <param name="grouping">What stands in braces behind the path.</param>
internal sealed class PathNode(
    Step[] steps, bool takesInputWhole, bool constructsFirst, ObjectConstructor? grouping) : Node
{
    /// <summary>An array stays one, even of one item.</summary>
    public bool KeepsSingleton { get; init; }

    public override Value Evaluate(Value input, Frame frame, Run run) => Collapse(EvaluateWhole(input, frame, run));

    public override Value EvaluateWhole(Value input, Frame frame, Run run)
    {
        run.Enter();
        var value = takesInputWhole && input.IsArray ? Value.Of(Sequence.Of(input)) : input;
        for (var i = 0; i < steps.Length; i++)
        {
            value = i == 0 && constructsFirst
                ? steps[0].Node.Evaluate(value.IsArray ? value : Value.Of(Sequence.Of(value)), frame, run)
                : Take(steps[i], value, i == steps.Length - 1, frame, run);
            if (value.IsUndefined || value.Object is Sequence { Count: 0 } or JsonArray { Count: 0 })
            {
                value = i == steps.Length - 1 || (i == 0 && constructsFirst) ? value : default;
                break;
            }
        }

        if (KeepsSingleton)
        {
            value = Keep(value);
        }

        if (grouping is not null)
        {
            value = grouping.Apply(value, frame, run);
        }

        run.Leave();
        return value;
    }

    /// <summary>Marks a sequence as one that stays an array; anything single becomes such a sequence.</summary>
    public static Value Keep(Value value)
    {
        if (value.IsUndefined || value.Object is JsonArray or Sequence { IsSequence: false, IsItem: false })
        {
            return value;
        }

        var kept = value.Object is Sequence { IsSequence: true } sequence
            ? Sequence.Over(sequence.Items, isSequence: true)
            : Sequence.Of(value);
        kept.KeepsSingleton = true;
        return Value.Of(kept);
    }

    public static void AddName(ref Collector collector, Value item, MemberName name, Run run)
    {
        var value = Lookup.Of(item, name, run);
        if (value.Object is Sequence { IsSequence: true, KeepsSingleton: false, Count: < 2 } found)
        {
            value = found.Count == 0 ? default : found[0];
        }

        if (!value.IsUndefined)
        {
            collector.Add(value);
        }
    }

    private static Value Take(Step step, Value input, bool isLast, Frame frame, Run run)
    {
        if (step.Sort is not null)
        {
            return Filter.ApplyAll(step.Filters, step.Sort.Apply(input, frame, run), frame, run);
        }

        var collector = new Collector(run);
        if (!input.IsArray)
        {
            TakeItem(ref collector, step, input, frame, run);
        }
        else
        {
            var items = input.Items;
            var reclaim = new Reclaim(run);
            foreach (var item in items)
            {
                run.Spend(1);
                TakeItem(ref collector, step, item, frame, run);
                if (reclaim.IsDue(run))
                {
                    reclaim.Weigh(run, collector.Result);
                }
            }
        }

        return isLast ? collector.Result : collector.Next;
    }

    private static void TakeItem(ref Collector collector, Step step, Value item, Frame frame, Run run)
    {
        if (step.Name is not null && step.Filters.Length == 0)
        {
            AddName(ref collector, item, step.Name, run);
            return;
        }

        var value = Filter.ApplyAll(step.Filters, step.Node.Evaluate(item, frame, run), frame, run);

        if (!value.IsUndefined)
        {
            collector.Add(value);
        }
        else if (step.Filters.Length > 0)
        {
            collector.AddEmpty();
        }
    }
}

/// <summary>One name by itself, as a step or a key.</summary>
internal sealed class NameNode(MemberName name) : Node
{
    public override Value Evaluate(Value input, Frame frame, Run run) => Collapse(EvaluateWhole(input, frame, run));

    public override Value EvaluateWhole(Value input, Frame frame, Run run)
    {
        run.Touch();
        return Lookup.Of(input, name, run);
    }
}

using Lungfish.Jsonata.Evaluation;
using Lungfish.Jsonata.Values;

namespace Lungfish.Jsonata.Functions;

/// <summary>Functions that call the function they are given.</summary>
internal static class HigherOrderFunctions
{
    public static IEnumerable<NativeFunction> All =>
    [
        Define.Function("map", "<af>", 2, static (run, arguments, _) => Map(run, arguments)),
        Define.Function("filter", "<af>", 2, static (run, arguments, _) => Filter(run, arguments)),
        Define.Function("single", "<af?>", 2, static (run, arguments, _) => Single(run, arguments)),
        Define.Function("reduce", "<afj?:j>", 3, static (run, arguments, _) => Reduce(run, arguments)),
        Define.Function("each", "<o-f:a>", 2, static (run, arguments, _) => Each(run, arguments)),
        Define.Function("sift", "<o-f?:o>", 2, static (run, arguments, _) => Sift(run, arguments)),
        Define.Function("sort", "<af?:a>", 2, static (run, arguments, _) => Sort(run, arguments)),
    ];

    private static Value Map(Run run, Value[] arguments)
    {
        if (arguments.At(0).IsUndefined || arguments.FunctionAt(1) is not { } function)
        {
            return default;
        }

        var items = arguments[0].Items;
        var result = new Sequence(run);
        var reclaim = new Reclaim(run);
        for (var i = 0; i < items.Count; i++)
        {
            var value = Call(run, function, items[i], Value.Of(i), arguments[0]);
            if (!value.IsUndefined)
            {
                result.Add(value);
            }

            reclaim.AfterTurn(run, Value.Of(result));
        }

        return Value.Of(result);
    }

    private static Value Filter(Run run, Value[] arguments)
    {
        if (arguments.At(0).IsUndefined || arguments.FunctionAt(1) is not { } function)
        {
            return default;
        }

        var items = arguments[0].Items;
        var result = new Sequence(run);
        var reclaim = new Reclaim(run);
        for (var i = 0; i < items.Count; i++)
        {
            if (Truth.Of(Call(run, function, items[i], Value.Of(i), arguments[0]), run))
            {
                result.Add(items[i]);
            }

            reclaim.AfterTurn(run, Value.Of(result));
        }

        return Value.Of(result);
    }

    private static Value Single(Run run, Value[] arguments)
    {
        if (arguments.At(0).IsUndefined)
        {
            return default;
        }

        var items = arguments[0].Items;
        var found = Value.Unset;
        for (var i = 0; i < items.Count; i++)
        {
            run.Spend(1);
            var matches = arguments.FunctionAt(1) is not { } function ||
                Truth.Of(Call(run, function, items[i], Value.Of(i), arguments[0]), run);
            if (matches && !found.IsUnset)
            {
                throw Errors.Of("D3138");
            }

            found = matches ? items[i] : found;
        }

        return found.IsUnset ? throw Errors.Of("D3139") : found;
    }

    private static Value Reduce(Run run, Value[] arguments)
    {
        if (arguments.At(0).IsUndefined || arguments.FunctionAt(1) is not { } function)
        {
            return default;
        }

        var arity = function.Arity;
        if (arity < 2)
        {
            throw Errors.Of("D3050");
        }

        var items = arguments[0].Items;
        var startsWithFirst = arguments.At(2).IsUndefined && items.Count > 0;
        var result = startsWithFirst ? items[0] : arguments.At(2);
        var reclaim = new Reclaim(run);
        for (var i = startsWithFirst ? 1 : 0; i < items.Count; i++)
        {
            run.Spend(1);
            Value[] given = arity switch
            {
                2 => [result, items[i]],
                3 => [result, items[i], Value.Of(i)],
                _ => [result, items[i], Value.Of(i), arguments[0]],
            };
            result = Applying.Apply(function, given, run);
            reclaim.AfterTurn(run, result);
        }

        return result;
    }

    private static Value Each(Run run, Value[] arguments)
    {
        if (arguments.FunctionAt(1) is not { } function)
        {
            return default;
        }

        var result = new Sequence(run);
        var reclaim = new Reclaim(run);
        foreach (var (name, member) in new Members(arguments.At(0)))
        {
            var value = Call(run, function, member, Value.Of(name), arguments[0]);
            if (!value.IsUndefined)
            {
                result.Add(value);
            }

            reclaim.AfterTurn(run, Value.Of(result));
        }

        return Value.Of(result);
    }

    private static Value Sift(Run run, Value[] arguments)
    {
        if (arguments.FunctionAt(1) is not { } function)
        {
            return default;
        }

        var members = new Members(arguments.At(0));
        var result = new ObjectBuilder(members.Count, run);
        foreach (var (name, member) in members)
        {
            if (Truth.Of(Call(run, function, member, Value.Of(name), arguments[0]), run))
            {
                result.Add(name, member);
            }
        }

        return result.IsEmpty ? default : result.Build();
    }

    private static Value Sort(Run run, Value[] arguments)
    {
        var items = arguments.At(0).Items;
        if (arguments.At(0).IsUndefined || items.Count <= 1)
        {
            return arguments.At(0);
        }

        run.Charge(items.Count * (long)Run.ItemBytes);
        run.Spend(items.Count);
        var sorted = new Value[items.Count];
        items.CopyTo(sorted);
        if (arguments.FunctionAt(1) is { } function)
        {
            MergeSort.Sort(sorted, (a, b) => Truth.OfAnything(Applying.Apply(function, [a, b], run), run), run);
        }
        else if (!Orders.TrySort(sorted))
        {
            throw Errors.Of("D3070");
        }

        return Value.Of(Sequence.ArrayOf(sorted));
    }

    /// <summary>Gives the function as many arguments as it takes.</summary>
    private static Value Call(Run run, Function function, Value item, Value place, Value all)
    {
        run.Spend(1);
        return Applying.Apply(
            function,
            function.Arity switch
            {
                < 2 => [item],
                2 => [item, place],
                _ => [item, place, all],
            },
            run);
    }
}

/// <summary>The order that numbers have, and that texts have.</summary>
internal static class Orders
{
    /// <returns>False if the values are neither all numbers nor all texts.</returns>
    public static bool TrySort(Value[] values)
    {
        var numbers = new double[values.Length];
        if (values.Index().All(entry => entry.Item.IsNumeric(out numbers[entry.Index])))
        {
            Array.Sort(numbers, values);
            return true;
        }

        if (!Array.TrueForAll(values, static value => value.IsString))
        {
            return false;
        }

        var texts = Array.ConvertAll(values, static value => value.TryGetText(out var text) ? text : "");
        Array.Sort(texts, values, StringComparer.Ordinal);
        return true;
    }
}

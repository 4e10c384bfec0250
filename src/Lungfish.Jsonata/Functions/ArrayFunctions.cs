using Lungfish.Json;
using Lungfish.Jsonata.Evaluation;
using Lungfish.Jsonata.Values;

namespace Lungfish.Jsonata.Functions;

/// <summary>Functions of arrays that call no other function.</summary>
internal static class ArrayFunctions
{
    public static IEnumerable<NativeFunction> All =>
    [
        Define.Function("count", "<a:n>", 1, static (_, arguments, _) => Value.Of(arguments.At(0).Items.Count)),
        Define.Function("append", "<xx:a>", 2, static (run, arguments, _) =>
            Append(arguments.At(0), arguments.At(1), run)),
        Define.Function("reverse", "<a:a>", 1, static (run, arguments, _) => Reverse(arguments.At(0), run)),
        Define.Function("shuffle", "<a:a>", 1, static (run, arguments, _) => Shuffle(arguments.At(0), run)),
        Define.Function("distinct", "<x:x>", 1, static (run, arguments, _) => Distinct(arguments.At(0), run)),
        Define.Function("zip", "<a+>", 0, static (run, arguments, _) => Zip(arguments, run)),
    ];

    public static Value Append(Value first, Value second, Run run)
    {
        if (first.IsUndefined || second.IsUndefined)
        {
            return first.IsUndefined ? second : first;
        }

        var (left, right) = (first.Items, second.Items);
        run.Spend(left.Count + right.Count);
        var result = new Sequence(run, isSequence: false);
        result.Reserve(left.Count + right.Count);
        result.AddRange(left);
        result.AddRange(right);
        return Value.Of(result);
    }

    private static Value Reverse(Value array, Run run)
    {
        var items = array.Items;
        if (items.Count <= 1)
        {
            return array;
        }

        run.Spend(items.Count);
        var result = new Sequence(run, isSequence: false);
        result.Reserve(items.Count);
        for (var i = items.Count - 1; i >= 0; i--)
        {
            result.Add(items[i]);
        }

        return Value.Of(result);
    }

    private static Value Shuffle(Value array, Run run)
    {
        var items = array.Items;
        if (items.Count <= 1)
        {
            return array;
        }

        run.Spend(items.Count);
        run.Charge(items.Count * (long)Run.ItemBytes);
        var result = new Value[items.Count];
        for (var i = 0; i < result.Length; i++)
        {
            var place = run.Dice.NextBelow(i + 1);
            result[i] = result[place];
            result[place] = items[i];
        }

        return Value.Of(Sequence.ArrayOf(result));
    }

    private static Value Distinct(Value array, Run run)
    {
        var items = array.Items;
        if (!array.IsArray || items.Count <= 1)
        {
            return array;
        }

        var seen = new Seen(run);
        var result = new Sequence(run, array.Object is Sequence { IsSequence: true });
        for (var i = 0; i < items.Count; i++)
        {
            run.Spend(1);
            if (seen.Add(items[i]))
            {
                result.Add(items[i]);
            }
        }

        return Value.Of(result);
    }

    private static Value Zip(Value[] arrays, Run run)
    {
        var count = arrays.Length == 0 ? 0 : int.MaxValue;
        foreach (var array in arrays)
        {
            count = Math.Min(count, array.Items.Count);
        }

        var result = new Sequence(run, isSequence: false);
        for (var i = 0; i < count; i++)
        {
            run.Spend(arrays.Length);
            run.Charge(arrays.Length * (long)Run.ItemBytes);
            var tuple = new Value[arrays.Length];
            for (var a = 0; a < tuple.Length; a++)
            {
                tuple[a] = arrays[a].Items[i];
            }

            result.Add(Value.Of(Sequence.ArrayOf(tuple)));
        }

        return Value.Of(result);
    }

    /// <summary>Remembers values, those that can be hashed by their hash.</summary>
    private sealed class Seen(Run run)
    {
        private readonly HashSet<string> _texts = new(StringComparer.Ordinal);
        private readonly HashSet<double> _numbers = [];
        private readonly HashSet<JsonValue> _others = [];
        private readonly List<Value> _unhashed = [];

        public bool Add(Value value)
        {
            if (value.TryGetText(out var text))
            {
                return _texts.Add(text);
            }

            if (value.TryGetNumber(out var number))
            {
                return _numbers.Add(number + 0.0); // Minus zero is zero.
            }

            if (JsonForm.TryOf(value, run, out var json))
            {
                return _others.Add(json);
            }

            foreach (var other in _unhashed)
            {
                if (DeepEquality.AreEqual(value, other, run))
                {
                    return false;
                }
            }

            _unhashed.Add(value);
            return true;
        }
    }
}

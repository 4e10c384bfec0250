using Lungfish.Jsonata.Values;

namespace Lungfish.Jsonata.Evaluation;

internal sealed record SortKey(Node Node, bool Descending);

/// <summary><c>^(...)</c>: brings items into an order by keys, each of which is evaluated once for each item at most.
/// </summary>
internal sealed class Sorter(SortKey[] keys, int position)
{
    private const int Missing = 2;

    public Value Apply(Value input, Frame frame, Run run)
    {
        var items = input.Items;
        if (!input.IsArray || items.Count <= 1)
        {
            return input;
        }

        var isTuples = input.Object is Sequence { IsTupleStream: true };
        var entries = new Entry[items.Count];
        run.Charge(items.Count * (long)(Run.ItemBytes + (keys.Length * Run.ItemBytes)));
        for (var i = 0; i < entries.Length; i++)
        {
            var known = new Value[keys.Length];
            Array.Fill(known, Value.Unset);
            entries[i] = new Entry(items[i], known);
        }

        MergeSort.Sort(entries, (a, b) => Compare(a, b, frame, run) > 0, run);
        var result = new Sequence(run, isSequence: isTuples) { IsTupleStream = isTuples };
        foreach (var entry in entries)
        {
            result.Add(entry.Item);
        }

        return Value.Of(result);
    }

    private int Compare(Entry a, Entry b, Frame frame, Run run)
    {
        for (var i = 0; i < keys.Length; i++)
        {
            var order = Compare(KeyOf(a, i, frame, run), KeyOf(b, i, frame, run), run);
            if (Math.Abs(order) == Missing)
            {
                return order; // What has no key comes last, in whichever direction.
            }

            if (order != 0)
            {
                return keys[i].Descending ? -order : order;
            }
        }

        return 0;
    }

    private int Compare(Value a, Value b, Run run)
    {
        if (a.TryGetNumber(out var left) && b.TryGetNumber(out var right))
        {
            return left < right ? -1 : left == right ? 0 : 1;
        }

        if (a.TryGetText(out var text) && b.TryGetText(out var other))
        {
            run.SpendOnText(Math.Min(text.Length, other.Length));
            return Math.Sign(string.CompareOrdinal(text, other));
        }

        if (a.IsUndefined)
        {
            return b.IsUndefined ? 0 : Missing;
        }

        if (b.IsUndefined)
        {
            return -Missing;
        }

        if (!IsKey(a) || !IsKey(b))
        {
            throw Errors.At("T2008", position, null, IsKey(a) ? b : a);
        }

        var error = Errors.Of("T2007", a, b);
        error.Locate(position, null, overridesPosition: true);
        throw error;
    }

    private Value KeyOf(Entry entry, int index, Frame frame, Run run)
    {
        ref var known = ref entry.Known[index];
        if (known.IsUnset)
        {
            known = entry.Item.Object is PathTuple tuple
                ? keys[index].Node.Evaluate(tuple.Item, new Frame(frame, tuple.Bindings), run)
                : keys[index].Node.Evaluate(entry.Item, frame, run);
        }

        return known;
    }

    private static bool IsKey(Value value) => value.IsNumber || value.IsString;

    private readonly record struct Entry(Value Item, Value[] Known);
}

/// <summary>A stable sort that asks in the order of the reference implementation, as far as functions can see it.
/// </summary>
internal static class MergeSort
{
    /// <param name="items">Sorted in place.</param>
    /// <param name="swaps">Whether the first comes after the second.</param>
    /// <param name="run">Pays for the comparisons.</param>
    public static void Sort<T>(T[] items, Func<T, T, bool> swaps, Run run) =>
        Sort(items, new T[items.Length], 0, items.Length, swaps, run);

    private static void Sort<T>(T[] items, T[] spare, int from, int to, Func<T, T, bool> swaps, Run run)
    {
        if (to - from < 2)
        {
            return;
        }

        var middle = from + ((to - from) / 2);
        Sort(items, spare, from, middle, swaps, run);
        Sort(items, spare, middle, to, swaps, run);
        run.Spend(to - from);
        Array.Copy(items, from, spare, from, to - from);
        var (left, right) = (from, middle);
        for (var at = from; at < to; at++)
        {
            var takesLeft = right >= to || (left < middle && !swaps(spare[left], spare[right]));
            items[at] = takesLeft ? spare[left++] : spare[right++];
        }
    }
}

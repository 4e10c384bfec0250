using Lungfish.Jsonata.Values;

namespace Lungfish.Jsonata.Evaluation;

/// <summary><c>{key: value}</c>: groups items by their keys, and evaluates the value once for each group.</summary>
internal sealed class ObjectConstructor((Node Key, Node Value)[] pairs, int position)
{
    public Value Apply(Value input, Frame frame, Run run)
    {
        if (input.Object is Sequence { IsTupleStream: true } tuples)
        {
            return ApplyToTuples(tuples, frame, run);
        }

        var items = input.Items;
        return items.Count > 1
            ? ApplyToMany(items, frame, run)
            : ApplyToOne(items.Count == 0 ? default : items[0], frame, run);
    }

    private Value ApplyToOne(Value item, Frame frame, Run run)
    {
        var builder = new ObjectBuilder(pairs.Length, run);
        var names = new string?[pairs.Length];
        for (var i = 0; i < pairs.Length; i++)
        {
            names[i] = KeyOf(pairs[i].Key.Evaluate(item, frame, run));
            if (names[i] is { } name && Array.IndexOf(names, name, 0, i) >= 0)
            {
                throw Errors.At("D1009", position, null, Value.Of(name));
            }
        }

        for (var i = 0; i < pairs.Length; i++)
        {
            if (names[i] is { } name)
            {
                builder.Add(name, pairs[i].Value.Evaluate(item, frame, run));
            }
        }

        return builder.Build();
    }

    private Value ApplyToMany(ItemList items, Frame frame, Run run)
    {
        var groups = new Groups(position);
        for (var i = 0; i < items.Count; i++)
        {
            for (var pair = 0; pair < pairs.Length; pair++)
            {
                run.Spend(1);
                if (KeyOf(pairs[pair].Key.Evaluate(items[i], frame, run)) is { } key)
                {
                    groups.Add(key, pair, items[i], run);
                }
            }
        }

        var builder = new ObjectBuilder(groups.Count, run);
        foreach (var group in groups.All)
        {
            builder.Add(group.Key, pairs[group.Pair].Value.Evaluate(group.Items, frame, run));
        }

        return builder.Build();
    }

    private Value ApplyToTuples(Sequence tuples, Frame frame, Run run)
    {
        var groups = new Groups(position);
        for (var i = 0; i < tuples.Count; i++)
        {
            if (tuples[i].Object is not PathTuple tuple)
            {
                continue;
            }

            var inner = new Frame(frame, tuple.Bindings);
            for (var pair = 0; pair < pairs.Length; pair++)
            {
                run.Spend(1);
                if (KeyOf(pairs[pair].Key.Evaluate(tuple.Item, inner, run)) is { } key)
                {
                    groups.Add(key, pair, tuples[i], run);
                }
            }
        }

        var builder = new ObjectBuilder(groups.Count, run);
        foreach (var group in groups.All)
        {
            var joined = Reduce(group.Items.Items, run);
            builder.Add(
                group.Key, pairs[group.Pair].Value.Evaluate(joined.Item, new Frame(frame, joined.Bindings), run));
        }

        return builder.Build();
    }

    /// <summary>One tuple of many: each variable gets the values of all.</summary>
    private static PathTuple Reduce(ItemList tuples, Run run)
    {
        var items = new Appender(run);
        Appender[]? bindings = null;
        for (var i = 0; i < tuples.Count; i++)
        {
            if (tuples[i].Object is not PathTuple tuple)
            {
                continue;
            }

            items.Add(tuple.Item);
            bindings ??= Array.ConvertAll(tuple.Bindings, _ => new Appender(run));
            for (var b = 0; b < bindings.Length; b++)
            {
                if (!tuple.Bindings[b].IsUnset)
                {
                    bindings[b].Add(tuple.Bindings[b]);
                }
            }
        }

        return new PathTuple(
            items.Result, Array.ConvertAll(bindings ?? [], static b => b.IsEmpty ? Value.Unset : b.Result));
    }

    private string? KeyOf(Value key)
    {
        if (!key.TryGetText(out var text))
        {
            return key.IsUndefined ? null : throw Errors.At("T1003", position, null, key);
        }

        // The reference implementation marks functions with members of these names, and lets nobody forge one.
        return text is "_jsonata_lambda" or "_jsonata_function" ? throw Errors.At("D1013", position, null, key) : text;
    }

    private sealed class Groups(int position)
    {
        private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
        private readonly List<(string Key, int Pair, Appender Items)> _groups = [];

        public int Count => _groups.Count;

        public IEnumerable<(string Key, int Pair, Value Items)> All =>
            _groups.Select(static group => (group.Key, group.Pair, group.Items.Result));

        public void Add(string key, int pair, Value item, Run run)
        {
            if (!_places.TryGetValue(key, out var place))
            {
                place = _groups.Count;
                _places.Add(key, place);
                _groups.Add((key, pair, new Appender(run)));
            }
            else if (_groups[place].Pair != pair)
            {
                throw Errors.At("D1009", position, null, Value.Of(key));
            }

            _groups[place].Items.Add(item);
        }
    }
}

/// <summary>Puts values together as <c>$append</c> does: one stays what it is, more become an array of their items.
/// </summary>
internal sealed class Appender(Run run)
{
    private Value _first;
    private Sequence? _all;

    public bool IsEmpty => _first.IsUndefined;

    public Value Result => _all is null ? _first : Value.Of(_all);

    public void Add(Value value)
    {
        if (value.IsUndefined)
        {
            return;
        }

        if (_first.IsUndefined)
        {
            _first = value;
            return;
        }

        if (_all is null)
        {
            _all = new Sequence(run, isSequence: false);
            _all.AddRange(_first.Items);
        }

        _all.AddRange(value.Items);
    }
}

using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Lungfish.Json;

/// <summary>An object whose members keep the order of the text; a repeated name keeps the last value.</summary>
/// <remarks>A changed copy shares all but the path to the change, however many members there are.</remarks>
[SuppressMessage("Naming", "CA1710", Justification = "JSON's word for it.")]
public sealed class JsonObject : JsonValue, IReadOnlyCollection<KeyValuePair<string, JsonValue>>
{
    public static readonly JsonObject Empty = new(SharedList<KeyValuePair<string, JsonValue>>.Of([]), null);

    private readonly SharedList<KeyValuePair<string, JsonValue>> _members;

    /// <summary>Positions by name, if there are too many to look through. Built when it is needed first.</summary>
    private NameIndex? _index;

    internal JsonObject(SharedList<KeyValuePair<string, JsonValue>> members, NameIndex? index) =>
        (_members, _index) = (members, index);

    /// <summary>The length of the text once it was measured, else -1.</summary>
    internal long MeasuredLength { get; set; } = -1;

    public override JsonKind Kind => JsonKind.Object;

    public int Count => _members.Count;

    /// <summary>The member's value, or null (not <see cref="JsonNull"/>) if there is none by that name.</summary>
    public JsonValue? this[string name] => IndexOf(name) is var i && i >= 0 ? _members[i].Value : null;

    internal SharedList<KeyValuePair<string, JsonValue>> Members => _members;

    public static JsonObject Of(params IEnumerable<KeyValuePair<string, JsonValue>> members)
    {
        var builder = new Builder();
        foreach (var (name, value) in members)
        {
            builder.Set(name, value);
        }

        return builder.Build();
    }

    public static JsonObject Of(string name, JsonValue value) =>
        new(SharedList<KeyValuePair<string, JsonValue>>.Adopt([new(name, value)]), null);

    public static JsonObject Of(params IEnumerable<(string Name, JsonValue Value)> members)
    {
        var builder = new Builder();
        foreach (var (name, value) in members)
        {
            builder.Set(name, value);
        }

        return builder.Build();
    }

    public bool TryGet(string name, [NotNullWhen(true)] out JsonValue? value)
    {
        value = this[name];
        return value is not null;
    }

    /// <summary>An object over the array itself, which the caller gives away; no name may be in it twice.</summary>
    public static JsonObject OfDistinct(KeyValuePair<string, JsonValue>[] members) => members.Length == 0
        ? Empty
        : new(SharedList<KeyValuePair<string, JsonValue>>.Adopt(members), null);

    /// <summary>The member's value, or null. For names that are looked up in many objects of one shape.</summary>
    /// <param name="name">Of the member.</param>
    /// <param name="place">Where it was found the last time; changed if it stands elsewhere here. May be shared by
    /// threads: it only says where to look first.</param>
    public JsonValue? Find(string name, ref int place)
    {
        var known = place;
        if ((uint)known < (uint)Count && known < SharedList<KeyValuePair<string, JsonValue>>.Width)
        {
            ref readonly var member = ref _members.Leaf(0)[known];
            if (string.Equals(member.Key, name, StringComparison.Ordinal))
            {
                return member.Value;
            }
        }

        var found = IndexOf(name);
        if (found < 0)
        {
            return null;
        }

        place = found;
        return _members[found].Value;
    }

    /// <summary>A copy in which the member has that value: in its place if it exists, else at the end.</summary>
    public JsonObject With(string name, JsonValue value)
    {
        var i = IndexOf(name);
        return i >= 0
            ? new JsonObject(_members.SetItem(i, new(name, value)), _index)
            {
                MeasuredLength = JsonMeasure.AfterReplacing(MeasuredLength, _members[i].Value, value),
            }
            : new JsonObject(_members.Add(new(name, value)), _index?.With(name, Count))
            {
                MeasuredLength = JsonMeasure.AfterAdding(MeasuredLength, name, value),
            };
    }

    public Enumerator GetEnumerator() => new(_members.GetEnumerator());

    IEnumerator<KeyValuePair<string, JsonValue>> IEnumerable<KeyValuePair<string, JsonValue>>.GetEnumerator()
    {
        foreach (var member in this)
        {
            yield return member;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable<KeyValuePair<string, JsonValue>>)this).GetEnumerator();

    private int IndexOf(string name)
    {
        if (Count > NameIndex.ScanMax)
        {
            return (_index ??= NameIndex.Of(_members)).Find(name);
        }

        // So few stand in one leaf.
        var leaf = Count == 0 ? [] : _members.Leaf(0);
        for (var i = 0; i < leaf.Length; i++)
        {
            if (string.Equals(leaf[i].Key, name, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Collects members for one object.</summary>
    public sealed class Builder
    {
        private readonly List<KeyValuePair<string, JsonValue>> _members = [];
        private Dictionary<string, int>? _positions;

        /// <summary>Adds a member, or gives the one of that name another value.</summary>
        public void Set(string name, JsonValue value)
        {
            var i = Find(name);
            if (i >= 0)
            {
                _members[i] = new(name, value);
                return;
            }

            _positions?.Add(name, _members.Count);
            _members.Add(new(name, value));
        }

        /// <summary>The object so far; the builder can go on.</summary>
        public JsonObject Build() => _members.Count == 0
            ? Empty
            : new(SharedList<KeyValuePair<string, JsonValue>>.Of(CollectionsMarshal.AsSpan(_members)), null);

        private int Find(string name)
        {
            if (_positions is null && _members.Count > NameIndex.ScanMax)
            {
                _positions = new(StringComparer.Ordinal);
                for (var i = 0; i < _members.Count; i++)
                {
                    _positions.Add(_members[i].Key, i);
                }
            }

            if (_positions is not null)
            {
                return _positions.TryGetValue(name, out var found) ? found : -1;
            }

            for (var i = 0; i < _members.Count; i++)
            {
                if (string.Equals(_members[i].Key, name, StringComparison.Ordinal))
                {
                    return i;
                }
            }

            return -1;
        }
    }

    [SuppressMessage("Design", "CA1034", Justification = "Lets foreach run without an allocation.")]
    public struct Enumerator
    {
        private SharedList<KeyValuePair<string, JsonValue>>.Enumerator _inner;

        internal Enumerator(SharedList<KeyValuePair<string, JsonValue>>.Enumerator inner) => _inner = inner;

        public readonly KeyValuePair<string, JsonValue> Current => _inner.Current;

        public bool MoveNext() => _inner.MoveNext();
    }
}

/// <summary>Where each member of a large object stands. Members never move, so that changed copies share it.</summary>
/// <param name="First">The members that were there when the index was made; never changed after that.</param>
/// <param name="Later">Those that copies have added since.</param>
internal sealed record NameIndex(Dictionary<string, int> First, ImmutableDictionary<string, int> Later)
{
    /// <summary>Up to so many members, comparing names one by one is faster than an index.</summary>
    public const int ScanMax = 16;

    private static readonly ImmutableDictionary<string, int> None =
        ImmutableDictionary.Create<string, int>(StringComparer.Ordinal);

    public static NameIndex Of(SharedList<KeyValuePair<string, JsonValue>> members)
    {
        var first = new Dictionary<string, int>(members.Count, StringComparer.Ordinal);
        var position = 0;
        foreach (var (name, _) in members)
        {
            first.Add(name, position++);
        }

        return new NameIndex(first, None);
    }

    public static NameIndex Of(Dictionary<string, int> first) => new(first, None);

    public int Find(string name) =>
        First.TryGetValue(name, out var found) || Later.TryGetValue(name, out found) ? found : -1;

    public NameIndex With(string name, int position) => this with { Later = Later.Add(name, position) };
}

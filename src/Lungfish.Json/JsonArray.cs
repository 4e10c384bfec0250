using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Lungfish.Json;

/// <summary>An array. A changed copy shares all but the path to the change, however long the array is.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "JSON's word for it.")]
public sealed class JsonArray : JsonValue, IReadOnlyList<JsonValue>
{
    public static readonly JsonArray Empty = new(SharedList<JsonValue>.Of([]));

    private readonly SharedList<JsonValue> _items;

    public JsonArray(ImmutableArray<JsonValue> items)
        : this(SharedList<JsonValue>.Adopt(ImmutableCollectionsMarshal.AsArray(items) ?? []))
    {
    }

    internal JsonArray(SharedList<JsonValue> items) => _items = items;

    /// <summary>The length of the text once it was measured, else -1.</summary>
    internal long MeasuredLength { get; set; } = -1;

    public override JsonKind Kind => JsonKind.Array;

    public int Count => _items.Count;

    public JsonValue this[int index] => _items[index];

    internal SharedList<JsonValue> Items => _items;

    public static JsonArray Of(params IEnumerable<JsonValue> items)
    {
        var builder = new Builder();
        foreach (var item in items)
        {
            builder.Add(item);
        }

        return builder.Build();
    }

    /// <summary>An array over the items themselves, which the caller gives away.</summary>
    public static JsonArray OfOwned(JsonValue[] items) =>
        items.Length == 0 ? Empty : new(SharedList<JsonValue>.Adopt(items));

    /// <summary>A copy with another value at an existing index.</summary>
    public JsonArray With(int index, JsonValue value) => new(_items.SetItem(index, value))
    {
        MeasuredLength = JsonMeasure.AfterReplacing(MeasuredLength, _items[index], value),
    };

    public JsonArray Add(JsonValue value) => new(_items.Add(value))
    {
        MeasuredLength = JsonMeasure.AfterAdding(MeasuredLength, null, value),
    };

    public Enumerator GetEnumerator() => new(_items.GetEnumerator());

    IEnumerator<JsonValue> IEnumerable<JsonValue>.GetEnumerator()
    {
        foreach (var item in this)
        {
            yield return item;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable<JsonValue>)this).GetEnumerator();

    /// <summary>Collects items for one array, which costs less than adding them one by one.</summary>
    public sealed class Builder
    {
        private readonly List<JsonValue> _items = [];

        public int Count => _items.Count;

        public void Add(JsonValue item) => _items.Add(item);

        /// <summary>The array so far; the builder can go on.</summary>
        public JsonArray Build() => _items.Count == 0
            ? Empty
            : new(SharedList<JsonValue>.Of(CollectionsMarshal.AsSpan(_items)));
    }

    [SuppressMessage("Design", "CA1034", Justification = "Lets foreach run without an allocation.")]
    public struct Enumerator
    {
        private SharedList<JsonValue>.Enumerator _inner;

        internal Enumerator(SharedList<JsonValue>.Enumerator inner) => _inner = inner;

        public readonly JsonValue Current => _inner.Current;

        public bool MoveNext() => _inner.MoveNext();
    }
}

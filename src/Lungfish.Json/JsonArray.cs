using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Lungfish.Json;

[SuppressMessage("Naming", "CA1710", Justification = "JSON's word for it.")]
public sealed class JsonArray : JsonValue, IReadOnlyList<JsonValue>
{
    public static readonly JsonArray Empty = new(ImmutableArray<JsonValue>.Empty);

    private readonly ImmutableArray<JsonValue> _items;

    public JsonArray(ImmutableArray<JsonValue> items) => _items = items;

    public override JsonKind Kind => JsonKind.Array;

    public int Count => _items.Length;

    public JsonValue this[int index] => _items[index];

    public static JsonArray Of(params IEnumerable<JsonValue> items) => new([.. items]);

    /// <summary>A copy with another value at an existing index.</summary>
    public JsonArray With(int index, JsonValue value) => new(_items.SetItem(index, value));

    public JsonArray Add(JsonValue value) => new(_items.Add(value));

    public ImmutableArray<JsonValue>.Enumerator GetEnumerator() => _items.GetEnumerator();

    IEnumerator<JsonValue> IEnumerable<JsonValue>.GetEnumerator() => ((IEnumerable<JsonValue>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable)_items).GetEnumerator();

    public override bool Equals(JsonValue? other)
    {
        if (ReferenceEquals(this, other))
        {
            return true;
        }

        if (other is not JsonArray array || array.Count != Count)
        {
            return false;
        }

        for (var i = 0; i < Count; i++)
        {
            if (!_items[i].Equals(array._items[i]))
            {
                return false;
            }
        }

        return true;
    }

    private protected override int ComputeHash()
    {
        unchecked
        {
            var hash = 17;
            foreach (var item in _items)
            {
                hash = (hash * 31) + item.GetHashCode();
            }

            return hash;
        }
    }

    private protected override long MeasureUtf8()
    {
        long length = 2 + Math.Max(0, Count - 1);
        foreach (var item in _items)
        {
            length += item.Utf8Length;
        }

        return length;
    }
}

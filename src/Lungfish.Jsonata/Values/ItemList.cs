using System.Runtime.CompilerServices;
using Lungfish.Json;

namespace Lungfish.Jsonata.Values;

/// <summary>The items of any array, wherever they are.</summary>
internal readonly struct ItemList
{
    private readonly object? _items; // Value[], JsonArray, or null for a range.
    private readonly double _first;

    public ItemList(Value[] items, int count) => (_items, Count) = (items, count);

    public ItemList(JsonArray items) => (_items, Count) = (items, items.Count);

    private ItemList(double first, int count) => (_first, Count) = (first, count);

    public int Count { get; }

    public Value this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _items switch
        {
            Value[] values => values[index],
            JsonArray array => Value.Of(array[index]),
            _ => Value.Of(_first + index),
        };
    }

    public bool IsRange => _items is null;

    public Enumerator GetEnumerator() => new(this);

    /// <summary>Whole numbers one after the other, which take no room.</summary>
    public static ItemList Range(double first, int count) => new(first, count);

    public void CopyTo(Span<Value> target)
    {
        if (_items is Value[] values)
        {
            values.AsSpan(0, Count).CopyTo(target);
            return;
        }

        var i = 0;
        foreach (var item in this)
        {
            target[i++] = item;
        }
    }

    public struct Enumerator
    {
        private readonly Value[]? _values;
        private readonly bool _isJson;
        private readonly double _first;
        private readonly int _count;
        private JsonArray.Enumerator _json;
        private int _index;

        internal Enumerator(ItemList items)
        {
            (_values, _first, _count, _index) = (items._items as Value[], items._first, items.Count, -1);
            if (items._items is JsonArray array)
            {
                (_isJson, _json) = (true, array.GetEnumerator());
            }
        }

        public readonly Value Current
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => _values is not null
                ? _values[_index]
                : _isJson ? Value.Of(_json.Current) : Value.Of(_first + _index);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool MoveNext()
        {
            _index++;
            return _isJson ? _json.MoveNext() : _index < _count;
        }
    }
}

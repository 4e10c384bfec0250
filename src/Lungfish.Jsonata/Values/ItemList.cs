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

    /// <summary>Whole numbers one after the other, which take no room.</summary>
    public static ItemList Range(double first, int count) => new(first, count);

    public void CopyTo(Span<Value> target)
    {
        if (_items is Value[] values)
        {
            values.AsSpan(0, Count).CopyTo(target);
            return;
        }

        for (var i = 0; i < Count; i++)
        {
            target[i] = this[i];
        }
    }
}

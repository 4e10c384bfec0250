using Lungfish.Json;
using Lungfish.Jsonata.Evaluation;

namespace Lungfish.Jsonata.Values;

/// <summary>An array that an expression made: a constructed one, or a sequence, which counts as its only item if it has
/// one and as nothing if it has none.</summary>
/// <remarks>Whoever makes it adds to it; once it is a value it does not change, but for the flags.</remarks>
internal sealed class Sequence
{
    private const int FirstCapacity = 4;

    private readonly Run? _run;
    private Value[]? _items;
    private readonly ItemList _shared;

    /// <param name="run">Pays for the room; null for what is small.</param>
    /// <param name="isSequence">Whether one item counts as itself.</param>
    public Sequence(Run? run, bool isSequence = true) => (_run, IsSequence) = (run, isSequence);

    private Sequence(ItemList shared, bool isSequence) =>
        (_shared, Count, IsSequence) = (shared, shared.Count, isSequence);

    public bool IsSequence { get; }

    /// <summary>One item does not count as itself: the expression asked for an array.</summary>
    public bool KeepsSingleton { get; set; }

    /// <summary>Wraps the input of the expression, which is an array.</summary>
    public bool IsOuterWrapper { get; init; }

    /// <summary>A path takes it as one item rather than as many.</summary>
    public bool IsItem { get; init; }

    /// <summary>Its items are <see cref="PathTuple"/>s.</summary>
    public bool IsTupleStream { get; init; }

    public int Count { get; private set; }

    public ItemList Items => _items is null ? _shared : new ItemList(_items, Count);

    public Value this[int index] => _items is null ? _shared[index] : _items[index];

    /// <summary>The same items under other flags; nothing is copied.</summary>
    public static Sequence Over(ItemList items, bool isSequence) => new(items, isSequence);

    public static Sequence ArrayOf(Value item) => new(new ItemList([item], 1), isSequence: false);

    public static Sequence ArrayOf(Value[] items) => new(new ItemList(items, items.Length), isSequence: false);

    public static Sequence Of(Value item) => new(new ItemList([item], 1), isSequence: true);

    public static Sequence Wrap(Value input) =>
        new(new ItemList([input], 1), isSequence: true) { IsOuterWrapper = true };

    public void Add(Value item)
    {
        if (_items is null || Count == _items.Length)
        {
            Grow(Count + 1);
        }

        if (_items is { } items)
        {
            items[Count++] = item;
            Weight = null;
        }
    }

    public void Reserve(int count)
    {
        if (count > Count)
        {
            Grow(count);
        }
    }

    public Sequence With(Value item)
    {
        Add(item);
        return this;
    }

    public void AddRange(ItemList items)
    {
        if (_items is null || Count + items.Count > _items.Length)
        {
            Grow(Count + items.Count);
        }

        items.CopyTo(_items.AsSpan(Count));
        Count += items.Count;
        Weight = null;
    }

    /// <summary>What it was found to weigh; null if that is not known or no longer true.</summary>
    public long? Weight { get; set; }

    /// <summary>The same as JSON to be read, made once.</summary>
    public JsonArray? Shown { get; set; }

    /// <summary>The JSON array of the same items, made once.</summary>
    public JsonArray? Json { get; set; }

    private void Grow(int needed)
    {
        var capacity = (int)Math.Min(Array.MaxLength, Math.Max(needed, Math.Max(FirstCapacity, Count * 2L)));
        _run?.Charge((_items is null ? Run.ArrayBytes : 0) + ((capacity - Count) * (long)Run.SlotBytes));
        var grown = new Value[capacity];
        Items.CopyTo(grown);
        _items = grown;
    }
}

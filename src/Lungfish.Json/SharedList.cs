using System.Runtime.CompilerServices;

namespace Lungfish.Json;

/// <summary>An immutable list whose changed copies share all but the path to the change.</summary>
/// <remarks>Up to 32 items it is one array; above, a tree with leaves of 32 items under nodes of 32 children.</remarks>
internal readonly struct SharedList<T>
{
    public const int Width = 1 << Bits;

    private const int Bits = 5;
    private const int Mask = Width - 1;

    private readonly Array _root; // T[] if _shift is 0, else Array[].
    private readonly int _shift;

    private SharedList(Array root, int shift, int count) => (_root, _shift, Count) = (root, shift, count);

    /// <summary>A list over the array itself if it is that short: the caller gives it away.</summary>
    public static SharedList<T> Adopt(T[] items) =>
        items.Length <= Width ? new SharedList<T>(items, 0, items.Length) : Of(items);

    public static SharedList<T> Of(ReadOnlySpan<T> items)
    {
        if (items.Length <= Width)
        {
            return new SharedList<T>(items.ToArray(), 0, items.Length);
        }

        var nodes = new Array[(items.Length + Mask) >> Bits];
        for (var i = 0; i < nodes.Length; i++)
        {
            nodes[i] = items.Slice(i << Bits, Math.Min(Width, items.Length - (i << Bits))).ToArray();
        }

        var shift = Bits;
        while (nodes.Length > Width)
        {
            nodes = [.. nodes.Chunk(Width)];
            shift += Bits;
        }

        return new SharedList<T>(nodes, shift, items.Length);
    }

    public int Count { get; }

    public T this[int index] => Leaf(index)[index & Mask];

    /// <summary>The array with the item at this index; the item's place in it is the index modulo 32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T[] Leaf(int index)
    {
        if (index < 0 || index >= Count)
        {
            throw new ArgumentOutOfRangeException(nameof(index), index, "The list is shorter.");
        }

        var node = _root;
        for (var shift = _shift; shift > 0; shift -= Bits)
        {
            node = Unsafe.As<Array[]>(node)[(index >> shift) & Mask];
        }

        return Unsafe.As<T[]>(node);
    }

    public SharedList<T> SetItem(int index, T item)
    {
        if (index < 0 || index >= Count)
        {
            throw new ArgumentOutOfRangeException(nameof(index), index, "The list is shorter.");
        }

        return new SharedList<T>(Set(_root, _shift, index, item), _shift, Count);
    }

    public SharedList<T> Add(T item)
    {
        // A full tree becomes the first child of a higher one.
        return Count == Width << _shift
            ? new SharedList<T>(Append((Array[])[_root], _shift + Bits, item), _shift + Bits, Count + 1)
            : new SharedList<T>(Append(_root, _shift, item), _shift, Count + 1);
    }

    public Enumerator GetEnumerator() => new(this);

    private static Array Set(Array node, int shift, int index, T item)
    {
        if (shift == 0)
        {
            var leaf = (T[])node.Clone();
            leaf[index & Mask] = item;
            return leaf;
        }

        var inner = (Array[])node.Clone();
        ref var child = ref inner[(index >> shift) & Mask];
        child = Set(child, shift - Bits, index, item);
        return inner;
    }

    private Array Append(Array node, int shift, T item)
    {
        if (shift == 0)
        {
            return (T[])[.. Unsafe.As<T[]>(node), item];
        }

        var inner = Unsafe.As<Array[]>(node);
        var place = (Count >> shift) & Mask;
        if (place == inner.Length)
        {
            return (Array[])[.. inner, NewPath(shift - Bits, item)];
        }

        inner = (Array[])inner.Clone();
        inner[place] = Append(inner[place], shift - Bits, item);
        return inner;
    }

    private static Array NewPath(int shift, T item) =>
        shift == 0 ? (T[])[item] : (Array[])[NewPath(shift - Bits, item)];

    public struct Enumerator
    {
        private readonly SharedList<T> _list;
        private T[] _leaf;
        private int _index;

        internal Enumerator(SharedList<T> list) => (_list, _leaf, _index) = (list, [], -1);

        public readonly T Current => _leaf[_index & Mask];

        public bool MoveNext()
        {
            if (++_index >= _list.Count)
            {
                return false;
            }

            if ((_index & Mask) == 0)
            {
                _leaf = _list.Leaf(_index);
            }

            return true;
        }
    }
}

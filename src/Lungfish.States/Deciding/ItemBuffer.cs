using System.Collections.Immutable;
using Lungfish.Json;

namespace Lungfish.States.Deciding;

/// <summary>Items in their order, page by page; a page leaves memory with its last item.</summary>
internal sealed record ItemBuffer
{
    public static readonly ItemBuffer Empty = new();

    private ImmutableArray<ItemPage> Pages { get; init; } = [];

    /// <summary>How many items of the first page are gone.</summary>
    private int Gone { get; init; }

    /// <summary>The index of the first item at hand in the whole dataset.</summary>
    private long FirstIndex { get; init; }

    public long Count { get; private init; }

    /// <summary>About the JSON text of the items.</summary>
    public long Bytes { get; private init; }

    public ItemBuffer Add(JsonValue items, string origin)
    {
        var page = new ItemPage(items, origin);
        return page.Count == 0 ? this : this with
        {
            Pages = Pages.Add(page),
            Count = Count + page.Count,
            Bytes = Bytes + items.Utf8Length,
        };
    }

    /// <summary>The item that comes so many after the first one at hand.</summary>
    public MapItem this[int offset]
    {
        get
        {
            var place = Gone + offset;
            var page = 0;
            while (place >= Pages[page].Count)
            {
                place -= Pages[page].Count;
                page++;
            }

            return Pages[page].At(place, FirstIndex + offset);
        }
    }

    public ItemBuffer Drop(int count)
    {
        var bytes = Bytes;
        for (var i = 0; i < count; i++)
        {
            bytes -= this[i].Value.Utf8Length + 1;
        }

        var (pages, gone) = (Pages, Gone + count);
        while (pages.Length > 0 && gone >= pages[0].Count)
        {
            gone -= pages[0].Count;
            pages = pages.RemoveAt(0);
        }

        return this with
        {
            Pages = pages,
            Gone = gone,
            FirstIndex = FirstIndex + count,
            Count = Count - count,
            Bytes = pages.IsEmpty ? 0 : bytes,
        };
    }

    private sealed class ItemPage(JsonValue items, string origin)
    {
        private readonly JsonArray? _array = items as JsonArray;
        private readonly ImmutableArray<KeyValuePair<string, JsonValue>> _members =
            items is JsonObject members ? [.. members] : [];

        public int Count => _array?.Count ?? _members.Length;

        public MapItem At(int place, long index) => _array is not null
            ? new MapItem(index, _array[place], null, origin)
            : new MapItem(index, _members[place].Value, _members[place].Key, origin);
    }
}

using Lungfish.Json;

namespace Lungfish.Integrations.Items;

/// <summary>Collects the items of a page: elements, or members where an object's members are the items.</summary>
internal sealed class PageBuilder
{
    private readonly JsonArray.Builder _elements = new();
    private JsonObject.Builder? _members;

    public int Count { get; private set; }

    public long Bytes { get; private set; }

    public void Add(ItemRecord record)
    {
        Count++;
        Bytes += record.Value.Utf8Length + (record.Key?.Length ?? 0);
        if (record.Key is null)
        {
            _elements.Add(record.Value);
        }
        else
        {
            (_members ??= new()).Set(record.Key, record.Value);
        }
    }

    public JsonValue Build() => _members is null ? _elements.Build() : _members.Build();
}

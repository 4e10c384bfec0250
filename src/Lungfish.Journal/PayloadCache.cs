using Lungfish.Json;

namespace Lungfish.Journal;

/// <summary>What the payloads beside the segments of one journal say. An input that goes from state to state is named
/// by each segment: it is checked and parsed once, and stays one instance.</summary>
/// <remarks>For one reading of one journal, by one thread.</remarks>
public sealed class PayloadCache
{
    /// <summary>A journal may name more than memory holds, and what it named long ago it seldom names again.</summary>
    private const int BytesMax = 16 << 20;

    private readonly Dictionary<BlobId, JsonValue> _values = [];
    private readonly Dictionary<(BlobId Id, bool IsUtf8), string> _texts = [];
    private int _bytes;

    internal JsonValue? FindValue(BlobId id) => _values.GetValueOrDefault(id);

    internal string? FindText(BlobId id, bool isUtf8) => _texts.GetValueOrDefault((id, isUtf8));

    internal void Add(BlobId id, JsonValue value, int bytes)
    {
        MakeRoom(bytes);
        _values[id] = value;
    }

    internal void Add(BlobId id, bool isUtf8, string text, int bytes)
    {
        MakeRoom(bytes);
        _texts[(id, isUtf8)] = text;
    }

    private void MakeRoom(int bytes)
    {
        if (_bytes + bytes > BytesMax)
        {
            _values.Clear();
            _texts.Clear();
            _bytes = 0;
        }

        _bytes += bytes;
    }
}

using System.Globalization;
using System.Text.Json;
using Lungfish.Engine.MapRuns;
using Lungfish.Json;

namespace Lungfish.Integrations.Items;

/// <summary>The elements of one array, or the members of one object, of a JSON text, one by one.</summary>
internal sealed class JsonItemsReader : RecordReader
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 2 * JsonValue.DepthMax };

    private readonly JsonPointerSearch? _search;
    private JsonReaderState _state;
    private bool _inObject;

    /// <param name="pointer">Which array or object of the text is meant (RFC 6901); "" is the text's own value.</param>
    public JsonItemsReader(ByteWindow window, string pointer)
        : base(window)
    {
        _search = new JsonPointerSearch(pointer);
        _state = new JsonReaderState(Options);
    }

    /// <summary>Goes on inside the array or object.</summary>
    public JsonItemsReader(ByteWindow window, RecordPosition position)
        : base(window)
    {
        // A reader that has just read an item: what follows must be a comma or the end.
        var before = new Utf8JsonReader(
            position.InObject ? "{\"\":null"u8 : "[null"u8, isFinalBlock: false, new JsonReaderState(Options));
        while (before.Read())
        {
        }

        _state = before.CurrentState;
        _inObject = position.InObject;
    }

    public override RecordPosition Position => new(Window.Position) { InObject = _inObject };

    protected override ReadStep TryRead(out ItemRecord record)
    {
        record = default;
        try
        {
            if (_search is { IsFound: false })
            {
                var taken = _search.Advance(Window, ref _state);
                if (!_search.IsFound)
                {
                    return taken;
                }

                _inObject = _search.IsObject;
            }

            return TryReadItem(out record);
        }
        catch (JsonException e)
        {
            throw NoJson(e.Message, e);
        }
        catch (JsonParseException e)
        {
            throw NoJson(e.Message, e);
        }
    }

    private ReadStep TryReadItem(out ItemRecord record)
    {
        record = default;
        var text = Window.Unread;
        var reader = new Utf8JsonReader(text, Window.HasEnded, _state);
        if (!reader.Read())
        {
            return NeedMore();
        }

        string? key = null;
        if (_inObject && reader.TokenType == JsonTokenType.PropertyName)
        {
            key = JsonNames.Read(ref reader);
            if (!reader.Read())
            {
                return NeedMore();
            }
        }
        else if (reader.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject)
        {
            return ReadStep.Ended;
        }

        var start = (int)reader.TokenStartIndex;
        if (!reader.TrySkip())
        {
            return NeedMore();
        }

        record = new ItemRecord(JsonValue.Parse(text[start..(int)reader.BytesConsumed]), key);
        _state = reader.CurrentState;
        Window.Take((int)reader.BytesConsumed);
        return ReadStep.Found;
    }

    private ReadStep NeedMore() => Window.HasEnded ? throw NoJson("it ends too early", null) : ReadStep.NeedsMore;

    private ItemReaderException NoJson(string why, Exception? inner)
    {
        var place = why.IndexOf(" LineNumber:", StringComparison.Ordinal); // Of a part, and so misleading.
        return new ItemReaderException(
            string.Create(
                CultureInfo.InvariantCulture,
                $"The JSON cannot be read after byte {Window.Position}: {(place < 0 ? why : why[..place])}"),
            inner);
    }
}

using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Lungfish.Json;

/// <summary>Builds values from UTF-8, on a stack of its own: depth costs memory, never the thread's stack.</summary>
internal ref struct JsonParser
{
    private readonly List<JsonValue> _values;
    private readonly List<string> _names;
    private readonly Stack<(int Values, int Names)> _open;
    private readonly NameCache _cache;
    private Utf8JsonReader _reader;

    private JsonParser(ReadOnlySpan<byte> utf8, int depthMax, Scratch scratch)
    {
        _reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = depthMax });
        (_values, _names, _open, _cache) = (scratch.Values, scratch.Names, scratch.Open, scratch.Cache);
    }

    public static JsonValue Parse(ReadOnlySpan<byte> utf8, int depthMax)
    {
        var scratch = Scratch.Take();
        var parser = new JsonParser(utf8, depthMax, scratch);
        try
        {
            return parser.Run();
        }
        catch (JsonException e)
        {
            throw JsonParseException.From(e, depthMax);
        }
        catch (DecoderFallbackException)
        {
            throw JsonParseException.At(utf8, (int)parser._reader.TokenStartIndex, "The text is not valid UTF-8.");
        }
        finally
        {
            scratch.GiveBack();
        }
    }

    private JsonValue Run()
    {
        while (_reader.Read())
        {
            switch (_reader.TokenType)
            {
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    _open.Push((_values.Count, _names.Count));
                    break;
                case JsonTokenType.EndArray:
                    CloseArray();
                    break;
                case JsonTokenType.EndObject:
                    CloseObject();
                    break;
                case JsonTokenType.PropertyName:
                    _names.Add(_reader.ValueIsEscaped ? Text() : _cache.Get(_reader.ValueSpan));
                    break;
                case JsonTokenType.String:
                    _values.Add(new JsonString(Text()));
                    break;
                case JsonTokenType.Number:
                    _values.Add(Number());
                    break;
                case JsonTokenType.True:
                    _values.Add(JsonValue.True);
                    break;
                case JsonTokenType.False:
                    _values.Add(JsonValue.False);
                    break;
                default:
                    _values.Add(JsonValue.Null);
                    break;
            }
        }

        return _values[0];
    }

    private void CloseArray()
    {
        var (first, _) = _open.Pop();
        var items = CollectionsMarshal.AsSpan(_values)[first..];
        var array = items.Length == 0 ? JsonArray.Empty : new JsonArray(SharedList<JsonValue>.Of(items));
        _values.RemoveRange(first, items.Length);
        _values.Add(array);
    }

    private void CloseObject()
    {
        var (firstValue, firstName) = _open.Pop();
        var values = CollectionsMarshal.AsSpan(_values)[firstValue..];
        var names = CollectionsMarshal.AsSpan(_names)[firstName..];
        var obj = values.Length == 0 ? JsonObject.Empty : Object(names, values);
        _values.RemoveRange(firstValue, values.Length);
        _names.RemoveRange(firstName, names.Length);
        _values.Add(obj);
    }

    private static JsonObject Object(ReadOnlySpan<string> names, ReadOnlySpan<JsonValue> values)
    {
        var members = new KeyValuePair<string, JsonValue>[names.Length];
        Dictionary<string, int>? positions =
            names.Length > NameIndex.ScanMax ? new(names.Length, StringComparer.Ordinal) : null;
        var count = 0;
        for (var i = 0; i < names.Length; i++)
        {
            var place = count;
            if (positions is not null)
            {
                place = positions.TryAdd(names[i], count) ? count : positions[names[i]];
            }
            else
            {
                for (var j = 0; j < count; j++)
                {
                    if (string.Equals(members[j].Key, names[i], StringComparison.Ordinal))
                    {
                        place = j;
                        break;
                    }
                }
            }

            members[place] = new(names[i], values[i]);
            count += place == count ? 1 : 0;
        }

        var kept = count == members.Length ? members : members[..count];
        return new JsonObject(
            SharedList<KeyValuePair<string, JsonValue>>.Adopt(kept),
            positions is not null && count > NameIndex.ScanMax ? NameIndex.Of(positions) : null);
    }

    private JsonNumber Number()
    {
        var digits = _reader.ValueSpan;
        if (_reader.TryGetInt64(out var whole) && !(whole == 0 && digits[0] == '-'))
        {
            return JsonNumber.Of(whole);
        }

        return new JsonNumber(
            double.Parse(digits, NumberStyles.Float, CultureInfo.InvariantCulture), Encoding.ASCII.GetString(digits));
    }

    private readonly string Text() => _reader.ValueIsEscaped
        ? JsonEscapes.Resolve(_reader.ValueSpan)
        : JsonEscapes.StrictUtf8.GetString(_reader.ValueSpan);

    /// <summary>What a parse needs on the way; each thread keeps one for the next text.</summary>
    private sealed class Scratch
    {
        private const int KeptMax = 4096;

        [ThreadStatic]
        private static Scratch? _free;

        public List<JsonValue> Values { get; } = [];

        public List<string> Names { get; } = [];

        public Stack<(int Values, int Names)> Open { get; } = new();

        public NameCache Cache { get; } = new();

        public static Scratch Take()
        {
            var scratch = _free ?? new Scratch();
            _free = null;
            return scratch;
        }

        public void GiveBack()
        {
            // A giant's buffers are left to the collector.
            if (Values.Capacity <= KeptMax && Names.Capacity <= KeptMax && Open.Count <= KeptMax)
            {
                Values.Clear();
                Names.Clear();
                Open.Clear();
                _free = this;
            }
        }
    }

    /// <summary>The names of texts: lists of objects repeat them, and one string each is enough.</summary>
    private sealed class NameCache
    {
        private const int Size = 64;
        private const int BytesMax = 32;

        private readonly string?[] _names = new string?[Size];

        public string Get(ReadOnlySpan<byte> utf8)
        {
            if (utf8.Length is 0 or > BytesMax)
            {
                return JsonEscapes.StrictUtf8.GetString(utf8);
            }

            var hash = (utf8.Length * 7) + (utf8[0] * 31) + (utf8[^1] * 3) + utf8[utf8.Length / 2];
            ref var place = ref _names[hash % Size];
            if (place is not null && Ascii.Equals(utf8, place))
            {
                return place;
            }

            return place = JsonEscapes.StrictUtf8.GetString(utf8);
        }
    }
}

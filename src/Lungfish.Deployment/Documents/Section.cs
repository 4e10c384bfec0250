using System.Collections.Immutable;
using System.Globalization;
using Lungfish.Deployment.Intrinsics;
using Lungfish.Json;

namespace Lungfish.Deployment.Documents;

/// <summary>What the readers of one file share.</summary>
/// <param name="Resolve">Makes a copy of a node without variables or intrinsic functions; the text is the path of
/// its key.</param>
internal sealed record ReadContext(
    string FileName, Problems Problems, Func<DocumentNode, string, DocumentNode> Resolve)
{
    /// <summary>Keys that change nothing here and that nobody should be surprised about.</summary>
    public ImmutableArray<string>.Builder AcceptedOnly { get; } = ImmutableArray.CreateBuilder<string>();
}

/// <summary>One map of the file. Every key in it must be read, accepted or refused: none is passed over in
/// silence.</summary>
internal sealed class Section
{
    private readonly MapNode _map;
    private readonly ReadContext _context;
    private readonly HashSet<string> _known = [];

    public Section(DocumentNode node, string path, ReadContext context)
    {
        Path = path;
        Mark = node.Mark;
        _context = context;
        // A whole section may be one variable. What is in it is resolved key by key, as far as it is read.
        var opened = node is ScalarNode || IntrinsicResolver.IsIntrinsic(node) ? context.Resolve(node, path) : node;
        _map = opened as MapNode ?? new MapNode([]) { Mark = node.Mark };
        if (opened is not MapNode and not ScalarNode { Value: JsonNull })
        {
            Complain(node.Mark, path, $"this is {opened.Kind}, and must be a map", "Write keys with values.");
        }
    }

    public string Path { get; }

    public Mark Mark { get; }

    /// <summary>The entries of a map whose keys are names that the author chose.</summary>
    public IEnumerable<MapEntry> Named => _map.Entries;

    /// <summary>The same where each of them costs what all of them inherit.</summary>
    public IEnumerable<MapEntry> NamedUpTo(int max)
    {
        if (_map.Entries.Length > max)
        {
            Complain(Mark, Path, $"there are {_map.Entries.Length} of these, more than {max}", "Divide the file.");
        }

        return _map.Entries.Take(max);
    }

    public string KeyOf(string key) => Keys.Join(Path, key);

    /// <summary>The section under a key, or null if the key is missing.</summary>
    public Section? Open(string key)
    {
        _ = _known.Add(key);
        return _map.TryGet(key, out var node) ? new Section(node, KeyOf(key), _context) : null;
    }

    /// <summary>Notes that somebody else reads what is under these keys.</summary>
    public void Leave(params IEnumerable<string> keys) => _known.UnionWith(keys);

    public Section Open(MapEntry entry) => new(entry.Value, KeyOf(entry.Key), _context);

    /// <summary>The value without variables, or null if the key is missing or has no value.</summary>
    public DocumentNode? Read(string key)
    {
        _ = _known.Add(key);
        if (!_map.TryGet(key, out var node))
        {
            return null;
        }

        var resolved = _context.Resolve(node, KeyOf(key));
        return resolved is ScalarNode { Value: JsonNull } ? null : resolved;
    }

    public string? ReadText(string key) => Read(key) switch
    {
        null => null,
        ScalarNode scalar => scalar.Display,
        var other => Complain<string>(other, key, "text"),
    };

    public bool? ReadBoolean(string key) => Read(key) switch
    {
        null => null,
        ScalarNode { Value: JsonBoolean boolean } => boolean.Value,
        ScalarNode { Text: { } text } when bool.TryParse(text, out var value) => value, // Of a variable or parameter.
        var other => Complain<bool?>(other, key, "true or false"),
    };

    /// <param name="min">The smallest number that is allowed; the largest is <paramref name="max"/>.</param>
    public int? ReadNumber(string key, int min, int max)
    {
        var node = Read(key);
        if (node is null)
        {
            return null;
        }

        if (node is not ScalarNode scalar || !TryReadWhole(scalar, out var value))
        {
            return Complain<int?>(node, key, "a whole number");
        }

        if (value < min || value > max)
        {
            Complain(node.Mark, KeyOf(key), $"{value} is out of range", $"Give {min} to {max}.");
            return null;
        }

        return (int)value;
    }

    /// <summary>What comes out of a variable or a parameter is text, also where it is a number.</summary>
    private static bool TryReadWhole(ScalarNode scalar, out long value) => scalar.Value is JsonNumber number
        ? number.TryGetInt64(out value)
        : long.TryParse(scalar.Text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    public string RequireText(string key)
    {
        if (ReadText(key) is { Length: > 0 } text)
        {
            return text;
        }

        Complain(Mark, KeyOf(key), "the key is missing", "Add it.");
        return "";
    }

    /// <summary>A map of texts, empty if the key is missing.</summary>
    public ImmutableSortedDictionary<string, string> ReadTexts(string key)
    {
        var texts = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (Open(key) is { } map)
        {
            foreach (var entry in map.Named)
            {
                texts[entry.Key] = map.ReadText(entry.Key) ?? "";
            }
        }

        return texts.ToImmutable();
    }

    /// <summary>A list of maps, empty if the key is missing.</summary>
    public IEnumerable<Section> OpenList(string key)
    {
        var items = Read(key) switch
        {
            null => [],
            ListNode list => list.Items,
            var other => Complain<ImmutableArray<DocumentNode>?>(other, key, "a list") ?? [],
        };
        return items.Select((item, i) => new Section(item, $"{KeyOf(key)}[{i}]", _context));
    }

    /// <summary>Keys that are fine to have and change nothing here.</summary>
    public void Accept(params IEnumerable<string> keys)
    {
        foreach (var key in keys.Where(k => _known.Add(k) && _map.TryGet(k, out _)))
        {
            _context.AcceptedOnly.Add(KeyOf(key));
        }
    }

    /// <summary>A key that would change what runs, and that this version cannot carry out.</summary>
    public void Refuse(string key, string whatToDo)
    {
        _ = _known.Add(key);
        if (_map.Entries.FirstOrDefault(e => e.Key == key) is { } entry)
        {
            Complain(entry.KeyMark, KeyOf(key), "this key is not read yet", whatToDo);
        }
    }

    /// <summary>Complains about every key that nobody asked for.</summary>
    public void End()
    {
        foreach (var entry in _map.Entries.Where(e => !_known.Contains(e.Key)))
        {
            var near = Spelling.Nearest(entry.Key, _known);
            var advice = near is null ? "Take it out; nothing here carries it out." : $"Did you mean {near}?";
            Complain(entry.KeyMark, KeyOf(entry.Key), "this key is not known", advice);
        }
    }

    public void Complain(Mark mark, string key, string message, string whatToDo) =>
        _context.Problems.Add(mark, key, message, whatToDo);

    private T? Complain<T>(DocumentNode node, string key, string wanted)
    {
        Complain(node.Mark, KeyOf(key), $"this is {node.Kind}, and must be {wanted}", "Change the value.");
        return default;
    }
}

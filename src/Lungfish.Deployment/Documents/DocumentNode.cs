using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Lungfish.Json;

namespace Lungfish.Deployment.Documents;

/// <summary>Where something stands in a file. Both count from 1.</summary>
public readonly record struct Mark(int Line, int Column);

/// <summary>A node of a YAML document that knows where it stands, so that every complaint can say so.</summary>
public abstract record DocumentNode
{
    private protected DocumentNode() { } // Closed: scalars, lists and maps.

    public required Mark Mark { get; init; }

    /// <summary>What the reader calls this kind of node in messages.</summary>
    public abstract string Kind { get; }
}

/// <summary>Text, a number, true, false or null, as YAML's core schema reads it.</summary>
public sealed record ScalarNode(JsonValue Value) : DocumentNode
{
    public override string Kind => Value.Kind switch
    {
        JsonKind.Null => "nothing",
        JsonKind.Boolean => "true or false",
        JsonKind.Number => "a number",
        _ => "text",
    };

    public string? Text => (Value as JsonString)?.Value;

    /// <summary>As it appears inside other text: variables are often joined from numbers and booleans.</summary>
    public string Display => Value switch
    {
        JsonString text => text.Value,
        JsonNull => "",
        _ => Value.ToText(),
    };
}

public sealed record ListNode(ImmutableArray<DocumentNode> Items) : DocumentNode
{
    public override string Kind => "a list";
}

public sealed record MapNode(ImmutableArray<MapEntry> Entries) : DocumentNode
{
    private const int SearchedMax = 16; // Small maps are searched as they are.

    // Made when somebody asks. A copy by "with" has other entries, and makes its own.
    private (ImmutableArray<MapEntry> Of, Dictionary<string, DocumentNode> Values)? _index;

    public override string Kind => "a map";

    public bool TryGet(string key, [NotNullWhen(true)] out DocumentNode? value)
    {
        if (Entries.Length > SearchedMax)
        {
            return Index().TryGetValue(key, out value);
        }

        foreach (var entry in Entries)
        {
            if (entry.Key == key)
            {
                value = entry.Value;
                return true;
            }
        }

        value = null;
        return false;
    }

    private Dictionary<string, DocumentNode> Index()
    {
        if (_index is { } index && index.Of == Entries)
        {
            return index.Values;
        }

        var values = new Dictionary<string, DocumentNode>(StringComparer.Ordinal);
        foreach (var entry in Entries)
        {
            _ = values.TryAdd(entry.Key, entry.Value);
        }

        _index = (Entries, values);
        return values;
    }
}

public sealed record MapEntry(string Key, Mark KeyMark, DocumentNode Value);

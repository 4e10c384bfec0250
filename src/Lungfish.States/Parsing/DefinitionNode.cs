using System.Globalization;
using Lungfish.Json;

namespace Lungfish.States.Parsing;

/// <summary>A JSON value of a definition that knows where it stands: in the text, and below its parent.</summary>
internal sealed class DefinitionNode
{
    private readonly DefinitionNode? _parent;
    private readonly int _index;
    private readonly JsonValue? _scalar;
    private readonly List<DefinitionNode> _children = [];
    private readonly Dictionary<string, DefinitionNode>? _members;

    /// <param name="kind">Array or object if <paramref name="scalar"/> is null.</param>
    /// <param name="name">The member's name, if the parent is an object.</param>
    /// <param name="offset">Where its text begins, in bytes: the name's, for a member.</param>
    public DefinitionNode(DefinitionNode? parent, string? name, int offset, JsonKind kind, JsonValue? scalar)
    {
        _parent = parent;
        _index = parent?._children.Count ?? 0;
        _scalar = scalar;
        _members = kind == JsonKind.Object ? [] : null;
        Name = name;
        Offset = offset;
        Kind = kind;
    }

    public string? Name { get; }

    public int Offset { get; }

    public JsonKind Kind { get; }

    /// <summary>Members or items in the order of the text. Of members with one name all are here.</summary>
    public IReadOnlyList<DefinitionNode> Children => _children;

    public string? Text => (_scalar as JsonString)?.Value;

    /// <summary>AWS's form: <c>/States/A/Choices[0]/Next</c>, and <c>/</c> for the whole.</summary>
    public string Location => _parent is null ? "/" : Path;

    /// <summary>The same place as a JSON pointer (RFC 6901): <c>/States/A/Choices/0/Next</c>, and nothing for the
    /// whole.</summary>
    public string Pointer => _parent switch
    {
        null => "",
        { Kind: JsonKind.Array } => string.Create(CultureInfo.InvariantCulture, $"{_parent.Pointer}/{_index}"),
        _ => $"{_parent.Pointer}/{Escape(Name ?? "")}",
    };

    private string Path => _parent switch
    {
        null => "",
        { Kind: JsonKind.Array } => string.Create(CultureInfo.InvariantCulture, $"{_parent.Path}[{_index}]"),
        _ => $"{_parent.Path}/{Name}",
    };

    /// <summary>The member of that name; of several the last, as in AWS's own parser.</summary>
    public DefinitionNode? this[string name] => _members?.GetValueOrDefault(name);

    /// <summary>Adds a child; returns the member that it takes the name from, if there is one.</summary>
    public DefinitionNode? Add(DefinitionNode child)
    {
        _children.Add(child);
        if (_members is null || child.Name is null)
        {
            return null;
        }

        var earlier = _members.GetValueOrDefault(child.Name);
        _members[child.Name] = child;
        return earlier;
    }

    /// <summary>The members that count: one of each name, in the order of the text.</summary>
    public IEnumerable<DefinitionNode> Members =>
        _children.Where(child => child.Name is { } name && this[name] == child);

    private static string Escape(string name) => name
        .Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    public JsonValue ToJson() => _scalar ?? (Kind == JsonKind.Array
        ? new JsonArray([.. _children.Select(child => child.ToJson())])
        : JsonObject.Of(Members.Select(member => KeyValuePair.Create(member.Name ?? "", member.ToJson()))));

    /// <summary>The node at a pointer below this one, such as <c>/a/b[0]</c>; this one if it leads nowhere.</summary>
    public DefinitionNode Find(string below)
    {
        if (below.Length == 0)
        {
            return this;
        }

        // A name may hold any character, so that a pointer is compared with those of the children, not taken apart.
        foreach (var child in _children)
        {
            var step = child.Path[Path.Length..];
            if (below.StartsWith(step, StringComparison.Ordinal) &&
                (below.Length == step.Length || below[step.Length] is '/' or '['))
            {
                return child.Find(below[step.Length..]);
            }
        }

        return this;
    }
}

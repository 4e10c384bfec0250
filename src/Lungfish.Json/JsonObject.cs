using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Lungfish.Json;

/// <summary>An object whose members keep the order in which they were written; a repeated name keeps the last value.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "JSON's word for it.")]
public sealed class JsonObject : JsonValue, IReadOnlyCollection<KeyValuePair<string, JsonValue>>
{
    public static readonly JsonObject Empty = new(ImmutableArray<KeyValuePair<string, JsonValue>>.Empty);

    private const int ScanMax = 8;

    private readonly ImmutableArray<KeyValuePair<string, JsonValue>> _members;
    private Dictionary<string, int>? _index;

    private JsonObject(ImmutableArray<KeyValuePair<string, JsonValue>> members) => _members = members;

    public override JsonKind Kind => JsonKind.Object;

    public int Count => _members.Length;

    /// <summary>The member's value, or null (not <see cref="JsonNull"/>) if there is none by that name.</summary>
    public JsonValue? this[string name] => IndexOf(name) is var i && i >= 0 ? _members[i].Value : null;

    public static JsonObject Of(params IEnumerable<KeyValuePair<string, JsonValue>> members)
    {
        var builder = new Builder();
        foreach (var (name, value) in members)
        {
            builder.Set(name, value);
        }

        return builder.Build();
    }

    public static JsonObject Of(string name, JsonValue value) => new([new(name, value)]);

    public static JsonObject Of(params IEnumerable<(string Name, JsonValue Value)> members)
    {
        var builder = new Builder();
        foreach (var (name, value) in members)
        {
            builder.Set(name, value);
        }

        return builder.Build();
    }

    public bool TryGet(string name, [NotNullWhen(true)] out JsonValue? value)
    {
        value = this[name];
        return value is not null;
    }

    /// <summary>A copy in which the member has that value: in its place if it exists, else at the end.</summary>
    public JsonObject With(string name, JsonValue value)
    {
        var i = IndexOf(name);
        return new(i >= 0 ? _members.SetItem(i, new(name, value)) : _members.Add(new(name, value)));
    }

    public ImmutableArray<KeyValuePair<string, JsonValue>>.Enumerator GetEnumerator() => _members.GetEnumerator();

    IEnumerator<KeyValuePair<string, JsonValue>> IEnumerable<KeyValuePair<string, JsonValue>>.GetEnumerator() =>
        ((IEnumerable<KeyValuePair<string, JsonValue>>)_members).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable)_members).GetEnumerator();

    public override bool Equals(JsonValue? other)
    {
        if (ReferenceEquals(this, other))
        {
            return true;
        }

        if (other is not JsonObject obj || obj.Count != Count)
        {
            return false;
        }

        foreach (var (name, value) in _members)
        {
            if (obj[name] is not { } theirs || !value.Equals(theirs))
            {
                return false;
            }
        }

        return true;
    }

    private protected override int ComputeHash()
    {
        unchecked
        {
            var hash = 19;
            foreach (var (name, value) in _members)
            {
                hash += StableHash.Of(name) * ((value.GetHashCode() * 2) + 1);
            }

            return hash;
        }
    }

    private protected override long MeasureUtf8()
    {
        long length = 2 + Math.Max(0, Count - 1);
        foreach (var (name, value) in _members)
        {
            length += JsonWriter.MeasureString(name) + 1 + value.Utf8Length;
        }

        return length;
    }

    private int IndexOf(string name)
    {
        if (Count <= ScanMax)
        {
            for (var i = 0; i < _members.Length; i++)
            {
                if (string.Equals(_members[i].Key, name, StringComparison.Ordinal))
                {
                    return i;
                }
            }

            return -1;
        }

        var index = _index;
        if (index is null)
        {
            index = new Dictionary<string, int>(Count, StringComparer.Ordinal);
            for (var i = 0; i < _members.Length; i++)
            {
                index[_members[i].Key] = i;
            }

            _index = index;
        }

        return index.TryGetValue(name, out var found) ? found : -1;
    }

    /// <summary>Collects members for one object.</summary>
    public sealed class Builder
    {
        private readonly ImmutableArray<KeyValuePair<string, JsonValue>>.Builder _members =
            ImmutableArray.CreateBuilder<KeyValuePair<string, JsonValue>>();

        private Dictionary<string, int>? _index;

        public void Set(string name, JsonValue value)
        {
            var i = Find(name);
            if (i >= 0)
            {
                _members[i] = new(name, value);
                return;
            }

            _index?.Add(name, _members.Count);
            _members.Add(new(name, value));
        }

        public JsonObject Build() => _members.Count == 0 ? Empty : new(_members.ToImmutable());

        private int Find(string name)
        {
            if (_index is null && _members.Count > ScanMax)
            {
                _index = new(StringComparer.Ordinal);
                for (var i = 0; i < _members.Count; i++)
                {
                    _index.Add(_members[i].Key, i);
                }
            }

            if (_index is not null)
            {
                return _index.TryGetValue(name, out var found) ? found : -1;
            }

            for (var i = 0; i < _members.Count; i++)
            {
                if (string.Equals(_members[i].Key, name, StringComparison.Ordinal))
                {
                    return i;
                }
            }

            return -1;
        }
    }
}

using Lungfish.Json;

namespace Lungfish.Jsonata.Values;

/// <summary>The members of any object, in order.</summary>
internal readonly struct Members
{
    private readonly JsonObject? _json;
    private readonly OpenObject? _open;

    public Members(Value value) => (_json, _open) = (value.Object as JsonObject, value.Object as OpenObject);

    public int Count => _json?.Count ?? _open?.Count ?? 0;

    public Enumerator GetEnumerator() => new(this);

    public struct Enumerator
    {
        private readonly OpenObject? _open;
        private readonly bool _isJson;
        private JsonObject.Enumerator _members;
        private int _index;

        internal Enumerator(Members members)
        {
            _open = members._open;
            _isJson = members._json is not null;
            _members = members._json is null ? default : members._json.GetEnumerator();
            _index = -1;
        }

        public readonly KeyValuePair<string, Value> Current => _open is null
            ? new(_members.Current.Key, Value.Of(_members.Current.Value))
            : _open[_index];

        public bool MoveNext() => _isJson ? _members.MoveNext() : _open is not null && ++_index < _open.Count;
    }
}

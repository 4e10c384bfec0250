namespace Lungfish.Jsonata.Values;

/// <summary>An object that JSON cannot hold, because it holds functions, or that a transform changes.</summary>
internal sealed class OpenObject
{
    private const int ScanMax = 12;

    private readonly List<KeyValuePair<string, Value>> _members = [];
    private Dictionary<string, int>? _places;

    public int Count => _members.Count;

    public KeyValuePair<string, Value> this[int index] => _members[index];

    public Value Find(string name) => PlaceOf(name) is >= 0 and var place ? _members[place].Value : default;

    public bool Has(string name) => PlaceOf(name) >= 0;

    public void Set(string name, Value value)
    {
        var place = PlaceOf(name);
        if (place >= 0)
        {
            _members[place] = new(name, value);
            return;
        }

        _places?.Add(name, _members.Count);
        _members.Add(new(name, value));
    }

    public void Remove(string name)
    {
        var place = PlaceOf(name);
        if (place >= 0)
        {
            _members.RemoveAt(place);
            _places = null; // Those behind it have moved.
        }
    }

    private int PlaceOf(string name)
    {
        if (_members.Count <= ScanMax)
        {
            for (var i = 0; i < _members.Count; i++)
            {
                if (string.Equals(_members[i].Key, name, StringComparison.Ordinal))
                {
                    return i;
                }
            }

            return -1;
        }

        if (_places is null)
        {
            _places = new Dictionary<string, int>(StringComparer.Ordinal);
            for (var i = 0; i < _members.Count; i++)
            {
                _places.Add(_members[i].Key, i);
            }
        }

        return _places.TryGetValue(name, out var place) ? place : -1;
    }
}

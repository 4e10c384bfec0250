using Lungfish.Json;
using Lungfish.Jsonata.Evaluation;

namespace Lungfish.Jsonata.Values;

/// <summary>Makes an object: a JSON object, unless something in it is none.</summary>
/// <param name="capacity">How many members there will be, at most.</param>
/// <param name="run">Pays for the room.</param>
internal struct ObjectBuilder(int capacity, Run run)
{
    private const int MemberBytes = 24;

    private readonly KeyValuePair<string, JsonValue>[] _members = new KeyValuePair<string, JsonValue>[capacity];
    private int _count;
    private OpenObject? _open;

    /// <param name="name">Not there yet.</param>
    /// <param name="value">Undefined is left out.</param>
    public void Add(string name, Value value)
    {
        if (value.IsUndefined)
        {
            return;
        }

        run.Charge(MemberBytes + (_count == 0 ? Run.ObjectBytes : 0));
        if (_open is null && JsonForm.TryOf(value, run, out var json))
        {
            _members[_count++] = new(name, json);
            return;
        }

        if (_open is null)
        {
            _open = new OpenObject();
            for (var i = 0; i < _count; i++)
            {
                _open.Set(_members[i].Key, Value.Of(_members[i].Value));
            }
        }

        _open.Set(name, value);
    }

    public readonly bool IsEmpty => _count == 0 && _open is null;

    public readonly Value Build() => _open is not null
        ? Value.Of(_open)
        : Value.Of(JsonObject.OfDistinct(_count == _members.Length ? _members : _members[.._count]));
}

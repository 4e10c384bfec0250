using Lungfish.Engine.Identifiers;

namespace Lungfish.Engine.Timing;

/// <summary>Which execution of a partition must be woken when: at most one entry for each, ordered by time, and those
/// that are found due together by their ids.</summary>
/// <remarks>A binary heap that knows where each entry stands, so that a moved timer leaves nothing behind. Ids are of
/// version 7, so what started together lies together in the store: of many that are due, those that are woken together
/// then share the pages that a commit has to write. Who is found due later is taken later, however small its id.
/// </remarks>
internal sealed class WakeIndex
{
    public const long Never = long.MaxValue;

    private const int FoundTogetherMax = 20_000;

    private readonly List<Entry> _heap = [];
    private readonly Dictionary<Guid, int> _places = [];

    // Found due, and not taken yet.
    private readonly SortedDictionary<Guid, ExecutionId> _due = [];
    private long _dueSinceMs;

    public int Count => _heap.Count + _due.Count;

    public long NextDueMs => _due.Count > 0 ? _dueSinceMs : _heap.Count > 0 ? _heap[0].DueMs : Never;

    public void Clear()
    {
        _heap.Clear();
        _places.Clear();
        _due.Clear();
    }

    /// <summary>Sets the one moment at which to wake this execution.</summary>
    public void Set(ExecutionId id, long dueMs)
    {
        _ = _due.Remove(id.Uuid);
        if (!_places.TryGetValue(id.Uuid, out var place))
        {
            place = _heap.Count;
            _heap.Add(new Entry(dueMs, id));
            _places.Add(id.Uuid, place);
            Rise(place);
            return;
        }

        var before = _heap[place].DueMs;
        _heap[place] = new Entry(dueMs, id);
        if (dueMs < before)
        {
            Rise(place);
        }
        else if (dueMs > before)
        {
            Sink(place);
        }
    }

    /// <summary>Wakes the execution at that moment if nothing wakes it before.</summary>
    public void SetEarlier(ExecutionId id, long dueMs)
    {
        if (!_due.ContainsKey(id.Uuid)
            && (!_places.TryGetValue(id.Uuid, out var place) || dueMs < _heap[place].DueMs))
        {
            Set(id, dueMs);
        }
    }

    public void Remove(Guid uuid)
    {
        if (_places.Remove(uuid, out var place))
        {
            RemoveAt(place);
        }
        else
        {
            _ = _due.Remove(uuid);
        }
    }

    public bool TryTakeDue(long nowMs, out ExecutionId id)
    {
        if (_due.Count == 0)
        {
            FindDue(nowMs);
        }

        using var first = _due.GetEnumerator();
        if (!first.MoveNext())
        {
            id = default;
            return false;
        }

        id = first.Current.Value;
        return _due.Remove(id.Uuid);
    }

    private void FindDue(long nowMs)
    {
        _dueSinceMs = NextDueMs;
        while (_heap.Count > 0 && _heap[0].DueMs <= nowMs && _due.Count < FoundTogetherMax)
        {
            var id = _heap[0].Id;
            Remove(id.Uuid);
            _due.Add(id.Uuid, id);
        }
    }

    private void RemoveAt(int place)
    {
        var last = _heap.Count - 1;
        var moved = _heap[last];
        _heap.RemoveAt(last);
        if (place == last)
        {
            return;
        }

        _heap[place] = moved;
        _places[moved.Id.Uuid] = place;
        Rise(place);
        Sink(_places[moved.Id.Uuid]);
    }

    private void Rise(int place)
    {
        var entry = _heap[place];
        while (place > 0)
        {
            var parent = (place - 1) / 2;
            if (!IsBefore(entry, _heap[parent]))
            {
                break;
            }

            Put(place, _heap[parent]);
            place = parent;
        }

        Put(place, entry);
    }

    private void Sink(int place)
    {
        var entry = _heap[place];
        while (true)
        {
            var child = (2 * place) + 1;
            if (child >= _heap.Count)
            {
                break;
            }

            if (child + 1 < _heap.Count && IsBefore(_heap[child + 1], _heap[child]))
            {
                child++;
            }

            if (!IsBefore(_heap[child], entry))
            {
                break;
            }

            Put(place, _heap[child]);
            place = child;
        }

        Put(place, entry);
    }

    private static bool IsBefore(in Entry one, in Entry other) => one.DueMs != other.DueMs
        ? one.DueMs < other.DueMs
        : one.Id.Uuid.CompareTo(other.Id.Uuid) < 0;

    private void Put(int place, Entry entry)
    {
        _heap[place] = entry;
        _places[entry.Id.Uuid] = place;
    }

    private readonly record struct Entry(long DueMs, ExecutionId Id);
}

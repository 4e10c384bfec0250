using System.Diagnostics.CodeAnalysis;
using Lungfish.Engine.Identifiers;

namespace Lungfish.Engine.Partitions;

/// <summary>The executions of a partition that are in memory. Those at rest are bounded in number and in
/// time.</summary>
internal sealed class ResidentCache(int restingMax)
{
    private readonly Dictionary<Guid, Resident> _byUuid = [];
    private readonly Dictionary<ExecutionKey, Resident> _byKey = [];
    private readonly LinkedList<Resident> _resting = []; // Least recently used first.

    public IEnumerable<Resident> All => _byUuid.Values;

    public int Count => _byUuid.Count;

    public bool TryGet(Guid uuid, [NotNullWhen(true)] out Resident? resident) =>
        _byUuid.TryGetValue(uuid, out resident);

    public bool TryGet(ExecutionKey key, [NotNullWhen(true)] out Resident? resident) =>
        _byKey.TryGetValue(key, out resident);

    public void Add(Resident resident)
    {
        _byUuid.Add(resident.Id.Uuid, resident);
        _byKey.Add(resident.Key, resident);
    }

    public void Remove(Resident resident)
    {
        if (_byUuid.Remove(resident.Id.Uuid))
        {
            _ = _byKey.Remove(resident.Key);
            KeepInMemory(resident);
        }
    }

    public void Clear()
    {
        _byUuid.Clear();
        _byKey.Clear();
        _resting.Clear();
    }

    /// <summary>Says that it may leave memory when others need the room.</summary>
    public void LetRest(Resident resident, long nowMs)
    {
        resident.LastUsedMs = nowMs;
        if (resident.Place is { } place)
        {
            _resting.Remove(place);
            _resting.AddLast(place);
        }
        else
        {
            resident.Place = _resting.AddLast(resident);
        }
    }

    public void KeepInMemory(Resident resident)
    {
        if (resident.Place is { } place)
        {
            _resting.Remove(place);
            resident.Place = null;
        }
    }

    /// <summary>The next one that has to leave memory: there are too many, or it was not used since that
    /// moment.</summary>
    public bool TryTakeExcess(long unusedSinceMs, [NotNullWhen(true)] out Resident? resident)
    {
        resident = _resting.First?.Value;
        if (resident is null || (_resting.Count <= restingMax && resident.LastUsedMs > unusedSinceMs))
        {
            resident = null;
            return false;
        }

        Remove(resident);
        return true;
    }
}

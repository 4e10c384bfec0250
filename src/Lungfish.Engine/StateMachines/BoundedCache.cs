using System.Diagnostics.CodeAnalysis;

namespace Lungfish.Engine.StateMachines;

/// <summary>A cache that keeps at least the last so many used, at most twice as many.</summary>
/// <remarks>Two generations: when the young one is full it becomes the old one, and what was not used since is
/// gone.</remarks>
internal sealed class BoundedCache<TKey, TValue>(int youngMax)
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private Dictionary<TKey, TValue> _young = [];
    private Dictionary<TKey, TValue> _old = [];

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        lock (_lock)
        {
            if (_young.TryGetValue(key, out value))
            {
                return true;
            }

            if (!_old.TryGetValue(key, out value))
            {
                return false;
            }

            Add(key, value);
            return true;
        }
    }

    public void Set(TKey key, TValue value)
    {
        lock (_lock)
        {
            Add(key, value);
        }
    }

    private void Add(TKey key, TValue value)
    {
        if (_young.Count >= youngMax)
        {
            _old = _young;
            _young = [];
        }

        _young[key] = value;
    }
}

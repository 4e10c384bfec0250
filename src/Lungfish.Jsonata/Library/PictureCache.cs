using System.Collections.Concurrent;

namespace Lungfish.Jsonata.Library;

/// <summary>Remembers what was made of the texts that were used last: an expression uses the same picture for every
/// item.</summary>
internal sealed class PictureCache<T>(Func<string, T> make)
    where T : class
{
    private const int CountMax = 256;

    private readonly ConcurrentDictionary<string, T> _made = new(StringComparer.Ordinal);

    public T Get(string text)
    {
        if (_made.TryGetValue(text, out var found))
        {
            return found;
        }

        var made = make(text);
        if (_made.Count >= CountMax)
        {
            _made.Clear(); // Pictures that are computed would fill it without end.
        }

        return _made[text] = made;
    }
}

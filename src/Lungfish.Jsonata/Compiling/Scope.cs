namespace Lungfish.Jsonata.Compiling;

/// <summary>The names of one frame, as the compiler knows them.</summary>
/// <param name="outer">What is around it.</param>
/// <param name="names">By their places in the frame.</param>
/// <param name="isTuple">Its values travel with the items of a path; nothing is assigned to it.</param>
internal sealed class Scope(Scope? outer, IReadOnlyList<string> names, bool isTuple = false)
{
    public Scope? Outer => outer;

    public int Count => names.Count;

    public bool IsTuple => isTuple;

    public int PlaceOf(string name)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (string.Equals(names[i], name, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The scope for what is inside, if there are such names; else this one: no frame is made.</summary>
    public Scope Inside(IReadOnlyList<string> inner) => inner.Count == 0 ? this : new Scope(this, inner);
}

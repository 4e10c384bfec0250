namespace Lungfish.Jsonata.Library;

/// <summary>What a text says of a moment: numbers by the components of a picture, as far as they are known.</summary>
internal sealed class TimeParts
{
    private const string Components = "YXMxWwdDFPHhmsfZzCE";

    private readonly long[] _values = new long[Components.Length];
    private uint _known;

    public bool IsEmpty => _known == 0;

    public long this[char component]
    {
        get => _values[Components.IndexOf(component)];
        set => (_values[Components.IndexOf(component)], _known) = (value, _known | MaskOf(component));
    }

    public bool Has(char component) => (_known & MaskOf(component)) != 0;

    /// <summary>True if some of those components are known, and no other of their kind.</summary>
    public bool HasOnly(string kind, string components)
    {
        var known = _known & MaskOf(kind);
        return known != 0 && (known & ~MaskOf(components)) == 0;
    }

    private static uint MaskOf(char component) => 1u << Components.IndexOf(component);

    private static uint MaskOf(string components)
    {
        var mask = 0u;
        foreach (var component in components)
        {
            mask |= MaskOf(component);
        }

        return mask;
    }
}

namespace Lungfish.Conformance.Matching;

/// <summary>What the placeholders of a case stand for in this run: told beforehand, or bound where first met.</summary>
internal sealed class Bindings(Func<string, string?> told)
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public string? Find(string name)
    {
        if (!_values.TryGetValue(name, out var value) && told(name) is { } toldValue)
        {
            _values[name] = value = toldValue;
        }

        return value;
    }

    public void Bind(string name, string value) => _values[name] = value;

    /// <summary>A copy to try a match with, which <see cref="Adopt"/> keeps or the caller forgets.</summary>
    public Bindings Fork()
    {
        var fork = new Bindings(told);
        fork.Adopt(this);
        return fork;
    }

    public void Adopt(Bindings other)
    {
        foreach (var (name, value) in other._values)
        {
            _values[name] = value;
        }
    }
}

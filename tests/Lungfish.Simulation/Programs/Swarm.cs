namespace Lungfish.Simulation.Programs;

/// <summary>What one run is made of. Each seed leaves things out and prefers others: a run that does a little of
/// everything hides what only a lot of one thing shows.</summary>
internal sealed class Swarm
{
    private readonly ulong _seed;

    public Swarm(ulong seed) => _seed = seed;

    /// <summary>How often to choose this: 0 if this seed leaves it out.</summary>
    public int Weight(string what) => Chance.Of(_seed, "weight", what) % 10 < 3
        ? 0
        : 1 + (int)(Chance.Of(_seed, "amount", what) % 4);

    /// <summary>How often, in percent, this happens where it may happen: 0 for three seeds out of four.</summary>
    public int Percent(string what, int most) => Chance.Of(_seed, "happens", what) % 4 == 0
        ? 1 + (int)(Chance.Of(_seed, "often", what) % (ulong)most)
        : 0;

    public T Pick<T>(Random random, IReadOnlyList<(string What, T Choice)> choices)
    {
        var sum = choices.Sum(choice => Weight(choice.What));
        if (sum == 0)
        {
            return choices[random.Next(choices.Count)].Choice;
        }

        var place = random.Next(sum);
        foreach (var (what, choice) in choices)
        {
            place -= Weight(what);
            if (place < 0)
            {
                return choice;
            }
        }

        throw new InvalidOperationException("The weights have another sum.");
    }
}

/// <summary>Chance that depends on what it is about, and on nothing else: however often and in whatever order it is
/// asked.</summary>
internal static class Chance
{
    private const ulong Basis = 0xCBF29CE484222325;
    private const ulong Prime = 0x100000001B3;

    public static ulong Of(ulong seed, params ReadOnlySpan<string> parts)
    {
        var hash = Basis ^ seed;
        foreach (var part in parts)
        {
            foreach (var c in part)
            {
                hash = unchecked((hash ^ c) * Prime);
            }

            hash = unchecked((hash ^ 0xFFFF) * Prime); // So that ("ab", "c") is not ("a", "bc").
        }

        hash = unchecked((hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9);
        hash = unchecked((hash ^ (hash >> 27)) * 0x94D049BB133111EB);
        return hash ^ (hash >> 31);
    }
}

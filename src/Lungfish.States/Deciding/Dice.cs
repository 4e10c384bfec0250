namespace Lungfish.States.Deciding;

/// <summary>Chance that depends on the seed and an event id alone (SplitMix64).</summary>
internal readonly struct Dice(Seed seed, long eventId)
{
    /// <summary>At least 0 and less than 1.</summary>
    public double Fraction()
    {
        unchecked
        {
            var z = seed.Value + ((ulong)eventId * 0x9E3779B97F4A7C15UL);
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            z ^= z >> 31;
            return (z >> 11) * (1.0 / (1UL << 53));
        }
    }
}

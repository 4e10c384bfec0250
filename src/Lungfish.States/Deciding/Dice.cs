using Lungfish.States.JsonPath;

namespace Lungfish.States.Deciding;

/// <summary>Chance that depends on the seed and an event id alone.</summary>
internal readonly struct Dice(Seed seed, long eventId)
{
    public ulong Bits() => SplitMix.Mix(unchecked(seed.Value + ((ulong)eventId * SplitMix.Step)));

    /// <summary>At least 0 and less than 1.</summary>
    public double Fraction() => SplitMix.ToFraction(Bits());
}

namespace Lungfish.States.JsonPath;

/// <summary>SplitMix64: evenly spread values from a seed, however alike seeds are.</summary>
internal static class SplitMix
{
    public const ulong Step = 0x9E3779B97F4A7C15UL;

    public static ulong Next(ref ulong seed)
    {
        unchecked
        {
            seed += Step;
            return Mix(seed);
        }
    }

    public static ulong Mix(ulong z)
    {
        unchecked
        {
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return z ^ (z >> 31);
        }
    }

    /// <summary>At least 0 and less than 1.</summary>
    public static double ToFraction(ulong bits) => (bits >> 11) * (1.0 / (1UL << 53));
}

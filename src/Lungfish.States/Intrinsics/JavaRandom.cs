namespace Lungfish.States.Intrinsics;

/// <summary>java.util.Random: the generator behind numbers that AWS draws from a seed.</summary>
internal sealed class JavaRandom(long seed)
{
    private const long Multiplier = 0x5DEECE66DL;
    private const long Mask = (1L << 48) - 1;

    private long _seed = (seed ^ Multiplier) & Mask;

    /// <summary>At least <paramref name="start"/> and less than <paramref name="end"/>, as Random.ints does.</summary>
    public int NextInt(int start, int end)
    {
        var range = (long)end - start;
        if (range <= int.MaxValue)
        {
            return start + NextInt((int)range);
        }

        int drawn;
        do
        {
            drawn = Next(32);
        }
        while (drawn < start || drawn >= end);

        return drawn;
    }

    private int NextInt(int bound)
    {
        if ((bound & -bound) == bound)
        {
            return (int)((bound * (long)Next(31)) >> 31);
        }

        int bits;
        int drawn;
        do
        {
            bits = Next(31);
            drawn = bits % bound;
        }
        while ((long)bits - drawn + (bound - 1) > int.MaxValue); // The last, incomplete run of the bound is not even.

        return drawn;
    }

    private int Next(int bits)
    {
        unchecked
        {
            _seed = ((_seed * Multiplier) + 0xB) & Mask;
            return (int)(_seed >> (48 - bits));
        }
    }
}

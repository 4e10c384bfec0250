namespace Lungfish.Jsonata.Library;

/// <summary>Java's linear congruential generator. Documented: <c>java.util.Random</c>.</summary>
internal sealed class JavaRandom(long seed)
{
    private const long Multiplier = 0x5DEECE66D;
    private const long Mask = (1L << 48) - 1;

    private long _state = (seed ^ Multiplier) & Mask;

    public double NextDouble() => (((long)Next(26) << 27) + Next(27)) * (1.0 / (1L << 53));

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
        _state = unchecked((_state * Multiplier) + 0xB) & Mask;
        return (int)(_state >> (48 - bits));
    }
}

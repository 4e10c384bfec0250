using Lungfish.Engine.Identifiers;

namespace Lungfish.Engine.Partitions;

/// <summary>Names of executions, in a few bytes for each: a Bloom filter. What it does not know was never added; of 400
/// others it takes one for a name that was.</summary>
/// <remarks>It grows by layers, each eight times as large as the one before. Safe for use from many threads.</remarks>
/// <param name="layersMax">How far it grows: five hold 4.8 million names in 9.6 MB.</param>
internal sealed class NameFilter(int layersMax)
{
    private const int BitsPerName = 16;
    private const int Probes = 4;
    private const int FirstLayerNames = 1_024;
    private const int GrowthFactor = 8;

    private Layer[] _layers = [new Layer(FirstLayerNames)];

    /// <returns>False: there is no room for it.</returns>
    public bool TryAdd(string name)
    {
        var hash = HashOf(name);
        while (true)
        {
            var layers = Volatile.Read(ref _layers);
            if (layers[^1].TryAdd(hash))
            {
                return true;
            }

            if (layers.Length == layersMax)
            {
                return false;
            }

            _ = Interlocked.CompareExchange(
                ref _layers, [.. layers, new Layer(layers[^1].NamesMax * GrowthFactor)], layers);
        }
    }

    public bool MayHave(string name)
    {
        var hash = HashOf(name);
        foreach (var layer in Volatile.Read(ref _layers))
        {
            if (layer.MayHave(hash))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Of the UTF-8 that the store keeps, so that a name that comes back from there is the same one; mixed, as
    /// the probes need all 64 bits.</summary>
    private static ulong HashOf(string name) => Hashes.Mix(Hashes.Add(Hashes.Start, name));

    private sealed class Layer(int namesMax)
    {
        private readonly ulong[] _words = new ulong[namesMax * BitsPerName / 64];
        private int _count;

        public int NamesMax => namesMax;

        public bool TryAdd(ulong hash)
        {
            if (Volatile.Read(ref _count) >= namesMax)
            {
                return false;
            }

            _ = Interlocked.Increment(ref _count); // By as many too far as there are threads: no harm.
            for (var probe = 0; probe < Probes; probe++)
            {
                var bit = BitOf(hash, probe);
                _ = Interlocked.Or(ref _words[bit / 64], 1UL << (int)(bit % 64));
            }

            return true;
        }

        public bool MayHave(ulong hash)
        {
            for (var probe = 0; probe < Probes; probe++)
            {
                var bit = BitOf(hash, probe);
                if ((Volatile.Read(ref _words[bit / 64]) & (1UL << (int)(bit % 64))) == 0)
                {
                    return false;
                }
            }

            return true;
        }

        /// <summary>Double hashing: the second hash is odd, so that the probes of a name differ.</summary>
        private uint BitOf(ulong hash, int probe)
        {
            unchecked
            {
                var step = (uint)(hash >> 32) | 1;
                return ((uint)hash + ((uint)probe * step)) & (uint)((_words.Length * 64) - 1); // A power of two.
            }
        }
    }
}

using System.Text;

namespace Lungfish.Engine.Identifiers;

/// <summary>Hashes that are the same in every process and for ever.</summary>
internal static class Hashes
{
    public const ulong Start = 14695981039346656037UL;
    public const ulong Prime = 1099511628211UL;

    /// <summary>FNV-1a over the UTF-8 bytes of a text, which go on after those that <paramref name="hash"/> is
    /// of.</summary>
    public static ulong Add(ulong hash, string text)
    {
        const int OnStackMax = 1024;
        var byteCount = Encoding.UTF8.GetMaxByteCount(text.Length);
        Span<byte> bytes = byteCount <= OnStackMax ? stackalloc byte[OnStackMax] : new byte[byteCount];
        foreach (var b in bytes[..Encoding.UTF8.GetBytes(text, bytes)])
        {
            unchecked
            {
                hash = (hash ^ b) * Prime;
            }
        }

        return hash;
    }

    /// <summary>Lets each bit of a number change all others, as SplitMix64 does.</summary>
    public static ulong Mix(ulong value)
    {
        unchecked
        {
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
            return value ^ (value >> 31);
        }
    }
}

using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Lungfish.Engine.Identifiers;

/// <summary>UUIDs from the system's dice. They are rolled for many at a time: one by one, asking the system costs more
/// than all else that is done with an id.</summary>
public static class Uuids
{
    private const int Length = 16;
    private const int RolledTogether = 64;

    [ThreadStatic]
    private static byte[]? t_rolled;

    [ThreadStatic]
    private static int t_left;

    /// <summary>Of version 4.</summary>
    public static Guid New() => Mark(Roll(stackalloc byte[Length]), version: 4);

    /// <summary>Of version 7: those of a later millisecond come later.</summary>
    public static Guid New(DateTimeOffset at)
    {
        var bytes = Roll(stackalloc byte[Length]);
        Span<byte> time = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(time, at.ToUnixTimeMilliseconds());
        time[2..].CopyTo(bytes); // 48 bits.
        return Mark(bytes, version: 7);
    }

    private static Span<byte> Roll(Span<byte> bytes)
    {
        var rolled = t_rolled ??= new byte[RolledTogether * Length];
        if (t_left == 0)
        {
            RandomNumberGenerator.Fill(rolled);
            t_left = RolledTogether;
        }

        t_left--;
        rolled.AsSpan(t_left * Length, Length).CopyTo(bytes);
        return bytes;
    }

    private static Guid Mark(Span<byte> bytes, int version)
    {
        bytes[6] = (byte)((bytes[6] & 0x0F) | (version << 4));
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80); // The variant of RFC 9562.
        return new Guid(bytes, bigEndian: true);
    }
}

using System.Buffers.Binary;

namespace Lungfish.Integrations.S3;

/// <summary>The CRC-32 of zip and PNG, which S3 gives as a checksum.</summary>
internal static class Crc32
{
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(Entry)];

    /// <summary>Big-endian, in base64.</summary>
    public static string Base64Of(ReadOnlySpan<byte> content)
    {
        var crc = uint.MaxValue;
        foreach (var b in content)
        {
            crc = Table[(crc ^ b) & 0xFF] ^ (crc >> 8);
        }

        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, ~crc);
        return Convert.ToBase64String(bytes);
    }

    private static uint Entry(int index)
    {
        var entry = (uint)index;
        for (var bit = 0; bit < 8; bit++)
        {
            entry = (entry & 1) != 0 ? 0xEDB88320 ^ (entry >> 1) : entry >> 1;
        }

        return entry;
    }
}

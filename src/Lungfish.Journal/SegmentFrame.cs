using System.Buffers.Binary;

namespace Lungfish.Journal;

/// <summary>What every segment has around its facts: the version before them, a CRC-32C of all that after.</summary>
public static class SegmentFrame
{
    internal const int ChecksumBytes = 4;

    /// <summary>Checks a stored segment.</summary>
    /// <returns>The bytes after the version.</returns>
    /// <exception cref="CorruptJournalException">The checksum is wrong, or no such version is known.</exception>
    public static ReadOnlySpan<byte> Open(ReadOnlySpan<byte> segment, byte versionMin, byte versionMax)
    {
        if (segment.Length < 1 + ChecksumBytes)
        {
            throw new CorruptJournalException("The segment is shorter than any segment.");
        }

        var content = segment[..^ChecksumBytes];
        if (BinaryPrimitives.ReadUInt32LittleEndian(segment[^ChecksumBytes..]) != Crc32C.Of(content))
        {
            throw new CorruptJournalException("The checksum of the segment is wrong.");
        }

        var version = content[0];
        return version >= versionMin && version <= versionMax
            ? content[1..]
            : throw new CorruptJournalException(
                $"The segment has version {version}; this program reads {versionMin} to {versionMax}.");
    }
}

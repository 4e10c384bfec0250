using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Lungfish.Journal;

/// <summary>Reads one fact.</summary>
public delegate TFact FactReader<out TFact>(ref SegmentReader reader);

/// <summary>What every segment has around its facts: the version and their count before them, a CRC-32C of all that
/// after them.</summary>
public static class SegmentFrame
{
    internal const int ChecksumBytes = 4;

    public static JournalSegment Write<TFact>(
        byte version, IReadOnlyList<TFact> facts, Action<SegmentWriter, TFact> write)
    {
        using var writer = new SegmentWriter();
        writer.WriteByte(version);
        writer.WriteNumber(facts.Count);
        for (var i = 0; i < facts.Count; i++)
        {
            write(writer, facts[i]);
        }

        return writer.ToSegment();
    }

    /// <param name="segment">One segment as it was stored.</param>
    /// <param name="versionMin">The oldest version that is understood.</param>
    /// <param name="versionMax">The newest version that is understood.</param>
    /// <param name="blob">Fetches a blob that the segment names.</param>
    /// <param name="payloads">What the segments before it in its journal have named.</param>
    /// <param name="read">Reads each fact.</param>
    /// <exception cref="CorruptJournalException">The checksum or the form is wrong, or no such version is
    /// known.</exception>
    public static ImmutableArray<TFact> Read<TFact>(
        ReadOnlySpan<byte> segment,
        byte versionMin,
        byte versionMax,
        Func<BlobId, ReadOnlyMemory<byte>> blob,
        PayloadCache payloads,
        FactReader<TFact> read)
    {
        var reader = new SegmentReader(Open(segment, versionMin, versionMax), blob, payloads);
        var count = reader.ReadCount();
        var facts = ImmutableArray.CreateBuilder<TFact>(count);
        for (var i = 0; i < count; i++)
        {
            facts.Add(read(ref reader));
        }

        reader.ExpectEnd();
        return facts.MoveToImmutable();
    }

    /// <returns>The bytes after the version.</returns>
    private static ReadOnlySpan<byte> Open(ReadOnlySpan<byte> segment, byte versionMin, byte versionMax)
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

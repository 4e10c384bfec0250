using System.Collections.Immutable;
using Lungfish.Journal;

namespace Lungfish.Durable.Journal;

/// <summary>Facts to bytes and back. Every version ever written stays readable.</summary>
public static class FactCodec
{
    public static JournalSegment Encode(IReadOnlyList<Fact> facts) => throw new NotSupportedException($"{facts.Count}");

    /// <param name="segment">One segment as it was stored.</param>
    /// <param name="blob">Fetches a blob that the segment names.</param>
    /// <exception cref="CorruptJournalException">The checksum or the form is wrong.</exception>
    public static ImmutableArray<Fact> Decode(ReadOnlySpan<byte> segment, Func<BlobId, ReadOnlyMemory<byte>> blob) =>
        throw new NotSupportedException($"{segment.Length} {blob.Method.Name}");
}

using System.Collections.Immutable;

namespace Lungfish.Journal;

/// <summary>The content of a payload that is stored beside the journal, under its SHA-256.</summary>
public readonly record struct Blob(BlobId Id, ReadOnlyMemory<byte> Content);

/// <summary>The SHA-256 of a stored payload, in lower-case hex.</summary>
public readonly record struct BlobId(string Hex);

/// <summary>Facts of one commit as they are stored.</summary>
/// <param name="Segment">Self-contained but for the blobs it names; carries its version and a checksum.</param>
/// <param name="Blobs">Payloads too large to stand in the segment, in the order of their first use.</param>
public sealed record JournalSegment(ReadOnlyMemory<byte> Segment, ImmutableArray<Blob> Blobs);

/// <summary>A stored segment is not what was written: damage below us.</summary>
public sealed class CorruptJournalException(string message) : Exception(message);

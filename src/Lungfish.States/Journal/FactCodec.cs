using System.Collections.Immutable;
using Lungfish.Journal;

namespace Lungfish.States.Journal;

/// <summary>Facts to bytes and back. Every version ever written stays readable.</summary>
/// <remarks>
/// A segment is: version (1 byte), count of facts, facts, CRC-32C of all that (4 bytes). Numbers are LEB128 varints,
/// signed ones zigzag. A string or a JSON value that occurs again, the same instance, is a reference to its first
/// occurrence. Integers count from the fact before, so that most of them take one byte.
/// </remarks>
public static class FactCodec
{
    /// <summary>2 adds members of details and kinds of facts to 1, and changes nothing that 1 has.</summary>
    internal const byte Version = 2;
    internal const byte VersionMin = 1;

    public static JournalSegment Encode(IReadOnlyList<Fact> facts) =>
        SegmentFrame.Write(Version, facts, FactEncoder.Write);

    /// <param name="segment">One segment as it was stored.</param>
    /// <param name="blob">Fetches a blob that the segment names.</param>
    /// <param name="payloads">Of the journal, if more of it is read; null: the segment alone.</param>
    /// <exception cref="CorruptJournalException">The checksum or the form is wrong.</exception>
    public static ImmutableArray<Fact> Decode(
        ReadOnlySpan<byte> segment, Func<BlobId, ReadOnlyMemory<byte>> blob, PayloadCache? payloads = null) =>
        SegmentFrame.Read(segment, VersionMin, Version, blob, payloads ?? new PayloadCache(), FactDecoder.Read);
}

/// <summary>What kind of fact follows: below 200 an event of that type. The numbers are stored.</summary>
internal static class FactKind
{
    public const byte WaitScheduled = 200;
    public const byte RetryScheduled = 201;
    public const byte HeartbeatReceived = 202;
    public const byte TurnYielded = 203;
    public const byte QuotaExceeded = 204;
    public const byte ItemsRead = 210;
    public const byte ChildStarted = 211;
    public const byte ChildClosed = 212;
    public const byte MapRunUpdated = 213;
}

/// <summary>Which members of an event's details follow, in this order. The numbers are stored.</summary>
[Flags]
internal enum DetailsParts
{
    None = 0,
    Name = 1 << 0,
    Input = 1 << 1,
    Output = 1 << 2,
    Next = 1 << 3,
    Error = 1 << 4,
    Cause = 1 << 5,
    ResourceType = 1 << 6,
    Resource = 1 << 7,
    Region = 1 << 8,
    WorkerName = 1 << 9,
    TimeoutInSeconds = 1 << 10,
    HeartbeatInSeconds = 1 << 11,
    Index = 1 << 12,
    Length = 1 << 13,
    Items = 1 << 14,
    ConcurrencyMax = 1 << 15,
    Identity = 1 << 16,

    /// <summary>The input as the caller wrote it. Without <see cref="Input"/> it stands for both.</summary>
    InputText = 1 << 17,

    // Since version 2:

    /// <summary>A count, then a name and a value each, so that values are shared with other members.</summary>
    Assigned = 1 << 18,
    Location = 1 << 19,
    TaskRoleArn = 1 << 20,
    MapRun = 1 << 21,
}

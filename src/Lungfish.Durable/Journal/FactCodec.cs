using System.Collections.Immutable;
using Lungfish.Journal;

namespace Lungfish.Durable.Journal;

/// <summary>Facts to bytes and back. Every version ever written stays readable.</summary>
/// <remarks>
/// A segment is: version (1 byte), count of facts, facts, CRC-32C of all that (4 bytes). Numbers are LEB128 varints,
/// signed ones zigzag. A string that occurs again, the same instance, is a reference to its first occurrence. Event ids
/// and times count from the fact before, so that most of them are short.
/// </remarks>
public static class FactCodec
{
    internal const byte Version = 1;

    public static JournalSegment Encode(IReadOnlyList<Fact> facts) =>
        SegmentFrame.Write(Version, facts, FactEncoder.Write);

    /// <param name="segment">One segment as it was stored.</param>
    /// <param name="blob">Fetches a blob that the segment names.</param>
    /// <param name="payloads">Of the journal, if more of it is read; null: the segment alone.</param>
    /// <exception cref="CorruptJournalException">The checksum or the form is wrong.</exception>
    public static ImmutableArray<Fact> Decode(
        ReadOnlySpan<byte> segment, Func<BlobId, ReadOnlyMemory<byte>> blob, PayloadCache? payloads = null) =>
        SegmentFrame.Read(segment, Version, Version, blob, payloads ?? new PayloadCache(), FactDecoder.Read);
}

/// <summary>What kind of fact follows: below 200 an event of that type. The numbers are stored.</summary>
internal static class FactKind
{
    public const byte InvocationStarted = 200;
    public const byte InvocationRetryScheduled = 201;
    public const byte CheckpointAccepted = 202;
    public const byte RetryDelayEnded = 203;
    public const byte HeartbeatReceived = 204;
    public const byte InvokeSent = 205;
    public const byte OperationsReset = 206;
}

/// <summary>Which members of an event follow, in this order. The numbers are stored.</summary>
[Flags]
internal enum EventParts
{
    None = 0,
    OperationId = 1 << 0,
    Name = 1 << 1,
    ParentId = 1 << 2,
    SubType = 1 << 3,
    Payload = 1 << 4,
    Error = 1 << 5,

    /// <summary>Has no content.</summary>
    ReplayChildren = 1 << 6,
    CurrentAttempt = 1 << 7,
    NextAttemptDelaySeconds = 1 << 8,
    Duration = 1 << 9,
    ScheduledEndAt = 1 << 10,
    CallbackId = 1 << 11,
    Timeout = 1 << 12,
    HeartbeatTimeout = 1 << 13,
    Target = 1 << 14,
    Identity = 1 << 15,
    Invocation = 1 << 16,
    All = (1 << 17) - 1,
}

/// <summary>Which members of an error follow, in this order. The numbers are stored.</summary>
[Flags]
internal enum ErrorParts
{
    None = 0,
    ErrorType = 1 << 0,
    ErrorMessage = 1 << 1,
    ErrorData = 1 << 2,
    StackTrace = 1 << 3,
    All = (1 << 4) - 1,
}

/// <summary>Which members of a chained invoke's target follow, in this order. The numbers are stored.</summary>
[Flags]
internal enum TargetParts
{
    None = 0,
    Input = 1 << 0,
    TenantId = 1 << 1,
    FunctionArn = 1 << 2,
    ExecutedVersion = 1 << 3,
    DurableExecutionArn = 1 << 4,

    /// <summary>Has no content.</summary>
    IsSent = 1 << 5,
    All = (1 << 6) - 1,
}

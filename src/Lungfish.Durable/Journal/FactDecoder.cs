using System.Collections.Immutable;
using Lungfish.Durable.Deciding;
using Lungfish.Journal;

namespace Lungfish.Durable.Journal;

/// <summary>Reads what <see cref="FactEncoder"/> writes, member by member.</summary>
internal static class FactDecoder
{
    public static Fact Read(ref SegmentReader reader)
    {
        var kind = reader.ReadByte();
        return kind switch
        {
            FactKind.InvocationStarted =>
                new InvocationStarted(reader.ReadNumber(), reader.ReadString(), reader.ReadTime()),
            FactKind.InvocationRetryScheduled => new InvocationRetryScheduled(reader.ReadTime()),
            FactKind.CheckpointAccepted => new CheckpointAccepted(
                new CheckpointToken(reader.ReadNumber(), reader.ReadNumber()),
                reader.ReadByte() == 0 ? null : reader.ReadString(),
                reader.ReadTime()),
            FactKind.RetryDelayEnded => new RetryDelayEnded(reader.ReadInt32()),
            FactKind.HeartbeatReceived => new HeartbeatReceived(reader.ReadInt32(), reader.ReadTime()),
            FactKind.InvokeSent => new InvokeSent(reader.ReadInt32()),
            FactKind.OperationsReset => ReadReset(ref reader),
            _ => ReadEvent(ref reader, (HistoryEventType)kind),
        };
    }

    private static OperationsReset ReadReset(ref SegmentReader reader)
    {
        var sequences = ImmutableArray.CreateBuilder<int>(reader.ReadCount());
        while (sequences.Count < sequences.Capacity)
        {
            sequences.Add(reader.ReadInt32());
        }

        return new OperationsReset(sequences.MoveToImmutable());
    }

    private static HistoryEvent ReadEvent(ref SegmentReader reader, HistoryEventType type)
    {
        if (!Enum.IsDefined(type))
        {
            throw new CorruptJournalException($"There is no fact of kind {(int)type}.");
        }

        var eventId = reader.ReadEventId();
        var timestamp = reader.ReadTime();
        var parts = (EventParts)Known(reader.ReadInt32(), (int)EventParts.All);
        return new HistoryEvent
        {
            Type = type,
            EventId = eventId,
            Timestamp = timestamp,
            OperationId = ReadString(ref reader, parts & EventParts.OperationId),
            Name = ReadString(ref reader, parts & EventParts.Name),
            ParentId = ReadString(ref reader, parts & EventParts.ParentId),
            SubType = ReadString(ref reader, parts & EventParts.SubType),
            Details = ReadDetails(ref reader, parts),
        };
    }

    private static EventDetails ReadDetails(ref SegmentReader reader, EventParts parts)
    {
        const EventParts OfEvent =
            EventParts.OperationId | EventParts.Name | EventParts.ParentId | EventParts.SubType;
        return (parts & ~OfEvent) == EventParts.None
            ? EventDetails.None
            : new EventDetails
            {
                Payload = ReadPayload(ref reader, parts & EventParts.Payload),
                Error = parts.HasFlag(EventParts.Error) ? ReadError(ref reader) : null,
                ReplayChildren = parts.HasFlag(EventParts.ReplayChildren),
                CurrentAttempt = ReadNumber(ref reader, parts & EventParts.CurrentAttempt),
                NextAttemptDelaySeconds = ReadNumber(ref reader, parts & EventParts.NextAttemptDelaySeconds),
                Duration = ReadNumber(ref reader, parts & EventParts.Duration),
                ScheduledEndAt = parts.HasFlag(EventParts.ScheduledEndAt) ? ReadMoment(ref reader) : null,
                CallbackId = ReadString(ref reader, parts & EventParts.CallbackId),
                Timeout = ReadNumber(ref reader, parts & EventParts.Timeout),
                HeartbeatTimeout = ReadNumber(ref reader, parts & EventParts.HeartbeatTimeout),
                Target = parts.HasFlag(EventParts.Target) ? ReadTarget(ref reader) : null,
                Identity = parts.HasFlag(EventParts.Identity) ? ReadIdentity(ref reader) : null,
                Invocation = parts.HasFlag(EventParts.Invocation)
                    ? new InvocationTimes(reader.ReadString(), reader.ReadTime(), reader.ReadTime())
                    : null,
            };
    }

    private static DateTimeOffset ReadMoment(ref SegmentReader reader) =>
        reader.ReadNumber() is var ticks && ticks <= DateTimeOffset.MaxValue.Ticks
            ? new DateTimeOffset(ticks, TimeSpan.Zero)
            : throw new CorruptJournalException("A time is out of range.");

    private static ErrorObject ReadError(ref SegmentReader reader)
    {
        var parts = (ErrorParts)Known(reader.ReadByte(), (int)ErrorParts.All);
        return parts == ErrorParts.None
            ? ErrorObject.Empty
            : new ErrorObject
            {
                ErrorType = parts.HasFlag(ErrorParts.ErrorType) ? reader.ReadString() : null,
                ErrorMessage = parts.HasFlag(ErrorParts.ErrorMessage) ? reader.ReadPayload() : null,
                ErrorData = parts.HasFlag(ErrorParts.ErrorData) ? reader.ReadPayload() : null,
                StackTrace = parts.HasFlag(ErrorParts.StackTrace) ? ReadFrames(ref reader) : default,
            };
    }

    private static ImmutableArray<string> ReadFrames(ref SegmentReader reader)
    {
        var frames = ImmutableArray.CreateBuilder<string>(reader.ReadCount());
        while (frames.Count < frames.Capacity)
        {
            frames.Add(reader.ReadString());
        }

        return frames.MoveToImmutable();
    }

    private static ChainedTarget ReadTarget(ref SegmentReader reader)
    {
        var parts = (TargetParts)Known(reader.ReadByte(), (int)TargetParts.All);
        return new ChainedTarget(
            reader.ReadString(),
            parts.HasFlag(TargetParts.Input) ? reader.ReadPayload() : null,
            ReadString(ref reader, parts & TargetParts.TenantId),
            ReadString(ref reader, parts & TargetParts.FunctionArn),
            ReadString(ref reader, parts & TargetParts.ExecutedVersion),
            ReadString(ref reader, parts & TargetParts.DurableExecutionArn),
            parts.HasFlag(TargetParts.IsSent));
    }

    private static DurableIdentity ReadIdentity(ref SegmentReader reader) => new()
    {
        Arn = reader.ReadString(),
        Name = reader.ReadString(),
        Id = reader.ReadString(),
        FunctionArn = reader.ReadString(),
        Version = reader.ReadString(),
        ExecutionTimeoutSeconds = reader.ReadInt32(),
        RetentionDays = reader.ReadInt32(),
        ParentArn = reader.ReadByte() == 0 ? null : reader.ReadString(),
    };

    private static int Known(int parts, int all) => (parts & ~all) == 0
        ? parts
        : throw new CorruptJournalException("A fact has members that this program does not know.");

    private static string? ReadString(ref SegmentReader reader, EventParts part) =>
        part == EventParts.None ? null : reader.ReadString();

    private static string? ReadString(ref SegmentReader reader, TargetParts part) =>
        part == TargetParts.None ? null : reader.ReadString();

    private static string? ReadPayload(ref SegmentReader reader, EventParts part) =>
        part == EventParts.None ? null : reader.ReadPayload();

    private static int? ReadNumber(ref SegmentReader reader, EventParts part) =>
        part == EventParts.None ? null : reader.ReadInt32();
}

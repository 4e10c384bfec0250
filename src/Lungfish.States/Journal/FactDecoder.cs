using Lungfish.Journal;
using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Quotas;

namespace Lungfish.States.Journal;

/// <summary>Reads what <see cref="FactEncoder"/> writes, member by member.</summary>
internal static class FactDecoder
{
    public static Fact Read(ref SegmentReader reader)
    {
        var kind = reader.ReadByte();
        return kind switch
        {
            FactKind.WaitScheduled => new WaitScheduled(ReadScope(ref reader), reader.ReadTime()),
            FactKind.RetryScheduled => new RetryScheduled(
                ReadScope(ref reader), reader.ReadInt32(), reader.ReadTime(), reader.ReadNumber()),
            FactKind.HeartbeatReceived => new HeartbeatReceived(reader.ReadNumber(), reader.ReadTime()),
            FactKind.TurnYielded => new TurnYielded(reader.ReadByte() != 0),
            FactKind.QuotaExceeded => new QuotaExceeded((Quota)reader.ReadByte()),
            FactKind.ItemsRead or FactKind.ChildStarted or FactKind.ChildClosed or FactKind.MapRunUpdated =>
                MapRunCodec.Read(ref reader, kind),
            _ => ReadEvent(ref reader, (HistoryEventType)kind),
        };
    }

    private static ScopeId ReadScope(ref SegmentReader reader)
    {
        var (startedBy, index) = reader.ReadPlace();
        return new ScopeId(startedBy, index);
    }

    private static HistoryEvent ReadEvent(ref SegmentReader reader, HistoryEventType type)
    {
        if (!EventShape.IsKnown(type))
        {
            throw new CorruptJournalException($"There is no fact of kind {(byte)type}.");
        }

        return new HistoryEvent
        {
            Type = type,
            Id = reader.ReadEventId(),
            PreviousEventId = reader.ReadNumber(),
            Timestamp = reader.ReadTime(),
            Scope = ReadScope(ref reader),
            Details = ReadDetails(ref reader),
        };
    }

    private static EventDetails ReadDetails(ref SegmentReader reader)
    {
        var parts = (DetailsParts)reader.ReadInt32();
        if (parts == DetailsParts.None)
        {
            return EventDetails.None;
        }

        var name = ReadString(ref reader, parts & DetailsParts.Name);
        var (input, inputText) = ReadInput(ref reader, parts);
        return new EventDetails
        {
            Name = name,
            Input = input,
            InputText = inputText,
            Output = ReadValue(ref reader, parts & DetailsParts.Output),
            Next = ReadString(ref reader, parts & DetailsParts.Next),
            Error = ReadString(ref reader, parts & DetailsParts.Error),
            Cause = ReadString(ref reader, parts & DetailsParts.Cause),
            ResourceType = ReadString(ref reader, parts & DetailsParts.ResourceType),
            Resource = ReadString(ref reader, parts & DetailsParts.Resource),
            Region = ReadString(ref reader, parts & DetailsParts.Region),
            WorkerName = ReadString(ref reader, parts & DetailsParts.WorkerName),
            TimeoutInSeconds = ReadNumber(ref reader, parts & DetailsParts.TimeoutInSeconds),
            HeartbeatInSeconds = ReadNumber(ref reader, parts & DetailsParts.HeartbeatInSeconds),
            Index = ReadNumber(ref reader, parts & DetailsParts.Index),
            Length = ReadNumber(ref reader, parts & DetailsParts.Length),
            Items = ReadArray(ref reader, parts & DetailsParts.Items),
            ConcurrencyMax = ReadNumber(ref reader, parts & DetailsParts.ConcurrencyMax),
            Identity = (parts & DetailsParts.Identity) != DetailsParts.None ? ReadIdentity(ref reader) : null,
            Assigned = ReadMembers(ref reader, parts & DetailsParts.Assigned),
            Location = ReadString(ref reader, parts & DetailsParts.Location),
            TaskRoleArn = ReadString(ref reader, parts & DetailsParts.TaskRoleArn),
            MapRun = (parts & DetailsParts.MapRun) != DetailsParts.None ? MapRunCodec.ReadPlan(ref reader) : null,
        };
    }

    private static (JsonValue? Input, string? Text) ReadInput(ref SegmentReader reader, DetailsParts parts)
    {
        if ((parts & FactEncoder.InputTextAndValue) == DetailsParts.InputText)
        {
            return reader.ReadText();
        }

        var text = ReadString(ref reader, parts & DetailsParts.InputText);
        return (ReadValue(ref reader, parts & DetailsParts.Input), text);
    }

    private static ExecutionIdentity ReadIdentity(ref SegmentReader reader) => new()
    {
        ExecutionArn = reader.ReadString(),
        ExecutionName = reader.ReadString(),
        StateMachineArn = reader.ReadString(),
        StateMachineName = reader.ReadString(),
        RoleArn = reader.ReadString(),
    };

    private static JsonObject? ReadMembers(ref SegmentReader reader, DetailsParts part)
    {
        if (part == DetailsParts.None)
        {
            return null;
        }

        var members = new JsonObject.Builder();
        for (var count = reader.ReadCount(); count > 0; count--)
        {
            var name = reader.ReadString();
            members.Set(name, reader.ReadValue());
        }

        return members.Build();
    }

    private static string? ReadString(ref SegmentReader reader, DetailsParts part) =>
        part == DetailsParts.None ? null : reader.ReadString();

    private static JsonValue? ReadValue(ref SegmentReader reader, DetailsParts part) =>
        part == DetailsParts.None ? null : reader.ReadValue();

    private static JsonArray? ReadArray(ref SegmentReader reader, DetailsParts part) => part == DetailsParts.None
        ? null
        : reader.ReadValue() as JsonArray ?? throw new CorruptJournalException("The items of a Map are no array.");

    private static long? ReadNumber(ref SegmentReader reader, DetailsParts part) =>
        part == DetailsParts.None ? null : reader.ReadNumber();
}

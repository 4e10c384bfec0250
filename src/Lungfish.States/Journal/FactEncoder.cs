using System.Diagnostics;
using Lungfish.Journal;
using Lungfish.Json;
using Lungfish.States.Deciding;

namespace Lungfish.States.Journal;

/// <summary>Writes one fact; <see cref="FactDecoder"/> reads the same, member by member.</summary>
internal static class FactEncoder
{
    public const DetailsParts InputTextAndValue = DetailsParts.Input | DetailsParts.InputText;

    public static void Write(SegmentWriter writer, Fact fact)
    {
        switch (fact)
        {
            case HistoryEvent e:
                WriteEvent(writer, e);
                break;
            case WaitScheduled wait:
                writer.WriteByte(FactKind.WaitScheduled);
                writer.WritePlace(wait.Scope.StartedBy, wait.Scope.Index);
                writer.WriteTime(wait.Due);
                break;
            case RetryScheduled retry:
                writer.WriteByte(FactKind.RetryScheduled);
                writer.WritePlace(retry.Scope.StartedBy, retry.Scope.Index);
                writer.WriteNumber(retry.Retrier);
                writer.WriteTime(retry.Due);
                writer.WriteNumber(retry.FailingEventId);
                break;
            case HeartbeatReceived heartbeat:
                writer.WriteByte(FactKind.HeartbeatReceived);
                writer.WriteNumber(heartbeat.TaskId);
                writer.WriteTime(heartbeat.At);
                break;
            case TurnYielded yielded:
                writer.WriteByte(FactKind.TurnYielded);
                writer.WriteByte(yielded.HasMoreToDo ? (byte)1 : (byte)0);
                break;
            case QuotaExceeded over:
                writer.WriteByte(FactKind.QuotaExceeded);
                writer.WriteByte((byte)over.Quota);
                break;
            case ItemsRead or ChildStarted or ChildClosed or MapRunUpdated:
                MapRunCodec.Write(writer, fact);
                break;
            default:
                throw new UnreachableException($"No encoding for {fact.GetType().Name}.");
        }
    }

    private static void WriteEvent(SegmentWriter writer, HistoryEvent e)
    {
        writer.WriteByte((byte)e.Type);
        writer.WriteEventId(e.Id);
        writer.WriteNumber(e.PreviousEventId);
        writer.WriteTime(e.Timestamp);
        writer.WritePlace(e.Scope.StartedBy, e.Scope.Index);
        WriteDetails(writer, e.Details);
    }

    private static void WriteDetails(SegmentWriter writer, EventDetails details)
    {
        var parts = PartsOf(details);
        writer.WriteNumber((long)parts);
        if (parts == DetailsParts.None)
        {
            return;
        }

        writer.WriteString(details.Name);
        WriteInput(writer, details, parts);
        writer.WriteValue(details.Output);
        writer.WriteString(details.Next);
        writer.WriteString(details.Error);
        writer.WriteString(details.Cause);
        writer.WriteString(details.ResourceType);
        writer.WriteString(details.Resource);
        writer.WriteString(details.Region);
        writer.WriteString(details.WorkerName);
        writer.WriteNumber(details.TimeoutInSeconds);
        writer.WriteNumber(details.HeartbeatInSeconds);
        writer.WriteNumber(details.Index);
        writer.WriteNumber(details.Length);
        writer.WriteValue(details.Items);
        writer.WriteNumber(details.ConcurrencyMax);
        if (details.Identity is { } identity)
        {
            WriteIdentity(writer, identity);
        }

        if (details.Assigned is { } assigned)
        {
            WriteMembers(writer, assigned);
        }

        writer.WriteString(details.Location);
        writer.WriteString(details.TaskRoleArn);
        if (details.MapRun is { } plan)
        {
            MapRunCodec.WritePlan(writer, plan);
        }
    }

    private static void WriteInput(SegmentWriter writer, EventDetails details, DetailsParts parts)
    {
        if ((parts & InputTextAndValue) == DetailsParts.InputText && details.Input is { } input)
        {
            writer.WriteText(details.InputText ?? "", input);
            return;
        }

        writer.WriteString(details.InputText);
        writer.WriteValue(details.Input);
    }

    private static void WriteMembers(SegmentWriter writer, JsonObject members)
    {
        writer.WriteNumber(members.Count);
        foreach (var (name, value) in members)
        {
            writer.WriteString(name);
            writer.WriteValue(value);
        }
    }

    private static void WriteIdentity(SegmentWriter writer, ExecutionIdentity identity)
    {
        writer.WriteString(identity.ExecutionArn);
        writer.WriteString(identity.ExecutionName);
        writer.WriteString(identity.StateMachineArn);
        writer.WriteString(identity.StateMachineName);
        writer.WriteString(identity.RoleArn);
    }

    private static DetailsParts PartsOf(EventDetails details)
    {
        if (ReferenceEquals(details, EventDetails.None))
        {
            return DetailsParts.None;
        }

        return Part(details.Name, DetailsParts.Name)
            | InputParts(details)
            | Part(details.Output, DetailsParts.Output)
            | Part(details.Next, DetailsParts.Next)
            | Part(details.Error, DetailsParts.Error)
            | Part(details.Cause, DetailsParts.Cause)
            | Part(details.ResourceType, DetailsParts.ResourceType)
            | Part(details.Resource, DetailsParts.Resource)
            | Part(details.Region, DetailsParts.Region)
            | Part(details.WorkerName, DetailsParts.WorkerName)
            | Part(details.TimeoutInSeconds, DetailsParts.TimeoutInSeconds)
            | Part(details.HeartbeatInSeconds, DetailsParts.HeartbeatInSeconds)
            | Part(details.Index, DetailsParts.Index)
            | Part(details.Length, DetailsParts.Length)
            | Part(details.Items, DetailsParts.Items)
            | Part(details.ConcurrencyMax, DetailsParts.ConcurrencyMax)
            | Part(details.Identity, DetailsParts.Identity)
            | Part(details.Assigned, DetailsParts.Assigned)
            | Part(details.Location, DetailsParts.Location)
            | Part(details.TaskRoleArn, DetailsParts.TaskRoleArn)
            | Part(details.MapRun, DetailsParts.MapRun);
    }

    /// <summary>The text stands for both, but for one with a lone surrogate, which UTF-8 cannot say.</summary>
    private static DetailsParts InputParts(EventDetails details)
    {
        var parts = Part(details.Input, DetailsParts.Input) | Part(details.InputText, DetailsParts.InputText);
        return parts == InputTextAndValue && Utf16.IsWellFormed(details.InputText ?? "")
            ? DetailsParts.InputText
            : parts;
    }

    private static DetailsParts Part(object? member, DetailsParts part) => member is null ? DetailsParts.None : part;

    private static DetailsParts Part(long? member, DetailsParts part) => member is null ? DetailsParts.None : part;
}

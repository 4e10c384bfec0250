using System.Text.Json;
using Lungfish.Journal;
using Lungfish.Json;
using Lungfish.States.Deciding;

namespace Lungfish.States.Journal;

/// <summary>A fact that GetExecutionHistory shows.</summary>
public sealed record HistoryEvent : Fact
{
    /// <summary>1 for the first event of an execution, then without gaps.</summary>
    public required long Id { get; init; }

    /// <summary>The event before it in the chain of its branch; 0 for the first one.</summary>
    public required long PreviousEventId { get; init; }

    public required DateTimeOffset Timestamp { get; init; }

    public required HistoryEventType Type { get; init; }

    public EventDetails Details { get; init; } = EventDetails.None;

    /// <summary>The branch or iteration that it happened in.</summary>
    internal ScopeId Scope { get; init; }

    /// <summary>Writes the event as GetExecutionHistory answers it.</summary>
    /// <param name="includeData">False (<c>includeExecutionData=false</c>) leaves out inputs, outputs, causes.</param>
    public void WriteTo(Utf8JsonWriter writer, bool includeData)
    {
        var shape = EventShape.Of(Type);
        writer.WriteStartObject();
        writer.WriteNumber("timestamp"u8, Timestamp.ToUnixTimeMilliseconds() / 1000m); // Decimal: not rounded.
        writer.WriteString("type"u8, shape.TypeName);
        writer.WriteNumber("id"u8, Id);
        writer.WriteNumber("previousEventId"u8, PreviousEventId);
        if (shape.DetailsName is { } detailsName)
        {
            writer.WriteStartObject(detailsName);
            foreach (var member in shape.Members)
            {
                WriteMember(writer, member, includeData);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private void WriteMember(Utf8JsonWriter writer, EventMember member, bool includeData)
    {
        switch (member)
        {
            case EventMember.Input when includeData:
                WriteText(writer, "input"u8, Details.InputText, Details.Input);
                WriteNotTruncated(writer, "inputDetails"u8);
                break;
            case EventMember.Output when includeData:
                WriteText(writer, "output"u8, null, Details.Output);
                WriteNotTruncated(writer, "outputDetails"u8);
                break;
            case EventMember.Parameters when includeData:
                WriteText(writer, "parameters"u8, null, Details.Input);
                break;
            case EventMember.Cause when includeData:
                WriteString(writer, "cause"u8, Details.Cause);
                break;
            case EventMember.AssignedVariables when includeData && Details.Assigned is { } assigned:
                WriteTexts(writer, "assignedVariables"u8, assigned);
                WriteNotTruncated(writer, "assignedVariablesDetails"u8);
                break;
            case EventMember.TaskCredentials when Details.TaskRoleArn is { } role:
                writer.WriteStartObject("taskCredentials"u8);
                WriteString(writer, "roleArn"u8, role);
                writer.WriteEndObject();
                break;
            case EventMember.Location:
                WriteString(writer, "location"u8, Details.Location);
                break;
            case EventMember.State:
                WriteString(writer, "state"u8, Details.Name);
                break;
            case EventMember.Name:
                WriteString(writer, "name"u8, Details.Name);
                break;
            case EventMember.Error:
                WriteString(writer, "error"u8, Details.Error);
                break;
            case EventMember.Resource:
                WriteString(writer, "resource"u8, Details.Resource);
                break;
            case EventMember.ResourceType:
                WriteString(writer, "resourceType"u8, Details.ResourceType);
                break;
            case EventMember.Region:
                WriteString(writer, "region"u8, Details.Region);
                break;
            case EventMember.RoleArn:
                WriteString(writer, "roleArn"u8, Details.Identity?.RoleArn);
                break;
            case EventMember.WorkerName:
                WriteString(writer, "workerName"u8, Details.WorkerName);
                break;
            case EventMember.TimeoutInSeconds:
                WriteNumber(writer, "timeoutInSeconds"u8, Details.TimeoutInSeconds);
                break;
            case EventMember.HeartbeatInSeconds:
                WriteNumber(writer, "heartbeatInSeconds"u8, Details.HeartbeatInSeconds);
                break;
            case EventMember.Index:
                WriteNumber(writer, "index"u8, Details.Index);
                break;
            case EventMember.Length:
                WriteNumber(writer, "length"u8, Details.Length);
                break;
            case EventMember.MapRunArn:
                WriteString(writer, "mapRunArn"u8, Details.MapRun?.Arn);
                break;
            default:
                break; // A data member that was not asked for, or that there is none of.
        }
    }

    /// <summary>Data members hold JSON as text.</summary>
    private static void WriteText(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? text, JsonValue? value)
    {
        if (text is not null)
        {
            WriteString(writer, name, text);
        }
        else if (value is not null)
        {
            writer.WriteString(name, value.ToUtf8());
        }
    }

    private static void WriteTexts(Utf8JsonWriter writer, ReadOnlySpan<byte> name, JsonObject values)
    {
        writer.WriteStartObject(name);
        foreach (var (key, value) in values)
        {
            writer.WriteString(key, value.ToUtf8());
        }

        writer.WriteEndObject();
    }

    private static void WriteNotTruncated(Utf8JsonWriter writer, ReadOnlySpan<byte> name)
    {
        writer.WriteStartObject(name);
        writer.WriteBoolean("truncated"u8, false);
        writer.WriteEndObject();
    }

    private static void WriteString(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? value)
    {
        if (value is null)
        {
            return;
        }

        writer.WritePropertyName(name);
        if (Utf16.IsWellFormed(value))
        {
            writer.WriteStringValue(value);
        }
        else
        {
            // A function's error may hold a lone surrogate, which the writer refuses: it goes out as an escape.
            writer.WriteRawValue(new JsonString(value).ToUtf8(), skipInputValidation: true);
        }
    }

    private static void WriteNumber(Utf8JsonWriter writer, ReadOnlySpan<byte> name, long? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
    }
}

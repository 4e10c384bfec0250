using System.Diagnostics;
using System.Text.Json;
using Lungfish.Durable.Journal;
using Lungfish.Functions.Durable;
using Lungfish.Server.Protocol;

namespace Lungfish.Server.Lambda.Durable;

/// <summary>Events of a durable execution's history on the wire.</summary>
internal static class HistoryEventJson
{
    /// <param name="includesData">False: payloads and errors are left out.</param>
    public static void Write(Utf8JsonWriter writer, HistoryEvent happened, bool includesData)
    {
        writer.WriteStartObject();
        writer.WriteString("EventType"u8, Word(happened.Type));
        writer.WriteText("SubType"u8, happened.SubType);
        writer.WriteNumber("EventId"u8, happened.EventId);
        writer.WriteText("Id"u8, happened.OperationId);
        writer.WriteText("Name"u8, happened.Name);
        writer.WriteTime("EventTimestamp"u8, happened.Timestamp);
        writer.WriteText("ParentId"u8, happened.ParentId);

        // There even if it is empty: clients see by it what the event is.
        writer.WriteStartObject($"{Word(happened.Type)}Details");
        WriteDetails(writer, happened.Type, happened.Details, includesData);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteDetails(
        Utf8JsonWriter writer, HistoryEventType type, EventDetails details, bool includesData)
    {
        switch (type)
        {
            case HistoryEventType.ExecutionStarted:
                WritePayload(writer, "Input"u8, details.Payload, includesData);
                writer.WriteNumber("ExecutionTimeout"u8, details.Identity?.ExecutionTimeoutSeconds ?? 0);
                break;
            case HistoryEventType.ExecutionSucceeded:
            case HistoryEventType.ContextSucceeded:
            case HistoryEventType.ChainedInvokeSucceeded:
            case HistoryEventType.CallbackSucceeded:
                WritePayload(writer, "Result"u8, details.Payload, includesData);
                break;
            case HistoryEventType.StepSucceeded:
                WritePayload(writer, "Result"u8, details.Payload, includesData);
                WriteRetry(writer, details);
                break;
            case HistoryEventType.StepFailed:
                WriteError(writer, details, includesData);
                WriteRetry(writer, details);
                break;
            case HistoryEventType.ExecutionFailed:
            case HistoryEventType.ExecutionStopped:
            case HistoryEventType.ContextFailed:
            case HistoryEventType.ChainedInvokeFailed:
            case HistoryEventType.ChainedInvokeTimedOut:
            case HistoryEventType.ChainedInvokeStopped:
            case HistoryEventType.CallbackFailed:
            case HistoryEventType.CallbackTimedOut:
                WriteError(writer, details, includesData);
                break;
            case HistoryEventType.ExecutionTimedOut:
            case HistoryEventType.WaitCancelled:
                WriteErrorIfAny(writer, details, includesData);
                break;
            case HistoryEventType.WaitStarted:
            case HistoryEventType.WaitSucceeded:
                WriteNumber(writer, "Duration"u8, details.Duration);
                if (details.ScheduledEndAt is { } scheduledEndAt)
                {
                    writer.WriteTime("ScheduledEndTimestamp"u8, scheduledEndAt);
                }

                break;
            case HistoryEventType.ChainedInvokeStarted:
                WriteTarget(writer, details, includesData);
                break;
            case HistoryEventType.CallbackStarted:
                writer.WriteText("CallbackId"u8, details.CallbackId);
                WriteSet(writer, "HeartbeatTimeout"u8, details.HeartbeatTimeout);
                WriteSet(writer, "Timeout"u8, details.Timeout);
                break;
            case HistoryEventType.InvocationCompleted:
                WriteInvocation(writer, details, includesData);
                break;
            case HistoryEventType.ContextStarted:
            case HistoryEventType.StepStarted:
            case HistoryEventType.ExecutionRedriven:
                break;
            default:
                throw new UnreachableException($"{type}");
        }
    }

    private static void WriteTarget(Utf8JsonWriter writer, EventDetails details, bool includesData)
    {
        if (details.Target is not { } target)
        {
            return;
        }

        writer.WriteString("FunctionName"u8, target.FunctionName);
        writer.WriteText("TenantId"u8, target.TenantId);
        WritePayload(writer, "Input"u8, target.Input, includesData);
        writer.WriteText("ExecutedVersion"u8, target.ExecutedVersion);
        writer.WriteText("DurableExecutionArn"u8, target.DurableExecutionArn);
    }

    private static void WriteInvocation(Utf8JsonWriter writer, EventDetails details, bool includesData)
    {
        if (details.Invocation is { } invocation)
        {
            writer.WriteTime("StartTimestamp"u8, invocation.StartedAt);
            writer.WriteTime("EndTimestamp"u8, invocation.EndedAt);
            writer.WriteString("RequestId"u8, invocation.RequestId);
        }

        WriteErrorIfAny(writer, details, includesData);
    }

    /// <summary>The wrapper is there in any case: SDKs require it. Absent payload and the text <c>null</c> are two
    /// things.</summary>
    private static void WritePayload(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? payload, bool includesData)
    {
        writer.WriteStartObject(name);
        writer.WriteText("Payload"u8, includesData ? payload : null);
        writer.WriteBoolean("Truncated"u8, false);
        writer.WriteEndObject();
    }

    private static void WriteErrorIfAny(Utf8JsonWriter writer, EventDetails details, bool includesData)
    {
        if (details.Error is not null)
        {
            WriteError(writer, details, includesData);
        }
    }

    private static void WriteError(Utf8JsonWriter writer, EventDetails details, bool includesData)
    {
        writer.WriteStartObject("Error"u8);
        if (includesData && details.Error is { } error)
        {
            writer.WritePropertyName("Payload"u8);
            OperationJson.WriteError(writer, error);
        }

        writer.WriteBoolean("Truncated"u8, false);
        writer.WriteEndObject();
    }

    private static void WriteRetry(Utf8JsonWriter writer, EventDetails details)
    {
        writer.WriteStartObject("RetryDetails"u8);
        WriteNumber(writer, "CurrentAttempt"u8, details.CurrentAttempt);
        WriteNumber(writer, "NextAttemptDelaySeconds"u8, details.NextAttemptDelaySeconds);
        writer.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter writer, ReadOnlySpan<byte> name, int? number)
    {
        if (number is { } value)
        {
            writer.WriteNumber(name, value);
        }
    }

    /// <summary>0 means that it was not set, and then the member is not there.</summary>
    private static void WriteSet(Utf8JsonWriter writer, ReadOnlySpan<byte> name, int? seconds) =>
        WriteNumber(writer, name, seconds is 0 ? null : seconds);

    // The enum's names are the wire's; its ToString would look each up by reflection.
    private static readonly string[] Words =
    [
        .. Enumerable.Range(0, Enum.GetValues<HistoryEventType>().Max(t => (int)t) + 1)
            .Select(n => ((HistoryEventType)n).ToString()),
    ];

    private static string Word(HistoryEventType type) => Words[(int)type];
}

using System.Text.Json;
using Lungfish.Durable;

namespace Lungfish.Functions.Durable;

/// <summary>Writes an instant as a member. The protocol has two forms: epoch milliseconds in the envelope of an
/// invocation, epoch seconds with a fraction in answers of the API.</summary>
public delegate void TimeWriter(Utf8JsonWriter writer, ReadOnlySpan<byte> name, DateTimeOffset at);

/// <summary>Operations and errors on the wire. What is not set is left out, never null.</summary>
public static class OperationJson
{
    public static void Write(Utf8JsonWriter writer, Operation operation, TimeWriter writeTime)
    {
        writer.WriteStartObject();
        writer.WriteString("Id"u8, operation.Id);
        WriteText(writer, "ParentId"u8, operation.ParentId);
        WriteText(writer, "Name"u8, operation.Name);
        writer.WriteString("Type"u8, WireNames.Of(operation.Type));
        WriteText(writer, "SubType"u8, operation.SubType);
        writeTime(writer, "StartTimestamp"u8, operation.StartedAt);
        if (operation.EndedAt is { } endedAt)
        {
            writeTime(writer, "EndTimestamp"u8, endedAt);
        }

        writer.WriteString("Status"u8, WireNames.Of(operation.Status));
        WriteDetails(writer, operation, writeTime);
        writer.WriteEndObject();
    }

    /// <summary>An ErrorObject as the value of the member that has just been named, or of the document.</summary>
    public static void WriteError(Utf8JsonWriter writer, ErrorObject error)
    {
        writer.WriteStartObject();
        WriteText(writer, "ErrorMessage"u8, error.ErrorMessage);
        WriteText(writer, "ErrorType"u8, error.ErrorType);
        WriteText(writer, "ErrorData"u8, error.ErrorData);
        WriteTexts(writer, "StackTrace"u8, error);
        writer.WriteEndObject();
    }

    private static void WriteDetails(Utf8JsonWriter writer, Operation operation, TimeWriter writeTime)
    {
        switch (operation.Type)
        {
            case OperationType.Execution:
                writer.WriteStartObject("ExecutionDetails"u8);
                WriteText(writer, "InputPayload"u8, operation.Payload);
                break;
            case OperationType.Context:
                writer.WriteStartObject("ContextDetails"u8);
                if (operation.ReplayChildren)
                {
                    writer.WriteBoolean("ReplayChildren"u8, true);
                }

                WriteEnd(writer, operation);
                break;
            case OperationType.Step:
                writer.WriteStartObject("StepDetails"u8);
                writer.WriteNumber("Attempt"u8, operation.Attempt);
                if (operation.NextAttemptAt is { } nextAttemptAt)
                {
                    writeTime(writer, "NextAttemptTimestamp"u8, nextAttemptAt);
                }

                WriteEnd(writer, operation);
                break;
            case OperationType.Wait:
                writer.WriteStartObject("WaitDetails"u8);
                if (operation.ScheduledEndAt is { } scheduledEndAt)
                {
                    writeTime(writer, "ScheduledEndTimestamp"u8, scheduledEndAt);
                }

                break;
            case OperationType.Callback:
                writer.WriteStartObject("CallbackDetails"u8);
                WriteText(writer, "CallbackId"u8, operation.Callback?.CallbackId);
                WriteEnd(writer, operation);
                break;
            default:
                writer.WriteStartObject("ChainedInvokeDetails"u8);
                WriteEnd(writer, operation);
                break;
        }

        writer.WriteEndObject();
    }

    private static void WriteEnd(Utf8JsonWriter writer, Operation operation)
    {
        WriteText(writer, "Result"u8, operation.Payload);
        if (operation.Error is { } error)
        {
            writer.WritePropertyName("Error"u8);
            WriteError(writer, error);
        }
    }

    private static void WriteText(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(name, text);
        }
    }

    private static void WriteTexts(Utf8JsonWriter writer, ReadOnlySpan<byte> name, ErrorObject error)
    {
        if (error.StackTrace.IsDefault)
        {
            return;
        }

        writer.WriteStartArray(name);
        foreach (var line in error.StackTrace)
        {
            writer.WriteStringValue(line);
        }

        writer.WriteEndArray();
    }
}

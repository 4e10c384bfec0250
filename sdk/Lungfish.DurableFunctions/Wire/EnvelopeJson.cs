using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Lungfish.DurableFunctions;

/// <summary>The JSON between a durable function and the service.</summary>
internal static class EnvelopeJson
{
    // Texts go into a JSON body, never into HTML: quotes need escaping, letters of the world do not.
    private static readonly JsonWriterOptions s_options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    public static DurableExecutionInvocationInput ReadInput(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        return ReadInput(ref reader);
    }

    public static DurableExecutionInvocationInput ReadInput(ref Utf8JsonReader reader)
    {
        string? arn = null, token = null;
        OperationPage? state = null;
        IReadOnlyList<string>? updated = null;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw NotAnEnvelope();
        }

        while (OperationJson.NextMember(ref reader))
        {
            switch (OperationJson.Member(ref reader))
            {
                case "DurableExecutionArn": arn = reader.GetString(); break;
                case "CheckpointToken": token = reader.GetString(); break;
                case "InitialExecutionState" when reader.TokenType == JsonTokenType.StartObject:
                    state = OperationJson.ReadPage(ref reader);
                    break;
                case "UpdatedOperationIds": updated = OperationJson.ReadStrings(ref reader); break;
                default: reader.Skip(); break;
            }
        }

        return new DurableExecutionInvocationInput
        {
            DurableExecutionArn = arn ?? throw NotAnEnvelope(),
            CheckpointToken = token ?? throw NotAnEnvelope(),
            InitialExecutionState = state ?? throw NotAnEnvelope(),
            UpdatedOperationIds = updated ?? [],
        };
    }

    public static CheckpointResult ReadCheckpointResult(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        string? token = null;
        OperationPage? state = null;
        while (OperationJson.NextMember(ref reader))
        {
            switch (OperationJson.Member(ref reader))
            {
                case "CheckpointToken": token = reader.GetString(); break;
                case "NewExecutionState" when reader.TokenType == JsonTokenType.StartObject:
                    state = OperationJson.ReadPage(ref reader);
                    break;
                default: reader.Skip(); break;
            }
        }

        return new CheckpointResult { CheckpointToken = token, NewExecutionState = state ?? new OperationPage() };
    }

    public static OperationPage ReadStatePage(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        return OperationJson.ReadPage(ref reader);
    }

    public static byte[] WriteOutput(DurableExecutionInvocationOutput output)
    {
        var buffer = new ArrayBufferWriter<byte>(256 + (output.Result?.Length ?? 0));
        using (var writer = new Utf8JsonWriter(buffer, s_options))
        {
            WriteOutput(writer, output);
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static void WriteOutput(Utf8JsonWriter writer, DurableExecutionInvocationOutput output)
    {
        writer.WriteStartObject();
        writer.WriteString("Status"u8, output.Status switch
        {
            InvocationStatus.Succeeded => "SUCCEEDED"u8,
            InvocationStatus.Failed => "FAILED"u8,
            _ => "PENDING"u8,
        });
        Write(writer, "Result"u8, output.Result);
        Write(writer, "Error"u8, output.Error);
        writer.WriteEndObject();
    }

    /// <summary>The body of a checkpoint; with its execution, if the call does not name that otherwise.</summary>
    public static ArrayBufferWriter<byte> WriteCheckpoint(
        string? executionArn, string checkpointToken, IReadOnlyList<OperationUpdate> updates, string clientToken)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var writer = new Utf8JsonWriter(buffer, s_options);
        writer.WriteStartObject();
        Write(writer, "DurableExecutionArn"u8, executionArn);
        writer.WriteString("CheckpointToken"u8, checkpointToken);
        writer.WriteString("ClientToken"u8, clientToken);
        writer.WriteStartArray("Updates"u8);
        foreach (var update in updates)
        {
            WriteUpdate(writer, update);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return buffer;
    }

    public static void WriteError(Utf8JsonWriter writer, ErrorObject error)
    {
        writer.WriteStartObject();
        Write(writer, "ErrorType"u8, error.ErrorType);
        Write(writer, "ErrorMessage"u8, error.ErrorMessage);
        Write(writer, "ErrorData"u8, error.ErrorData);
        if (error.StackTrace is { } stack)
        {
            writer.WriteStartArray("StackTrace"u8);
            foreach (var line in stack)
            {
                writer.WriteStringValue(line);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void WriteUpdate(Utf8JsonWriter writer, OperationUpdate update)
    {
        writer.WriteStartObject();
        writer.WriteString("Id"u8, update.Id);
        writer.WriteString("Type"u8, update.Type);
        writer.WriteString("Action"u8, update.Action);
        Write(writer, "ParentId"u8, update.ParentId);
        Write(writer, "Name"u8, update.Name);
        Write(writer, "SubType"u8, update.SubType);
        Write(writer, "Payload"u8, update.Payload);
        Write(writer, "Error"u8, update.Error);
        if (update.ReplayChildren is { } replay)
        {
            writer.WriteStartObject("ContextOptions"u8);
            writer.WriteBoolean("ReplayChildren"u8, replay);
            writer.WriteEndObject();
        }

        WriteNumbers(writer, "StepOptions"u8, ("NextAttemptDelaySeconds", update.NextAttemptDelaySeconds));
        WriteNumbers(writer, "WaitOptions"u8, ("WaitSeconds", update.WaitSeconds));
        if (update.Type == OperationTypes.Callback)
        {
            WriteNumbers(
                writer,
                "CallbackOptions"u8,
                ("TimeoutSeconds", update.CallbackTimeoutSeconds),
                ("HeartbeatTimeoutSeconds", update.CallbackHeartbeatTimeoutSeconds));
        }

        if (update.FunctionName is { } function)
        {
            writer.WriteStartObject("ChainedInvokeOptions"u8);
            writer.WriteString("FunctionName"u8, function);
            Write(writer, "TenantId"u8, update.TenantId);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteNumbers(
        Utf8JsonWriter writer, ReadOnlySpan<byte> name, params ReadOnlySpan<(string Name, int? Value)> members)
    {
        var open = false;
        foreach (var (member, value) in members)
        {
            if (value is { } number)
            {
                if (!open)
                {
                    writer.WriteStartObject(name);
                    open = true;
                }

                writer.WriteNumber(member, number);
            }
        }

        if (open)
        {
            writer.WriteEndObject();
        }
    }

    private static void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    private static void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> name, ErrorObject? error)
    {
        if (error is not null)
        {
            writer.WritePropertyName(name);
            WriteError(writer, error);
        }
    }

    private static JsonException NotAnEnvelope() => new(
        "This is not the envelope of a durable execution. Was the function created with a DurableConfig?");
}

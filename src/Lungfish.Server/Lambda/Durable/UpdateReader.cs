using System.Text.Json;
using Lungfish.Durable;
using Lungfish.Functions.Durable;

namespace Lungfish.Server.Lambda.Durable;

/// <summary>Reads one update of a checkpoint.</summary>
internal static class UpdateReader
{
    /// <param name="reader">Stands at its brace, and ends at the closing one.</param>
    /// <param name="number">Of the update in its list, from 1.</param>
    public static OperationUpdate Read(ref Utf8JsonReader reader, int number)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("an update must be an object");
        }

        string? id = null;
        OperationType? type = null;
        OperationAction? action = null;
        var update = Blank;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("Id"u8))
            {
                id = ErrorReader.ReadText(ref reader, "Id");
            }
            else if (reader.ValueTextEquals("Type"u8))
            {
                type = ReadType(ref reader, number);
            }
            else if (reader.ValueTextEquals("Action"u8))
            {
                action = ReadAction(ref reader, number);
            }
            else
            {
                update = ReadMember(ref reader, update);
            }
        }

        update = update with
        {
            Id = id ?? throw Missing(number, "id"),
            Type = type ?? throw Missing(number, "type"),
            Action = action ?? throw Missing(number, "action"),
        };
        UpdateRules.Check(update, number);
        return update;
    }

    private static readonly OperationUpdate Blank = new()
    {
        Id = "",
        Type = OperationType.Execution,
        Action = OperationAction.Start,
    };

    private static OperationUpdate ReadMember(ref Utf8JsonReader reader, OperationUpdate update)
    {
        if (reader.ValueTextEquals("SubType"u8))
        {
            return update with { SubType = ErrorReader.ReadText(ref reader, "SubType") };
        }

        if (reader.ValueTextEquals("Name"u8))
        {
            return update with { Name = ErrorReader.ReadText(ref reader, "Name") };
        }

        if (reader.ValueTextEquals("Payload"u8))
        {
            return update with { Payload = ErrorReader.ReadText(ref reader, "Payload") };
        }

        if (reader.ValueTextEquals("ParentId"u8))
        {
            return update with { ParentId = ErrorReader.ReadText(ref reader, "ParentId") };
        }

        if (reader.ValueTextEquals("Error"u8))
        {
            _ = reader.Read();
            return reader.TokenType == JsonTokenType.Null
                ? update
                : update with { Error = ErrorReader.ReadObject(ref reader) };
        }

        return IsOptions(ref reader) ? ReadOptions(ref reader, update) : Skipped(ref reader, update);
    }

    private static bool IsOptions(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("StepOptions"u8) || reader.ValueTextEquals("WaitOptions"u8)
        || reader.ValueTextEquals("CallbackOptions"u8) || reader.ValueTextEquals("ChainedInvokeOptions"u8)
        || reader.ValueTextEquals("ContextOptions"u8);

    /// <summary>The members of all options: their names are different, so one reader does for all.</summary>
    private static OperationUpdate ReadOptions(ref Utf8JsonReader reader, OperationUpdate update)
    {
        _ = reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return update;
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("options must be an object");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            update = ReadOption(ref reader, update);
        }

        return update;
    }

    private static OperationUpdate ReadOption(ref Utf8JsonReader reader, OperationUpdate update)
    {
        if (reader.ValueTextEquals("NextAttemptDelaySeconds"u8))
        {
            return update with { NextAttemptDelaySeconds = ReadNumber(ref reader, "NextAttemptDelaySeconds") };
        }

        if (reader.ValueTextEquals("WaitSeconds"u8))
        {
            return update with { WaitSeconds = ReadNumber(ref reader, "WaitSeconds") };
        }

        if (reader.ValueTextEquals("TimeoutSeconds"u8))
        {
            return update with { TimeoutSeconds = ReadNumber(ref reader, "TimeoutSeconds") };
        }

        if (reader.ValueTextEquals("HeartbeatTimeoutSeconds"u8))
        {
            return update with { HeartbeatTimeoutSeconds = ReadNumber(ref reader, "HeartbeatTimeoutSeconds") };
        }

        if (reader.ValueTextEquals("FunctionName"u8))
        {
            return update with { FunctionName = ErrorReader.ReadText(ref reader, "FunctionName") };
        }

        if (reader.ValueTextEquals("TenantId"u8))
        {
            return update with { TenantId = ErrorReader.ReadText(ref reader, "TenantId") };
        }

        if (reader.ValueTextEquals("ReplayChildren"u8))
        {
            _ = reader.Read();
            return update with
            {
                ReplayChildren = reader.TokenType == JsonTokenType.Null ? null : reader.GetBoolean(),
            };
        }

        return Skipped(ref reader, update);
    }

    private static OperationUpdate Skipped(ref Utf8JsonReader reader, OperationUpdate update)
    {
        reader.Skip(); // A member that this version of the API does not know, as AWS does.
        return update;
    }

    private static int? ReadNumber(ref Utf8JsonReader reader, string name)
    {
        _ = reader.Read();
        return reader.TokenType == JsonTokenType.Null ? null
            : reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number) ? number
            : throw new JsonException($"{name} must be an integer");
    }

    private static OperationType ReadType(ref Utf8JsonReader reader, int number) =>
        ErrorReader.ReadText(ref reader, "Type") switch
        {
            "STEP" => OperationType.Step,
            "CONTEXT" => OperationType.Context,
            "WAIT" => OperationType.Wait,
            "CALLBACK" => OperationType.Callback,
            "CHAINED_INVOKE" => OperationType.ChainedInvoke,
            "EXECUTION" => OperationType.Execution,
            var other => throw DurableCall.Violation(
                other,
                $"updates.{number}.member.type",
                "Member must satisfy enum value set: [EXECUTION, CONTEXT, STEP, WAIT, CALLBACK, CHAINED_INVOKE]"),
        };

    private static OperationAction ReadAction(ref Utf8JsonReader reader, int number) =>
        ErrorReader.ReadText(ref reader, "Action") switch
        {
            "START" => OperationAction.Start,
            "SUCCEED" => OperationAction.Succeed,
            "FAIL" => OperationAction.Fail,
            "RETRY" => OperationAction.Retry,
            "CANCEL" => OperationAction.Cancel,
            var other => throw DurableCall.Violation(
                other,
                $"updates.{number}.member.action",
                "Member must satisfy enum value set: [START, SUCCEED, FAIL, RETRY, CANCEL]"),
        };

    private static Exception Missing(int number, string member) =>
        DurableCall.Violation(null, $"updates.{number}.member.{member}", "Member must not be null");
}

using System.Text.Json;
using Lungfish.Engine.Api;
using Lungfish.Server.Protocol;

namespace Lungfish.Server.Console;

internal static class CallbackMembers
{
    public static void WriteTo(this PendingCallback callback, Utf8JsonWriter writer)
    {
        writer.WriteString("taskToken"u8, callback.TaskToken);
        writer.WriteString("executionArn"u8, callback.ExecutionArn);
        writer.WriteString("stateMachineArn"u8, callback.StateMachineArn);
        writer.WriteString("stateName"u8, callback.StateName);
        writer.WriteString("kind"u8, callback.Kind);
        writer.WriteString("resource"u8, callback.Resource);
        writer.WriteTime("since"u8, callback.Since);
        if (callback.Deadline is { } deadline)
        {
            writer.WriteTime("deadline"u8, deadline);
        }
    }

    public static void WriteTo(this PendingDurableCallback callback, Utf8JsonWriter writer)
    {
        writer.WriteString("callbackId"u8, callback.CallbackId);
        writer.WriteString("executionArn"u8, callback.ExecutionArn);
        writer.WriteString("operationId"u8, callback.OperationId);
        writer.WriteText("operationName"u8, callback.OperationName);
        writer.WriteString("kind"u8, "durable-callback"u8);
        writer.WriteTime("since"u8, callback.Since);
        if (callback.Deadline is { } deadline)
        {
            writer.WriteTime("deadline"u8, deadline);
        }
    }
}

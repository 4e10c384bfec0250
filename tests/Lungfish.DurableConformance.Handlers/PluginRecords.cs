using System.Globalization;
using System.Text.Json.Nodes;
using Lungfish.DurableFunctions;

namespace Lungfish.DurableConformance.Handlers;

/// <summary>What plugins write of what they are told, in the words of the requirements.</summary>
internal static class PluginRecords
{
    public const string None = "NONE";

    public static bool IsStep(OperationInfo info) => info.Type == OperationTypes.Step;

    public static bool IsWait(OperationInfo info) => info.Type == OperationTypes.Wait;

    public static bool IsContext(OperationInfo info) => info.Type == OperationTypes.Context;

    public static bool IsTerminal(InvocationStatus? status) =>
        status is InvocationStatus.Succeeded or InvocationStatus.Failed;

    public static string? TextOf(InvocationStatus? status) => status?.ToString().ToUpperInvariant();

    public static string TextOf(UserFunctionOutcome outcome) => outcome.ToString().ToUpperInvariant();

    /// <summary>All that an operation's info tells; what it does not tell is left out.</summary>
    public static JsonObject Dump(OperationInfo info) => Told(new JsonObject
    {
        ["id"] = info.Id,
        ["name"] = info.Name,
        ["type"] = info.Type,
        ["subType"] = info.SubType,
        ["parentId"] = info.ParentId,
        ["status"] = info.Status,
        ["startTimestamp"] = TextOf(info.StartTimestamp),
        ["endTimestamp"] = TextOf(info.EndTimestamp),
        ["error"] = info.Error?.ErrorMessage,
        ["attempt"] = info.Attempt,
        ["isReplay"] = info.IsReplay,
    });

    /// <summary>All that an invocation's info tells.</summary>
    public static JsonObject Dump(InvocationInfo info) => Told(new JsonObject
    {
        ["isFirstInvocation"] = info.IsFirstInvocation,
        ["requestId"] = info.RequestId,
        ["operationsCount"] = info.Operations.Count,
        ["executionStartTimestamp"] = TextOf(info.ExecutionStartTimestamp),
    });

    public static JsonObject With(this JsonObject record, string name, JsonNode? value)
    {
        if (value is not null)
        {
            record[name] = value;
        }

        return record;
    }

    private static JsonObject Told(JsonObject record)
    {
        foreach (var name in record.Where(member => member.Value is null).Select(member => member.Key).ToArray())
        {
            _ = record.Remove(name);
        }

        return record;
    }

    private static string? TextOf(DateTimeOffset? time) => time?.ToString("O", CultureInfo.InvariantCulture);
}

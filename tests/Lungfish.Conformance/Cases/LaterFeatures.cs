using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Lungfish.Conformance.Cases;

/// <summary>Tells which feature that is not built yet keeps a case from being run.</summary>
/// <remarks>
/// <c>later-features.json</c> holds its verdicts on all cases, so that a review sees what a change here takes in.
/// An issue that brings a feature deletes its line here and regenerates that file.
/// </remarks>
internal static partial class LaterFeatures
{
    private static readonly HashSet<string> s_operations = new(StringComparer.Ordinal)
    {
        "CreateStateMachine", "DescribeStateMachine", "UpdateStateMachine", "DeleteStateMachine", "ListStateMachines",
        "StartExecution", "DescribeExecution", "DescribeStateMachineForExecution", "ListExecutions", "StopExecution",
        "GetExecutionHistory", "SendTaskSuccess", "SendTaskFailure", "SendTaskHeartbeat",
        "CreateActivity", "DescribeActivity", "ListActivities", "DeleteActivity", "GetActivityTask",
        "TestState", "ValidateStateMachineDefinition",
    };

    private static readonly HashSet<string> s_resources = new(StringComparer.Ordinal)
    {
        "lambda:invoke", "lambda:invoke.waitForTaskToken",
        "states:startExecution", "states:startExecution.sync", "states:startExecution.sync:2",
        "states:startExecution.waitForTaskToken",
        "aws-sdk:sfn:sendTaskFailure", "aws-sdk:sfn:sendTaskHeartbeat", "aws-sdk:sfn:sendTaskSuccess",
        "aws-sdk:sfn:startExecution",
        "sqs:sendMessage", "sqs:sendMessage.waitForTaskToken", "sns:publish", "sns:publish.waitForTaskToken",
        "aws-sdk:s3:getObject", "aws-sdk:s3:listBuckets", "aws-sdk:s3:listBuckets.waitForTaskToken",
        "aws-sdk:s3:listObjects", "aws-sdk:s3:putObject", "s3:getObject", "s3:listObjectsV2", "s3:putObject",
    };

    /// <summary>The first thing that is missing, or null if the case is to be run.</summary>
    public static string? FindMissing(RecordedCase recorded)
    {
        if (recorded.Needs.FirstOrDefault(need => need is not ("lambda" or "s3" or "sqs" or "sns")) is { } service)
        {
            return $"needs the service {service}";
        }

        return FindMissingOperation(recorded)
            ?? (recorded.MachineType is "EXPRESS" ? "needs express executions" : null)
            ?? DefinitionsOf(recorded).SelectMany(ResourcesOf).FirstOrDefault(name => name is not null);
    }

    private static string? FindMissingOperation(RecordedCase recorded)
    {
        foreach (var step in recorded.Calls.Concat(recorded.Setup).Where(step => step.ContainsKey("call")))
        {
            var call = step["call"]?.GetValue<string>() ?? "";
            var operation = call.Split('.')[^1];
            if (!s_operations.Contains(operation) && call.Split('.')[0] is not ("s3" or "sqs" or "sns"))
            {
                return $"needs {operation}";
            }

            var reason = step["params"] switch
            {
                JsonObject parameters when parameters["type"] is JsonValue type && type.ToString() is "EXPRESS" &&
                    !IsValidated(step) && !step.ContainsKey("expectError") => "needs express executions",
                JsonObject parameters when parameters["publish"] is JsonValue publish && publish.ToString() is "true" =>
                    "needs versions",
                JsonObject parameters when parameters.ContainsKey("tags") => "needs tags",
                JsonObject parameters when parameters.ContainsKey("loggingConfiguration") => "needs logging",
                _ => null,
            };
            if (reason is not null)
            {
                return reason;
            }
        }

        return recorded.Json["createParams"] is JsonObject create && create.ContainsKey("loggingConfiguration")
            ? "needs logging"
            : null;
    }

    private static IEnumerable<string?> ResourcesOf(string definition) =>
        from Match resource in ServiceResource().Matches(definition)
        let name = resource.Groups["resource"].Value
        select s_resources.Contains(name) ? null : $"needs the integration {name}";

    /// <summary>TestState carries out one state of a definition at most, in the recorded cases a function's.</summary>
    private static bool IsCarriedOut(JsonObject step) =>
        step["call"]?.GetValue<string>() is not "stepfunctions.TestState" && !IsValidated(step)
            && !step.ContainsKey("expectError"); // A machine that is refused runs nothing.

    private static bool IsValidated(JsonObject step) =>
        step["call"]?.GetValue<string>() is "stepfunctions.ValidateStateMachineDefinition";

    /// <summary>The texts of the definitions in the case, in the one spelling that the patterns read.</summary>
    private static IEnumerable<string> DefinitionsOf(RecordedCase recorded)
    {
        var ofCalls = recorded.Calls.Concat(recorded.Setup)
            .Where(IsCarriedOut)
            .Select(step => step["params"]?["definition"]);
        return ofCalls.Append(recorded.Json["definition"]).OfType<JsonNode>().Select(definition => definition switch
        {
            JsonValue value when value.TryGetValue<string>(out var text) => text,
            _ => definition.ToJsonString(),
        });
    }

    [GeneratedRegex(@"""arn:aws:states:::(?<resource>[^""{}]+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ServiceResource();
}

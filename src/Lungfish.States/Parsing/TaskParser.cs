using Lungfish.Json;
using Lungfish.States.Model;
using Lungfish.States.Validation;

namespace Lungfish.States.Parsing;

/// <summary>Reads a Task state.</summary>
internal static class TaskParser
{
    public static TaskState? Read(string name, FieldReader state, DefinitionOptions options, DiagnosticBag diagnostics)
    {
        _ = state.Require("Resource");
        var resource = ReadResource(state, options);
        var timeout = ValueFields.ReadInteger(state, "TimeoutSeconds", 1, CommonFields.SecondsMax);
        var heartbeat = ValueFields.ReadInteger(state, "HeartbeatSeconds", 1, CommonFields.SecondsMax);
        if (timeout is Literal<long> limit && heartbeat is Literal<long> beat && beat.Value >= limit.Value &&
            state["HeartbeatSeconds"] is { } field)
        {
            state.Refuse(
                field, "HeartbeatSeconds must be smaller than TimeoutSeconds",
                $"Write less than {limit.Value}, or raise 'TimeoutSeconds'.");
        }

        var data = CommonFields.ReadDataFlow(state, JsonataPlace.AfterWork);
        var role = ReadRole(state);
        var next = CommonFields.ReadNext(state);
        if (resource is ServiceIntegration integration)
        {
            RequireParameters(state, integration);
            WarnOfKeptToken(state, integration, data, diagnostics);
        }

        if (resource is ActivityResource && state["Credentials"] is { } credentials)
        {
            // Measured.
            state.Refuse(
                credentials, "The field 'Credentials' is not supported for activities",
                "Remove 'Credentials': workers of activities bring their own.");
        }

        var (retry, catchers) = (ErrorHandlingParser.ReadRetry(state), ErrorHandlingParser.ReadCatch(state));
        return resource is null ? null : new TaskState
        {
            Name = name,
            Resource = resource,
            Data = data,
            Retry = retry,
            Catch = catchers,
            Timeout = timeout,
            Heartbeat = heartbeat,
            RoleArn = role,
            Next = next,
        };
    }

    private static Field<string>? ReadRole(FieldReader state)
    {
        if (state.Object("Credentials") is not { } credentials)
        {
            return null;
        }

        if (credentials.Has("RoleArn") || credentials.Has("RoleArn.$"))
        {
            StateFields.AllowOnly(credentials, state.IsJsonata ? ["RoleArn"] : ["RoleArn", "RoleArn.$"]);
            return ValueFields.ReadText(credentials, "RoleArn", "RoleArn.$");
        }

        // Recorded in credentials/*: these words, unlike those of other required fields, and none of what is there.
        credentials.Refuse("The field 'RoleArn' is required but was missing", "Name the role: \"RoleArn\": \"...\".");
        return null;
    }

    // Users report this text of AWS for parameters in general. Without Parameters the input is what the call gets.
    private static void RequireParameters(FieldReader state, ServiceIntegration integration)
    {
        var name = state.IsJsonata ? "Arguments" : "Parameters";
        if (integration is { Service: "lambda", Action: "invoke" } &&
            state[name] is { Kind: JsonKind.Object } parameters &&
            parameters["FunctionName"] is null && parameters["FunctionName.$"] is null)
        {
            state.Refuse(
                parameters, "The field 'FunctionName' is required but was missing",
                $"Name the function in '{name}': \"FunctionName\": \"...\".");
        }
    }

    private static void WarnOfKeptToken(
        FieldReader state, ServiceIntegration integration, DataFlow data, DiagnosticBag diagnostics)
    {
        if (integration.Pattern != IntegrationPattern.WaitForTaskToken || data.ReadsTaskToken || diagnostics.HasErrors)
        {
            return;
        }

        var (field, hint) = state.IsJsonata
            ? ("Arguments", "\"token\": \"{% $states.context.Task.Token %}\"")
            : ("Parameters", "\"token.$\": \"$$.Task.Token\"");
        diagnostics.Warning(
            state.Node, DiagnosticCodes.TaskTokenNotPassed,
            $"The task waits for its token, but its '{field}' give the token to nobody",
            $"Pass it on, as in {hint}; else the task can only time out.");
    }

    /// <summary>Recorded in sfn_api_express: an Express execution cannot wait for an answer from outside.</summary>
    private static bool RefuseInExpress(FieldReader state, DefinitionNode field, TaskResource resource)
    {
        var message = resource switch
        {
            // AWS has a space at the end of this one.
            ServiceIntegration { Pattern: IntegrationPattern.WaitForTaskToken } =>
                "Express state machine does not support '.waitForTaskToken' service integration ",
            ServiceIntegration { Pattern: IntegrationPattern.Sync or IntegrationPattern.Sync2 } =>
                "Express state machine does not support '.sync' service integration",
            ActivityResource => "Express state machine does not support Activity ARN",
            _ => null,
        };
        if (message is not null)
        {
            state.Refuse(field, message, "Make the state machine STANDARD, or call without waiting.");
        }

        return message is not null;
    }

    private static TaskResource? ReadResource(FieldReader state, DefinitionOptions options)
    {
        if (state.Text("Resource") is not { } arn || state["Resource"] is not { } field)
        {
            return null;
        }

        if (!arn.StartsWith("arn:", StringComparison.Ordinal))
        {
            // Measured.
            state.Refuse(
                field, "Value is not a valid resource ARN",
                "Write the ARN of a function or an activity, or arn:aws:states:::SERVICE:ACTION.");
            return null;
        }

        var resource = TaskResourceParser.Parse(arn);
        if (resource is not null && options.Type == StateMachineType.Express && RefuseInExpress(state, field, resource))
        {
            return null;
        }

        if (resource is not null && options.CanRun(resource))
        {
            return resource;
        }

        // Recorded in services_dynamodb (dynamodb:query).
        state.Refuse(
            field,
            $"The resource provided {arn} is not recognized. The value is not a valid resource ARN, " +
                "or the resource is not available in this region.",
            resource switch
            {
                ServiceIntegration integration =>
                    $"No integration for {integration.Service}:{integration.ActionWithPattern} is installed.",
                null => "Write the ARN of a function or an activity, or arn:aws:states:::SERVICE:ACTION.",
                _ => "No handler for this kind of resource is installed.",
            });
        return null;
    }
}

using Lungfish.States.JsonPath;
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
        var timeout = CommonFields.ReadSeconds(state, "TimeoutSeconds", min: 1);
        var heartbeat = CommonFields.ReadSeconds(state, "HeartbeatSeconds", min: 1);
        if (timeout is LiteralSeconds limit && heartbeat is LiteralSeconds beat && beat.Seconds >= limit.Seconds &&
            state["HeartbeatSeconds"] is { } field)
        {
            state.Refuse(
                field, "HeartbeatSeconds must be smaller than TimeoutSeconds",
                $"Write less than {limit.Seconds}, or raise 'TimeoutSeconds'.");
        }

        var data = CommonFields.ReadDataFlow(state, state.Template("Parameters"));
        var next = CommonFields.ReadNext(state);
        if (resource is ServiceIntegration integration)
        {
            RequireParameters(state, integration);
            WarnOfKeptToken(state, integration, data.Parameters, diagnostics);
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
            Next = next,
        };
    }

    // Users report this text of AWS for parameters in general. Without Parameters the input is what the call gets.
    private static void RequireParameters(FieldReader state, ServiceIntegration integration)
    {
        if (integration is { Service: "lambda", Action: "invoke" } && state["Parameters"] is { } parameters &&
            parameters["FunctionName"] is null && parameters["FunctionName.$"] is null)
        {
            state.Refuse(
                parameters, "The field 'FunctionName' is required but was missing",
                "Name the function in 'Parameters': \"FunctionName\": \"...\".");
        }
    }

    private static void WarnOfKeptToken(
        FieldReader state, ServiceIntegration integration, PayloadTemplate? parameters, DiagnosticBag diagnostics)
    {
        if (integration.Pattern == IntegrationPattern.WaitForTaskToken && parameters is not { ReadsTaskToken: true } &&
            !diagnostics.HasErrors)
        {
            diagnostics.Warning(
                state.Node, DiagnosticCodes.TaskTokenNotPassed,
                "The task waits for its token, but its 'Parameters' give the token to nobody",
                "Pass it on, as in \"token.$\": \"$$.Task.Token\"; else the task can only time out.");
        }
    }

    private static TaskResource? ReadResource(FieldReader state, DefinitionOptions options)
    {
        if (state.Text("Resource") is not { } arn || state["Resource"] is not { } field)
        {
            return null;
        }

        var resource = TaskResourceParser.Parse(arn);
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

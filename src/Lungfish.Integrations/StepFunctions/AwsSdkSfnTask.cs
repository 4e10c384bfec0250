using System.Globalization;
using Lungfish.Engine;
using Lungfish.Engine.Api;
using Lungfish.Engine.Tasks;
using Lungfish.Json;
using Lungfish.States.Model;

namespace Lungfish.Integrations.StepFunctions;

/// <summary><c>arn:aws:states:::aws-sdk:sfn:ACTION</c> for the actions that are here; others are refused when a
/// definition names them.</summary>
internal sealed class AwsSdkSfnTask(StepFunctionsTasks tasks) : ITaskHandler
{
    private static readonly Dictionary<string, string[]> FieldsOfAnswers = new(StringComparer.Ordinal)
    {
        ["sendTaskFailure"] = ["Cause", "Error", "TaskToken"],
        ["sendTaskHeartbeat"] = ["TaskToken"],
        ["sendTaskSuccess"] = ["Output", "TaskToken"],
    };

    public static bool Offers(ServiceIntegration integration) => integration is
    {
        Service: "aws-sdk:sfn",
        Pattern: IntegrationPattern.RequestResponse or IntegrationPattern.WaitForTaskToken,
    } && (integration.Action == "startExecution" || FieldsOfAnswers.ContainsKey(integration.Action));

    public bool CanRun(TaskResource resource) => resource is ServiceIntegration integration && Offers(integration);

    public async ValueTask<TaskOutcome> RunAsync(TaskAssignment assignment, CancellationToken cancellationToken)
    {
        var executions = await tasks.ExecutionsAsync(cancellationToken);
        var action = ((ServiceIntegration)assignment.Task.Resource).Action;
        try
        {
            return action == "startExecution"
                ? await StartAsync(executions, assignment, cancellationToken)
                : await AnswerAsync(executions, action, assignment, cancellationToken);
        }
        catch (ApiException e)
        {
            return StepFunctionsRefusals.OfSdk(e, assignment);
        }
    }

    private static async Task<TaskOutcome> StartAsync(
        IExecutions executions, TaskAssignment assignment, CancellationToken cancellationToken)
    {
        if (ExecutionStart.Read(assignment, dropsUnknown: false, out var problem) is not { } start)
        {
            return StepFunctionsRefusals.InvalidParameters(assignment, problem);
        }

        var started = await start.StartAsync(executions, cancellationToken);
        var date = started.StartDate.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        return Done(assignment, JsonObject.Of(("ExecutionArn", started.ExecutionArn), ("StartDate", date)));
    }

    private static async Task<TaskOutcome> AnswerAsync(
        IExecutions executions, string action, TaskAssignment assignment, CancellationToken cancellationToken)
    {
        var input = assignment.Task.Input as JsonObject ?? JsonObject.Empty;
        if (FirstProblem(input, action) is { } problem)
        {
            return StepFunctionsRefusals.InvalidParameters(assignment, problem);
        }

        var token = Text("TaskToken") ?? "";
        switch (action)
        {
            case "sendTaskFailure":
                await executions.FailTaskAsync(token, Text("Error"), Text("Cause"), cancellationToken);
                break;
            case "sendTaskHeartbeat":
                await executions.HeartbeatTaskAsync(token, cancellationToken);
                break;
            default:
                // Recorded in test_sfn_send_task_outcome_with_no_such_token: the token is looked at before the output.
                executions.CheckTaskToken(token);
                await executions.SucceedTaskAsync(token, Parse(Text("Output") ?? ""), cancellationToken);
                break;
        }

        return Done(assignment, JsonObject.Empty);

        string? Text(string name) => input[name] switch
        {
            null or JsonNull => null,
            JsonString text => text.Value,
            var value => value.ToText(), // Documented: JSON for a member that is a string is sent as its text.
        };
    }

    private static string? FirstProblem(JsonObject input, string action)
    {
        foreach (var (name, _) in input)
        {
            if (!FieldsOfAnswers[action].Contains(name))
            {
                return $"The field '{name}' is not supported by Step Functions";
            }
        }

        var missing = FieldsOfAnswers[action].FirstOrDefault(
            name => name is "TaskToken" or "Output" && input[name] is null or JsonNull);
        return missing is null ? null : $"The field '{missing}' is required but was missing";
    }

    private static JsonValue Parse(string output)
    {
        try
        {
            return JsonValue.Parse(output);
        }
        catch (JsonParseException)
        {
            throw StepFunctionsErrors.InvalidOutput(JacksonText.Of(output).Message);
        }
    }

    private static TaskOutcome Done(TaskAssignment assignment, JsonObject output) =>
        assignment.Task.AnsweredByToken ? new TaskHandedOver(output) : new TaskCompleted(output);
}

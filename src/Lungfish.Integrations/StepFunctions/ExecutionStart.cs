using Lungfish.Engine;
using Lungfish.Engine.Api;
using Lungfish.Engine.Tasks;
using Lungfish.Json;

namespace Lungfish.Integrations.StepFunctions;

/// <summary>A StartExecution that a task makes; repeated, it finds the execution that it started.</summary>
internal sealed record ExecutionStart
{
    private static readonly string[] Known = ["Input", "Name", "StateMachineArn", "TraceHeader"];

    public required string StateMachineArn { get; init; }

    /// <summary>If the task gives none, one that is the same whenever this attempt is handed out.</summary>
    public required string Name { get; init; }

    public required bool IsNamedByTask { get; init; }

    /// <summary>JSON text.</summary>
    public required string Input { get; init; }

    /// <summary>What the execution is called once it has started.</summary>
    public string ExecutionArn =>
        $"{StateMachineArn.Replace(":stateMachine:", ":execution:", StringComparison.Ordinal)}:{Name}";

    /// <param name="dropsUnknown">Optimized integrations take no notice of other fields; those of the SDK refuse
    /// them.</param>
    public static ExecutionStart? Read(TaskAssignment assignment, bool dropsUnknown, out string problem)
    {
        problem = "";
        var input = assignment.Task.Input as JsonObject ?? JsonObject.Empty;
        foreach (var (name, value) in input)
        {
            if (!Known.Contains(name) && !dropsUnknown)
            {
                problem = $"The field '{name}' is not supported by Step Functions";
                return null;
            }

            if (name is "Name" or "StateMachineArn" && value is not (JsonString or JsonNull))
            {
                problem = $"The value of the field '{name}' has an invalid format";
                return null;
            }
        }

        if (input["StateMachineArn"] is not JsonString machine)
        {
            problem = "The field 'StateMachineArn' is required but was missing";
            return null;
        }

        var given = input["Name"] as JsonString;
        return new ExecutionStart
        {
            StateMachineArn = machine.Value,
            Name = given?.Value ?? RequestIds.Of(assignment),
            IsNamedByTask = given is not null,
            Input = input["Input"] switch
            {
                // Recorded in callback/test_start_execution_sync_delegate_failure: null arrives as {}.
                null or JsonNull => "{}",
                JsonString text => text.Value,
                var value => value.ToText(),
            },
        };
    }

    /// <exception cref="ApiException">The API refuses it.</exception>
    public async Task<StartedExecution> StartAsync(IExecutions executions, CancellationToken cancellationToken)
    {
        JsonValue input;
        try
        {
            input = JsonValue.Parse(Input);
        }
        catch (JsonParseException)
        {
            throw StepFunctionsErrors.InvalidExecutionInput(JacksonText.Of(Input).Message);
        }

        try
        {
            return await executions.StartAsync(StateMachineArn, Name, input, Input, cancellationToken);
        }
        catch (ApiException e) when (e.Code == "ExecutionAlreadyExists" && !IsNamedByTask)
        {
            // Nobody else makes this name: an earlier hand-out started it, and it has closed since.
            var earlier = await executions.DescribeAsync(ExecutionArn, cancellationToken);
            return new StartedExecution(ExecutionArn, earlier.Summary.StartDate);
        }
    }
}

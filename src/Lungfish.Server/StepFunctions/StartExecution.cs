using System.Text.Json;
using Lungfish.Engine;
using Lungfish.Engine.Api;
using Lungfish.Engine.Identifiers;
using Lungfish.Server.Protocol;

namespace Lungfish.Server.StepFunctions;

internal sealed class StartExecution(IExecutions executions, IStateMachines stateMachines)
    : IApiAction<StartExecutionInput, StartExecutionOutput>
{
    public async Task<StartExecutionOutput> HandleAsync(StartExecutionInput input, CancellationToken cancellationToken)
    {
        var machine = input.StateMachineArn.Value;
        if (input.Name is not null && !ResourceName.IsValid(input.Name))
        {
            await RequireMachineAsync(machine, cancellationToken);
            throw StepFunctionsErrors.InvalidName(input.Name);
        }

        var payload = JsonInput.Empty;
        if (input.Input is not null
            && (payload = JsonInput.TryParse(input.Input, "Invalid execution input.", out var why)) is null)
        {
            await RequireMachineAsync(machine, cancellationToken);
            throw StepFunctionsErrors.InvalidExecutionInput(why);
        }

        var started = await executions.StartAsync(machine, input.Name, payload.Value, payload.Text, cancellationToken);
        return new StartExecutionOutput(started.ExecutionArn, started.StartDate);
    }

    /// <summary>Measured: AWS looks for the machine before the name's characters and the input's JSON.</summary>
    private Task RequireMachineAsync(string arn, CancellationToken cancellationToken) =>
        stateMachines.DescribeAsync(arn, cancellationToken);
}

internal sealed record StartExecutionInput : IApiInput<StartExecutionInput>
{
    private static readonly TextRule TraceHeaderRule = new() { LengthMax = 256, IsAscii = true };

    public required StateMachineArn StateMachineArn { get; init; }

    /// <summary>Null: a new UUID.</summary>
    public required string? Name { get; init; }

    /// <summary>JSON text, not parsed yet.</summary>
    public required string? Input { get; init; }

    public static StartExecutionInput Read(RequestMembers members)
    {
        var input = new StartExecutionInput
        {
            StateMachineArn = StateMachineArn.Read(members, "stateMachineArn"),
            Name = members.OptionalText("name", Names.Rule),
            Input = members.OptionalText("input", JsonInput.Rule),
        };
        _ = members.OptionalText("traceHeader", TraceHeaderRule); // Checked as AWS does; no traces are sent yet.
        members.Complete();
        return input;
    }
}

internal sealed record StartExecutionOutput(string ExecutionArn, DateTimeOffset StartDate) : IApiOutput
{
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteString("executionArn"u8, ExecutionArn);
        writer.WriteTime("startDate"u8, StartDate);
    }
}

using System.Text.Json;
using Lungfish.Engine;
using Lungfish.Engine.Api;
using Lungfish.Server.Protocol;

namespace Lungfish.Server.StepFunctions;

internal sealed class ListExecutions(IExecutions executions, IStateMachines stateMachines)
    : IApiAction<ListExecutionsInput, ListExecutionsOutput>
{
    public async Task<ListExecutionsOutput> HandleAsync(ListExecutionsInput input, CancellationToken cancellationToken)
    {
        var machine = input.StateMachineArn.Value;
        var status = input.StatusFilter is null ? null : ExecutionMembers.StatusOf(input.StatusFilter);
        var matchesNothing = input.WantsRedriven || (input.StatusFilter is not null && status is null);
        if (matchesNothing)
        {
            // Nothing has been redriven and nothing waits for it; an unknown machine is still refused.
            _ = await stateMachines.DescribeAsync(machine, cancellationToken);
            return new ListExecutionsOutput(new Page<ExecutionSummary>([], null));
        }

        return new ListExecutionsOutput(await executions.ListAsync(
            machine, status, input.Paging.CountMax, input.Paging.NextToken, cancellationToken));
    }
}

internal sealed record ListExecutionsInput : IApiInput<ListExecutionsInput>
{
    private static readonly TextRule RedriveRule = TextRule.OneOf("REDRIVEN", "NOT_REDRIVEN");

    public required StateMachineArn StateMachineArn { get; init; }

    public required string? StatusFilter { get; init; }

    public required bool WantsRedriven { get; init; }

    public required Paging Paging { get; init; }

    public static ListExecutionsInput Read(RequestMembers members)
    {
        var mapRun = members.OptionalText("mapRunArn", TextRule.Length(1, 2000));
        var input = new ListExecutionsInput
        {
            StateMachineArn = members.Has("stateMachineArn")
                ? StateMachineArn.Read(members, "stateMachineArn")
                : default,
            StatusFilter = members.OptionalText("statusFilter", ExecutionMembers.StatusRule),
            WantsRedriven = members.OptionalText("redriveFilter", RedriveRule) == "REDRIVEN",
            Paging = Paging.Read(members, tokenLengthMax: 3096),
        };
        members.Complete();
        if (members.Has("stateMachineArn") == (mapRun is not null))
        {
            throw ProtocolErrors.Validation("Must provide exactly one of stateMachineArn and mapRunArn");
        }

        // There are no map runs yet, so there is none of this name.
        return mapRun is null ? input : throw StepFunctionsErrors.ResourceNotFound(mapRun);
    }
}

internal sealed record ListExecutionsOutput(Page<ExecutionSummary> Page) : IApiOutput
{
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("executions"u8);
        foreach (var execution in Page.Items)
        {
            writer.WriteStartObject();
            execution.WriteTo(writer);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteText("nextToken"u8, Page.NextToken);
    }
}

using System.Text.Json;
using Lungfish.Engine.Api;
using Lungfish.Server.Protocol;

namespace Lungfish.Server.StepFunctions;

internal sealed class ListExecutions(IExecutions executions, IStateMachines stateMachines, IMapRuns mapRuns)
    : IApiAction<ListExecutionsInput, ListExecutionsOutput>
{
    public async Task<ListExecutionsOutput> HandleAsync(ListExecutionsInput input, CancellationToken cancellationToken)
    {
        var status = input.StatusFilter is null ? null : ExecutionMembers.StatusOf(input.StatusFilter);
        var matchesNothing = input.WantsRedriven || (input.StatusFilter is not null && status is null);
        if (matchesNothing)
        {
            // Nothing has been redriven and nothing waits for it; what is unknown is still refused.
            if (input.MapRunArn is { } run)
            {
                _ = await mapRuns.DescribeAsync(run.Value, cancellationToken);
            }
            else
            {
                _ = await stateMachines.DescribeAsync(input.StateMachineArn.Value, cancellationToken);
            }

            return new ListExecutionsOutput(new Page<ExecutionSummary>([], null));
        }

        var (countMax, nextToken) = (input.Paging.CountMax, input.Paging.NextToken);
        return new ListExecutionsOutput(input.MapRunArn is { } mapRun
            ? await mapRuns.ListExecutionsAsync(mapRun.Value, status, countMax, nextToken, cancellationToken)
            : await executions.ListAsync(
                input.StateMachineArn.Value, status, countMax, nextToken, cancellationToken));
    }
}

internal sealed record ListExecutionsInput : IApiInput<ListExecutionsInput>
{
    private static readonly TextRule RedriveRule = TextRule.OneOf("REDRIVEN", "NOT_REDRIVEN");

    public required StateMachineArn StateMachineArn { get; init; }

    /// <summary>Null: the executions of the state machine.</summary>
    public required MapRunArn? MapRunArn { get; init; }

    public required string? StatusFilter { get; init; }

    public required bool WantsRedriven { get; init; }

    public required Paging Paging { get; init; }

    public static ListExecutionsInput Read(RequestMembers members)
    {
        var input = new ListExecutionsInput
        {
            StateMachineArn = members.Has("stateMachineArn")
                ? StateMachineArn.Read(members, "stateMachineArn")
                : default,
            MapRunArn = members.Has("mapRunArn")
                ? StepFunctions.MapRunArn.Read(members, "mapRunArn")
                : null,
            StatusFilter = members.OptionalText("statusFilter", ExecutionMembers.StatusRule),
            WantsRedriven = members.OptionalText("redriveFilter", RedriveRule) == "REDRIVEN",
            Paging = Paging.Read(members, tokenLengthMax: 3096),
        };
        members.Complete();
        return members.Has("stateMachineArn") != members.Has("mapRunArn")
            ? input
            : throw ProtocolErrors.Validation("Must provide exactly one of stateMachineArn and mapRunArn");
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
            if (execution.ItemCount is { } items)
            {
                writer.WriteNumber("itemCount"u8, items);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteText("nextToken"u8, Page.NextToken);
    }
}

using System.Text.Json;
using Lungfish.Engine.Api;
using Lungfish.Server.Protocol;

namespace Lungfish.Server.StepFunctions;

internal sealed class ListStateMachines(IStateMachines stateMachines)
    : IApiAction<ListInput, ListStateMachinesOutput>
{
    public async Task<ListStateMachinesOutput> HandleAsync(ListInput input, CancellationToken cancellationToken) =>
        new(await stateMachines.ListAsync(input.Paging.CountMax, input.Paging.NextToken, cancellationToken));
}

/// <summary>The input of lists that take nothing but a page.</summary>
internal sealed record ListInput(Paging Paging) : IApiInput<ListInput>
{
    public static ListInput Read(RequestMembers members)
    {
        var input = new ListInput(Paging.Read(members));
        members.Complete();
        return input;
    }
}

internal sealed record ListStateMachinesOutput(Page<StateMachineDescription> Page) : IApiOutput
{
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("stateMachines"u8);
        foreach (var machine in Page.Items)
        {
            writer.WriteStartObject();
            writer.WriteString("stateMachineArn"u8, machine.Arn);
            writer.WriteString("name"u8, machine.Name);
            writer.WriteString("type"u8, machine.Type);
            writer.WriteTime("creationDate"u8, machine.CreatedAt);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteText("nextToken"u8, Page.NextToken);
    }
}

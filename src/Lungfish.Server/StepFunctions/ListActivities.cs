using System.Text.Json;
using Lungfish.Engine.Api;
using Lungfish.Server.Protocol;

namespace Lungfish.Server.StepFunctions;

internal sealed class ListActivities(IActivities activities) : IApiAction<ListInput, ListActivitiesOutput>
{
    public async Task<ListActivitiesOutput> HandleAsync(ListInput input, CancellationToken cancellationToken) =>
        new(await activities.ListAsync(input.Paging.CountMax, input.Paging.NextToken, cancellationToken));
}

internal sealed record ListActivitiesOutput(Page<ActivityDescription> Page) : IApiOutput
{
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("activities"u8);
        foreach (var activity in Page.Items)
        {
            writer.WriteStartObject();
            writer.WriteString("activityArn"u8, activity.Arn);
            writer.WriteString("name"u8, activity.Name);
            writer.WriteTime("creationDate"u8, activity.CreatedAt);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteText("nextToken"u8, Page.NextToken);
    }
}

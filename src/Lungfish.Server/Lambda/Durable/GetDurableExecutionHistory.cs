using System.Text.Json;
using Lungfish.Engine.Api;
using Lungfish.Server.Protocol;

namespace Lungfish.Server.Lambda.Durable;

internal sealed class GetDurableExecutionHistory(IDurableExecutions executions) : IDurableAction
{
    public async Task HandleAsync(DurableCall call, Utf8JsonWriter answer, CancellationToken cancellationToken)
    {
        var includesData = call.FindBoolean("IncludeExecutionData") ?? true;
        var page = await executions.ReadHistoryAsync(
            call.ReadArn(),
            call.ReadMaxItems(),
            reverse: call.FindBoolean("ReverseOrder") ?? false,
            call.FindQuery("Marker"),
            cancellationToken);
        answer.WriteStartObject();
        answer.WriteStartArray("Events"u8);
        foreach (var happened in page.Items)
        {
            HistoryEventJson.Write(answer, happened, includesData);
        }

        answer.WriteEndArray();
        answer.WriteText("NextMarker"u8, page.NextToken);
        answer.WriteEndObject();
    }
}

using System.Text.Json;
using Lungfish.Engine.Api;
using Lungfish.Functions.Durable;
using Lungfish.Server.Protocol;

namespace Lungfish.Server.Lambda.Durable;

internal sealed class GetDurableExecutionState(IDurableExecutions executions) : IDurableAction
{
    public async Task HandleAsync(DurableCall call, Utf8JsonWriter answer, CancellationToken cancellationToken)
    {
        var arn = call.ReadArn();
        var token = call.FindQuery("CheckpointToken")
            ?? throw DurableCall.Violation(null, "checkpointToken", "Member must not be null");
        var page = await executions.ReadStateAsync(
            arn, token, call.FindQuery("Marker"), call.ReadMaxItems(), cancellationToken);
        answer.WriteStartObject();
        answer.WriteStartArray("Operations"u8);
        foreach (var operation in page.Items)
        {
            OperationJson.Write(answer, operation, JsonTime.WriteTime);
        }

        answer.WriteEndArray();
        answer.WriteText("NextMarker"u8, page.NextToken);
        answer.WriteEndObject();
    }
}

using System.Text.Json;
using Lungfish.Engine.Api;
using Lungfish.Functions.Durable;
using Lungfish.Server.Protocol;

namespace Lungfish.Server.Lambda.Durable;

internal sealed class CheckpointDurableExecution(IDurableExecutions executions) : IDurableAction
{
    // SDKs send up to 750 KB in a batch, but one payload may have 6 MB, and quotes double in JSON.
    private const int BytesMax = 16 * 1024 * 1024;

    public async Task HandleAsync(DurableCall call, Utf8JsonWriter answer, CancellationToken cancellationToken)
    {
        var arn = call.ReadArn();
        var request = await call.ReadBodyAsync(BytesMax, CheckpointReader.Read, cancellationToken);
        var result = await executions.CheckpointAsync(
            arn, request.Token, request.ClientToken, request.Updates, cancellationToken);
        Write(answer, result);
    }

    public static void Write(Utf8JsonWriter answer, CheckpointResult result)
    {
        answer.WriteStartObject();
        answer.WriteText("CheckpointToken"u8, result.CheckpointToken);
        answer.WriteStartObject("NewExecutionState"u8);
        answer.WriteStartArray("Operations"u8);
        foreach (var operation in result.Operations)
        {
            OperationJson.Write(answer, operation, JsonTime.WriteTime);
        }

        answer.WriteEndArray();
        answer.WriteEndObject();
        answer.WriteEndObject();
    }
}

using System.Text.Json;
using Lungfish.Engine.Api;
using Lungfish.Server.Protocol;

namespace Lungfish.Server.Lambda.Durable;

internal sealed class StopDurableExecution(IDurableExecutions executions) : IDurableAction
{
    public async Task HandleAsync(DurableCall call, Utf8JsonWriter answer, CancellationToken cancellationToken)
    {
        var arn = call.ReadArn();
        var error = await ErrorBody.ReadAsync(call, cancellationToken);
        var stoppedAt = await executions.StopAsync(arn, error, cancellationToken);
        answer.WriteStartObject();
        answer.WriteTime("StopTimestamp"u8, stoppedAt);
        answer.WriteEndObject();
    }
}

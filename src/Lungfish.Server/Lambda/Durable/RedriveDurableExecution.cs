using System.Text.Json;
using Lungfish.Engine.Api;
using Lungfish.Server.Protocol;

namespace Lungfish.Server.Lambda.Durable;

/// <summary>Our extension: resumes a failed, timed-out or stopped execution from what failed.</summary>
internal sealed class RedriveDurableExecution(IDurableExecutions executions) : IDurableAction
{
    public async Task HandleAsync(DurableCall call, Utf8JsonWriter answer, CancellationToken cancellationToken)
    {
        var redrivenAt = await executions.RedriveAsync(call.ReadArn(), cancellationToken);
        answer.WriteStartObject();
        answer.WriteTime("RedriveTimestamp"u8, redrivenAt);
        answer.WriteEndObject();
    }
}

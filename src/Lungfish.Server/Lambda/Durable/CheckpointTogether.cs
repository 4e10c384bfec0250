using System.Text.Json;
using Lungfish.Engine;
using Lungfish.Engine.Api;
using Lungfish.Functions;

namespace Lungfish.Server.Lambda.Durable;

/// <summary>Our extension: checkpoints of several executions in one request, from a process that runs several
/// invocations at once (docs/decisions/0014). Each is answered, or refused, by itself.</summary>
internal sealed class CheckpointTogether(IDurableExecutions executions) : IDurableAction
{
    private const int BytesMax = 16 * 1024 * 1024; // As of one alone.

    public async Task HandleAsync(DurableCall call, Utf8JsonWriter answer, CancellationToken cancellationToken)
    {
        var requests = await call.ReadBodyAsync(BytesMax, CheckpointReader.ReadSeveral, cancellationToken);
        var results = executions.CheckpointTogether(
            [.. requests.Where(one => one.Refusal is null).Select(one => one.Request).Select(one =>
                new CheckpointCall(one.ExecutionArn ?? "", one.Token, one.ClientToken, one.Updates))],
            cancellationToken);
        Task all = Task.WhenAll(results);
        await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // Each is looked at below.
        answer.WriteStartArray();
        var next = 0;
        foreach (var one in requests)
        {
            if (one.Refusal is { } refusal)
            {
                WriteRefusal(answer, refusal);
            }
            else
            {
                await WriteAsync(answer, results[next++]);
            }
        }

        answer.WriteEndArray();
    }

    /// <param name="result">Is there.</param>
    private static async Task WriteAsync(Utf8JsonWriter answer, Task<CheckpointResult> result)
    {
        CheckpointResult checkpoint;
        try
        {
            checkpoint = await result;
        }
        catch (ApiException refusal)
        {
            WriteRefusal(answer, refusal);
            return;
        }
        catch (OperationCanceledException)
        {
            WriteRefusal(answer, LambdaErrors.ServiceStopping());
            return;
        }

        answer.WriteStartObject();
        answer.WriteNumber("Status"u8, 200);
        answer.WritePropertyName("Answer"u8);
        CheckpointDurableExecution.Write(answer, checkpoint);
        answer.WriteEndObject();
    }

    private static void WriteRefusal(Utf8JsonWriter answer, ApiException refusal)
    {
        answer.WriteStartObject();
        answer.WriteNumber("Status"u8, refusal.HttpStatus);
        answer.WriteString("ErrorType"u8, refusal.Code);
        answer.WriteString("Message"u8, refusal.Message);
        answer.WriteEndObject();
    }
}

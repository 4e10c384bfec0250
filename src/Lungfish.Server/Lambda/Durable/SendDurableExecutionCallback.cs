using System.Buffers;
using System.Text;
using System.Text.Json;
using Lungfish.Durable;
using Lungfish.Engine.Api;
using Lungfish.Functions;

namespace Lungfish.Server.Lambda.Durable;

internal sealed class SendDurableExecutionCallbackSuccess(IDurableExecutions executions) : IDurableAction
{
    private const int BytesMax = 262_144; // Documented: 256 KB.

    private static readonly UTF8Encoding Strict =
        new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public async Task HandleAsync(DurableCall call, Utf8JsonWriter answer, CancellationToken cancellationToken)
    {
        var id = CallbackIds.Read(call);
        var payload = await call.ReadBodyAsync(BytesMax + 1, ReadPayload, cancellationToken);
        await executions.SucceedCallbackAsync(id, payload, cancellationToken);
        answer.WriteStartObject();
        answer.WriteEndObject();
    }

    /// <returns>Null: there is no body, and so no result.</returns>
    private static string? ReadPayload(ReadOnlySequence<byte> body)
    {
        if (body.Length > BytesMax)
        {
            throw LambdaErrors.InvalidParameter(
                "1 validation error detected: Value at 'result' failed to satisfy constraint: "
                + $"Member must have length less than or equal to {BytesMax}");
        }

        try
        {
            return body.IsEmpty ? null : Strict.GetString(body);
        }
        catch (DecoderFallbackException)
        {
            // A result is a text in everything that shows it; other bytes would not come back as they were.
            throw LambdaErrors.InvalidParameter("The result of a callback must be text in UTF-8.");
        }
    }
}

internal sealed class SendDurableExecutionCallbackFailure(IDurableExecutions executions) : IDurableAction
{
    public async Task HandleAsync(DurableCall call, Utf8JsonWriter answer, CancellationToken cancellationToken)
    {
        var id = CallbackIds.Read(call);
        var error = await ErrorBody.ReadAsync(call, cancellationToken);
        await executions.FailCallbackAsync(id, error ?? ErrorObject.Empty, cancellationToken);
        answer.WriteStartObject();
        answer.WriteEndObject();
    }
}

internal sealed class SendDurableExecutionCallbackHeartbeat(IDurableExecutions executions) : IDurableAction
{
    public async Task HandleAsync(DurableCall call, Utf8JsonWriter answer, CancellationToken cancellationToken)
    {
        await executions.HeartbeatCallbackAsync(CallbackIds.Read(call), cancellationToken);
        answer.WriteStartObject();
        answer.WriteEndObject();
    }
}

internal static class CallbackIds
{
    private const int LengthMax = 1024;

    public static string Read(DurableCall call) => call.Name.Length switch
    {
        0 => throw DurableCall.Violation("", "callbackId", "Member must have length greater than or equal to 1"),
        > LengthMax => throw DurableCall.Violation(
            call.Name, "callbackId", $"Member must have length less than or equal to {LengthMax}"),
        _ => call.Name,
    };
}

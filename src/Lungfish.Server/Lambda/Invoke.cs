using Lungfish.Functions;

namespace Lungfish.Server.Lambda;

internal sealed class Invoke : ILambdaAction
{
    public async Task<LambdaAnswer> HandleAsync(LambdaCall call, CancellationToken cancellationToken)
    {
        const int BytesMax = 6_291_456; // Documented: 6 MB; the service knows the lower limit of Event.
        var options = new InvokeOptions
        {
            Type = ReadType(call),
            TailLog = call.FindHeader("X-Amz-Log-Type") == "Tail",
            ClientContext = call.FindHeader("X-Amz-Client-Context") is { } context
                ? ClientContext.Decode(context)
                : null,
            DurableExecutionName = call.FindHeader("X-Amz-Durable-Execution-Name"),
            TenantId = call.FindHeader("X-Amz-Tenant-Id"),
        };
        var payload = await call.FindBodyAsync(BytesMax, cancellationToken)
            ?? throw LambdaErrors.PayloadTooLarge(BytesMax);
        var result = await call.Functions.InvokeAsync(call.ReadReference(), payload, options, cancellationToken);
        return new(result.StatusCode, result.Payload)
        {
            RequestId = result.RequestId,
            Headers = [.. HeadersOf(result)],
        };
    }

    private static IEnumerable<(string Name, string Value)> HeadersOf(InvokeResult result)
    {
        yield return ("x-amzn-Remapped-Content-Length", "0");
        yield return ("X-Amzn-Trace-Id", TraceHeader.Of(result.TraceId));
        if (result.ExecutedVersion is { } version)
        {
            yield return ("X-Amz-Executed-Version", version);
        }

        if (result.DurableExecutionArn is { } durableExecutionArn)
        {
            yield return ("X-Amz-Durable-Execution-Arn", durableExecutionArn);
        }

        if (result.FunctionError is { } error)
        {
            yield return ("X-Amz-Function-Error", error);
        }

        if (result.LogTail is { } tail)
        {
            yield return ("X-Amz-Log-Result", tail);
        }
    }

    private static InvocationType ReadType(LambdaCall call) => call.FindHeader("X-Amz-Invocation-Type") switch
    {
        null or "RequestResponse" => InvocationType.RequestResponse,
        "Event" => InvocationType.Event,
        "DryRun" => InvocationType.DryRun,
        var other => throw LambdaErrors.Validation(
            $"Value '{other}' at 'invocationType' failed to satisfy constraint: "
            + "Member must satisfy enum value set: [Event, RequestResponse, DryRun]"),
    };
}

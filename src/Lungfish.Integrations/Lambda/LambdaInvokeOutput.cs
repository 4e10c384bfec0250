using System.Globalization;
using Lungfish.Functions;
using Lungfish.Json;

namespace Lungfish.Integrations.Lambda;

/// <summary>The output of <c>lambda:invoke</c>: the API's answer with its HTTP metadata.</summary>
/// <remarks>Recorded in services_lambda_service: names, order and spelling of the headers included.</remarks>
internal static class LambdaInvokeOutput
{
    public static JsonObject Of(InvokeResult result, DateTimeOffset now)
    {
        (string Name, string? Value)[] headers =
        [
            ("X-Amz-Log-Result", result.LogTail),
            ("X-Amz-Executed-Version", result.ExecutedVersion),
            ("X-Amz-Durable-Execution-Arn", result.DurableExecutionArn),
            ("x-amzn-Remapped-Content-Length", "0"),
            ("Connection", "keep-alive"),
            ("x-amzn-RequestId", result.RequestId),
            ("Content-Length", result.Payload.Length.ToString(CultureInfo.InvariantCulture)),
            ("Date", now.ToString("R", CultureInfo.InvariantCulture)),
            ("X-Amzn-Trace-Id", TraceHeader.Of(result.TraceId)),
            ("Content-Type", "application/json"),
        ];
        var output = new JsonObject.Builder();
        SetIfAny(output, "DurableExecutionArn", result.DurableExecutionArn);
        SetIfAny(output, "ExecutedVersion", result.ExecutedVersion);
        SetIfAny(output, "LogResult", result.LogTail);
        if (result.StatusCode == 200)
        {
            output.Set("Payload", LambdaTask.ReadPayload(result));
        }

        SdkMetadata.Set(output, result.RequestId, result.StatusCode, headers);
        output.Set("StatusCode", result.StatusCode);
        return output.Build();
    }

    private static void SetIfAny(JsonObject.Builder output, string name, string? value)
    {
        if (value is not null)
        {
            output.Set(name, value);
        }
    }
}

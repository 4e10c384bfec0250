using System.Globalization;

namespace Lungfish.DurableFunctions;

/// <summary>What the Runtime API tells of an invocation beside its event.</summary>
internal static class RuntimeHeaders
{
    public static RuntimeInvocation Read(Func<string, string?> header, byte[] body)
    {
        var requestId = header("Lambda-Runtime-Aws-Request-Id") ?? "";
        var deadline = long.TryParse(
            header("Lambda-Runtime-Deadline-Ms"), CultureInfo.InvariantCulture, out var milliseconds)
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : (DateTimeOffset?)null;
        var context = new LambdaContext
        {
            Deadline = deadline,
            AwsRequestId = requestId,
            InvokedFunctionArn = header("Lambda-Runtime-Invoked-Function-Arn") ?? "",
            TenantId = header("Lambda-Runtime-Aws-Tenant-Id"),
            TraceId = header("Lambda-Runtime-Trace-Id"),
        };
        return new RuntimeInvocation(requestId, context, body);
    }
}

using System.Globalization;

namespace Lungfish.DurableFunctions;

/// <summary>What is known of the running Lambda invocation.</summary>
internal sealed class LambdaInvocationContext(DateTimeOffset? deadline, TimeProvider clock) : ILambdaContext
{
    public string AwsRequestId { get; init; } = "";

    public string InvokedFunctionArn { get; init; } = "";

    public string? TenantId { get; init; }

    public string FunctionName { get; } = Read("AWS_LAMBDA_FUNCTION_NAME");

    public string FunctionVersion { get; } = Read("AWS_LAMBDA_FUNCTION_VERSION");

    public string LogGroupName { get; } = Read("AWS_LAMBDA_LOG_GROUP_NAME");

    public string LogStreamName { get; } = Read("AWS_LAMBDA_LOG_STREAM_NAME");

    public int MemoryLimitInMB { get; } =
        int.TryParse(Read("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"), CultureInfo.InvariantCulture, out var size) ? size : 0;

    // Without a deadline nothing presses.
    public TimeSpan RemainingTime => deadline is { } end ? end - clock.GetUtcNow() : TimeSpan.MaxValue;

    private static string Read(string variable) => Environment.GetEnvironmentVariable(variable) ?? "";
}

internal static class LambdaContexts
{
    /// <summary>For handlers that are given no context.</summary>
    public static ILambdaContext OfEnvironment() => new LambdaInvocationContext(deadline: null, TimeProvider.System);
}

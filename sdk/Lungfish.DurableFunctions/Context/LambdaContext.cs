using System.Globalization;

namespace Lungfish.DurableFunctions;

/// <summary>What is known of a Lambda invocation; what is not set comes from the environment of the function.</summary>
/// <remarks>For handlers that get the context of another library and hand on what it knows.</remarks>
public sealed class LambdaContext : ILambdaContext
{
    // Read once: they are the process's, and each look searches all of its environment.
    private static readonly string s_functionName = Read("AWS_LAMBDA_FUNCTION_NAME");
    private static readonly string s_functionVersion = Read("AWS_LAMBDA_FUNCTION_VERSION");
    private static readonly string s_logGroupName = Read("AWS_LAMBDA_LOG_GROUP_NAME");
    private static readonly string s_logStreamName = Read("AWS_LAMBDA_LOG_STREAM_NAME");
    private static readonly int s_memoryLimitInMB =
        int.TryParse(Read("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"), CultureInfo.InvariantCulture, out var size) ? size : 0;

    /// <inheritdoc/>
    public string AwsRequestId { get; init; } = "";

    /// <inheritdoc/>
    public string InvokedFunctionArn { get; init; } = "";

    /// <inheritdoc/>
    public string? TenantId { get; init; }

    /// <inheritdoc/>
    public string? TraceId { get; init; }

    /// <summary>When the invocation is given up; null if nothing is known of it.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <inheritdoc/>
    public string FunctionName { get; init; } = s_functionName;

    /// <inheritdoc/>
    public string FunctionVersion { get; init; } = s_functionVersion;

    /// <inheritdoc/>
    public string LogGroupName { get; init; } = s_logGroupName;

    /// <inheritdoc/>
    public string LogStreamName { get; init; } = s_logStreamName;

    /// <inheritdoc/>
    public int MemoryLimitInMB { get; init; } = s_memoryLimitInMB;

    /// <summary>How long this invocation may still run; without a deadline, as long as it likes.</summary>
    public TimeSpan RemainingTime => Deadline is { } end ? end - TimeProvider.System.GetUtcNow() : TimeSpan.MaxValue;

    private static string Read(string variable) => Environment.GetEnvironmentVariable(variable) ?? "";
}

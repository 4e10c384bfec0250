using System.Globalization;
using System.Text.Json;
using Lungfish.Engine.Identifiers;

namespace Lungfish.Functions.Invoking;

/// <summary>One run of a function, from its request to its outcome.</summary>
internal sealed class Invocation(
    ReadOnlyMemory<byte> payload, InvokeOptions options, string functionArn, DateTimeOffset now, long queuedAt)
{
    private readonly TaskCompletionSource<FunctionOutcome> _outcome =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string RequestId { get; } = options.RequestId ?? Uuids.New().ToString();

    public ReadOnlyMemory<byte> Payload { get; } = payload;

    /// <summary>As the caller named it, with the qualifier.</summary>
    public string FunctionArn { get; } = functionArn;

    public string? ClientContext { get; } = options.ClientContext;

    public string? TenantId { get; } = options.TenantId;

    /// <summary>Names the pool that is its alone; null: that of the version.</summary>
    public string? Isolation { get; } = options.Isolation ?? options.TenantId;

    public bool TailLog { get; } = options.TailLog;

    public string TraceId { get; } = options.TraceId ?? NewTraceId(now);

    /// <summary>A timestamp: tells how long it has been waiting for a process.</summary>
    public long QueuedAt { get; } = queuedAt;

    /// <summary>When it will be ended; known once it runs.</summary>
    public DateTimeOffset Deadline { get; set; }

    public Task<FunctionOutcome> Outcome => _outcome.Task;

    /// <summary>Nobody wants it any more; only counts while it waits for a process.</summary>
    public bool IsAbandoned { get; private set; }

    /// <summary>How often it was given to a process that ended before it got it.</summary>
    public int TimesLost { get; set; }

    public void Complete(FunctionOutcome outcome) => _ = _outcome.TrySetResult(outcome);

    /// <summary>Whoever waits for its outcome is told that he does not any more.</summary>
    public void Abandon(CancellationToken cancelled)
    {
        IsAbandoned = true;
        _ = _outcome.TrySetCanceled(cancelled);
    }

    public void Refuse(Exception refusal) => _ = _outcome.TrySetException(refusal);

    /// <summary>Unlikely to be another's, and nobody's secret.</summary>
    public static string NewTraceId(DateTimeOffset now) => string.Create(
        CultureInfo.InvariantCulture,
        $"Root=1-{now.ToUnixTimeSeconds():x8}-{Random.Shared.Next():x8}{Random.Shared.NextInt64():x16};"
        + $"Parent={Random.Shared.NextInt64():x16};Sampled=0");
}

/// <param name="LogTail">The end of the log in base64, if it was asked for.</param>
internal sealed record FunctionOutcome(ReadOnlyMemory<byte> Payload, bool IsError, string? LogTail = null)
{
    /// <summary>Documented: 6 MB; the figure is the one that AWS's error text names.</summary>
    public const int ResponseBytesMax = 6_291_556;

    /// <summary>A failure that the platform reports, in the form that callers know.</summary>
    /// <remarks>Reported for AWS: integrations.md 3.3.</remarks>
    public static FunctionOutcome Failed(string errorType, string errorMessage) => new(
        JsonSerializer.SerializeToUtf8Bytes(
            new { errorType, errorMessage },
            PlainText),
        IsError: true);

    /// <summary>Reported for AWS in that form, with two decimals.</summary>
    public static FunctionOutcome TimedOut(string requestId, TimeSpan timeout) =>
        Failed("Sandbox.Timedout", $"RequestId: {requestId} Error: {TimedOutText(timeout)}");

    /// <summary>What the log says then.</summary>
    public static string TimedOutRemark(string requestId, TimeSpan timeout, DateTimeOffset now) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{now:yyyy-MM-ddTHH:mm:ss.fffZ} {requestId} {TimedOutText(timeout)}");

    public static FunctionOutcome InitTimedOut(TimeSpan atMost) => Failed(
        "Sandbox.Timedout",
        string.Create(CultureInfo.InvariantCulture, $"Error: Init timed out after {atMost.TotalSeconds:F2} seconds"));

    /// <param name="bytes">That the function has answered.</param>
    public static FunctionOutcome TooLarge(long bytes) => Failed(
        "Function.ResponseSizeTooLarge",
        $"Response payload size ({bytes} bytes) exceeded maximum allowed payload size ({ResponseBytesMax} bytes).");

    /// <param name="how">As <see cref="Processes.FunctionProcess.DescribeExit"/> tells it.</param>
    public static FunctionOutcome Exited(string requestId, string how) =>
        Failed("Runtime.ExitError", $"RequestId: {requestId} Error: {how}");

    private static string TimedOutText(TimeSpan timeout) =>
        string.Create(CultureInfo.InvariantCulture, $"Task timed out after {timeout.TotalSeconds:F2} seconds");

    // Payloads are read by people too: quotes and letters stay what they are.
    private static readonly JsonSerializerOptions PlainText = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}

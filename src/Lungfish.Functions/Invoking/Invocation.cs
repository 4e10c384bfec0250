using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace Lungfish.Functions.Invoking;

/// <summary>One run of a function, from its request to its outcome.</summary>
internal sealed class Invocation(
    ReadOnlyMemory<byte> payload, InvokeOptions options, string functionArn, DateTimeOffset now, long queuedAt)
{
    private readonly TaskCompletionSource<InvocationOutcome> _outcome =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string RequestId { get; } = options.RequestId ?? Guid.NewGuid().ToString();

    public ReadOnlyMemory<byte> Payload { get; } = payload;

    /// <summary>As the caller named it, with the qualifier.</summary>
    public string FunctionArn { get; } = functionArn;

    public string? ClientContext { get; } = options.ClientContext;

    public bool TailLog { get; } = options.TailLog;

    public string TraceId { get; } = options.TraceId ?? NewTraceId(now);

    /// <summary>A timestamp: tells how long it has been waiting for a process.</summary>
    public long QueuedAt { get; } = queuedAt;

    /// <summary>When it will be ended; known once it runs.</summary>
    public DateTimeOffset Deadline { get; set; }

    public Task<InvocationOutcome> Outcome => _outcome.Task;

    /// <summary>Nobody wants it any more; only counts while it waits for a process.</summary>
    public bool IsAbandoned { get; set; }

    public void Complete(InvocationOutcome outcome) => _ = _outcome.TrySetResult(outcome);

    public void Refuse(Exception refusal) => _ = _outcome.TrySetException(refusal);

    private static string NewTraceId(DateTimeOffset now) => string.Create(
        CultureInfo.InvariantCulture,
        $"Root=1-{now.ToUnixTimeSeconds():x8}-{RandomNumberGenerator.GetHexString(24, lowercase: true)};"
        + $"Parent={RandomNumberGenerator.GetHexString(16, lowercase: true)};Sampled=0");
}

/// <param name="LogTail">The end of the log in base64, if it was asked for.</param>
internal sealed record InvocationOutcome(ReadOnlyMemory<byte> Payload, bool IsError, string? LogTail = null)
{
    /// <summary>A failure that the platform reports, in the form that callers know.</summary>
    /// <remarks>Reported for AWS: integrations.md 3.3.</remarks>
    public static InvocationOutcome Failed(string errorType, string errorMessage) => new(
        JsonSerializer.SerializeToUtf8Bytes(
            new { errorType, errorMessage },
            PlainText),
        IsError: true);

    // Payloads are read by people too: quotes and letters stay what they are.
    private static readonly JsonSerializerOptions PlainText = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}

namespace Lungfish.Functions;

public enum InvocationType
{
    RequestResponse,
    Event,
    DryRun,
}

public sealed record InvokeOptions
{
    public static readonly InvokeOptions Default = new();

    public InvocationType Type { get; init; } = InvocationType.RequestResponse;

    /// <summary>Answer the last 4 KiB of the invocation's log too.</summary>
    public bool TailLog { get; init; }

    /// <summary>JSON text, decoded; seen by the function as its context's client context.</summary>
    public string? ClientContext { get; init; }

    /// <summary>The caller's <c>X-Amzn-Trace-Id</c>.</summary>
    public string? TraceId { get; init; }

    /// <summary>Names the invocation: an asynchronous one with the name of one that is still waiting is that
    /// one.</summary>
    public string? RequestId { get; init; }

    /// <summary>Names the execution of a durable function: one that is there already is found. 1 to 64 letters, digits,
    /// <c>-</c> and <c>_</c>; null: the request id, or a new name.</summary>
    public string? DurableExecutionName { get; init; }

    /// <summary>ARN of the execution that invokes a durable function.</summary>
    public string? ParentArn { get; init; }

    /// <summary>For functions that isolate tenants, and for these always.</summary>
    public string? TenantId { get; init; }

    /// <summary>Invocations with different ones never meet in a process; null: the tenant.</summary>
    internal string? Isolation { get; init; }
}

/// <summary>What came of an invocation that was accepted.</summary>
public sealed record InvokeResult
{
    /// <summary>200, 202 for <see cref="InvocationType.Event"/>, 204 for <see cref="InvocationType.DryRun"/>.</summary>
    public required int StatusCode { get; init; }

    public required string RequestId { get; init; }

    public required string TraceId { get; init; }

    /// <summary>What the function answered, as it wrote it; usually JSON text in UTF-8.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary><c>Unhandled</c> if the function failed; then the payload describes how.</summary>
    public string? FunctionError { get; init; }

    public string? ExecutedVersion { get; init; }

    /// <summary>Base64.</summary>
    public string? LogTail { get; init; }

    /// <summary>Of the execution that was started, or found under its name.</summary>
    public string? DurableExecutionArn { get; init; }
}

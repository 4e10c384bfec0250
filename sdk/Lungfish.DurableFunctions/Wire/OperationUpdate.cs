namespace Lungfish.DurableFunctions;

/// <summary>One change that a checkpoint reports to the service.</summary>
public sealed class OperationUpdate
{
    /// <summary>The operation's id.</summary>
    public required string Id { get; init; }

    /// <summary>One of <see cref="OperationTypes"/>.</summary>
    public required string Type { get; init; }

    /// <summary>One of <see cref="OperationActions"/>.</summary>
    public required string Action { get; init; }

    /// <summary>The context that it belongs to; null at the top.</summary>
    public string? ParentId { get; init; }

    /// <summary>The author's name for it.</summary>
    public string? Name { get; init; }

    /// <summary>One of <see cref="OperationSubTypes"/>.</summary>
    public string? SubType { get; init; }

    /// <summary>A result, a state or an input, as text.</summary>
    public string? Payload { get; init; }

    /// <summary>Why it failed.</summary>
    public ErrorObject? Error { get; init; }

    /// <summary>Of a context that succeeds: its result is not kept, replay runs its body again.</summary>
    public bool? ReplayChildren { get; init; }

    /// <summary>Of a retry: seconds until the next attempt, at least 1.</summary>
    public int? NextAttemptDelaySeconds { get; init; }

    /// <summary>Of a wait that starts: its length in seconds.</summary>
    public int? WaitSeconds { get; init; }

    /// <summary>Of a callback that starts: seconds until it times out; null or 0 for never.</summary>
    public int? CallbackTimeoutSeconds { get; init; }

    /// <summary>Of a callback that starts: seconds it may go without a heartbeat; null or 0 for ever.</summary>
    public int? CallbackHeartbeatTimeoutSeconds { get; init; }

    /// <summary>Of a chained invoke that starts: the function to invoke.</summary>
    public string? FunctionName { get; init; }

    /// <summary>Of a chained invoke that starts: the tenant to invoke it for.</summary>
    public string? TenantId { get; init; }
}

namespace Lungfish.Durable;

public enum OperationAction
{
    Start,
    Succeed,
    Fail,
    Retry,
    Cancel,
}

/// <summary>One update of a checkpoint, as the function sent it; nothing of it is checked yet but that the enums
/// are known. Absent members are null.</summary>
public sealed record OperationUpdate
{
    public required string Id { get; init; }

    public required OperationType Type { get; init; }

    public required OperationAction Action { get; init; }

    public string? ParentId { get; init; }

    public string? Name { get; init; }

    public string? SubType { get; init; }

    public string? Payload { get; init; }

    public ErrorObject? Error { get; init; }

    /// <summary>ContextOptions.</summary>
    public bool? ReplayChildren { get; init; }

    /// <summary>StepOptions.</summary>
    public int? NextAttemptDelaySeconds { get; init; }

    /// <summary>WaitOptions.</summary>
    public int? WaitSeconds { get; init; }

    /// <summary>CallbackOptions.</summary>
    public int? TimeoutSeconds { get; init; }

    /// <summary>CallbackOptions.</summary>
    public int? HeartbeatTimeoutSeconds { get; init; }

    /// <summary>ChainedInvokeOptions.</summary>
    public string? FunctionName { get; init; }

    /// <summary>ChainedInvokeOptions.</summary>
    public string? TenantId { get; init; }
}

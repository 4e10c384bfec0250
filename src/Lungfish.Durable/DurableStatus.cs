namespace Lungfish.Durable;

public enum DurableStatus
{
    Running,
    Succeeded,
    Failed,
    TimedOut,
    Stopped,
}

/// <summary>What names a durable execution and holds for its whole life.</summary>
public sealed record DurableIdentity
{
    /// <summary><c>{FunctionArn}/durable-execution/{Name}/{Id}</c>.</summary>
    public required string Arn { get; init; }

    public required string Name { get; init; }

    /// <summary>The last segment of the ARN; the id of the EXECUTION operation.</summary>
    public required string Id { get; init; }

    /// <summary>Qualified with the version that every replay runs on.</summary>
    public required string FunctionArn { get; init; }

    /// <summary><c>$LATEST</c> or a number.</summary>
    public required string Version { get; init; }

    public required int ExecutionTimeoutSeconds { get; init; }

    public required int RetentionDays { get; init; }

    /// <summary>Set if a state machine or another durable execution started it.</summary>
    public string? ParentArn { get; init; }
}

namespace Lungfish.DurableFunctions;

/// <summary>About an operation, as far as it is known at that moment.</summary>
public record OperationInfo
{
    /// <summary>The execution that it is an operation of.</summary>
    public required string ExecutionArn { get; init; }

    /// <summary>The operation's id.</summary>
    public required string Id { get; init; }

    /// <summary>One of <see cref="OperationTypes"/>.</summary>
    public required string Type { get; init; }

    /// <summary>One of <see cref="OperationStatuses"/>.</summary>
    public required string Status { get; init; }

    /// <summary>One of <see cref="OperationSubTypes"/>.</summary>
    public string? SubType { get; init; }

    /// <summary>The author's name for it.</summary>
    public string? Name { get; init; }

    /// <summary>The context that it belongs to; null at the top.</summary>
    public string? ParentId { get; init; }

    /// <summary>When it started.</summary>
    public DateTimeOffset? StartTimestamp { get; init; }

    /// <summary>When it ended; null before.</summary>
    public DateTimeOffset? EndTimestamp { get; init; }

    /// <summary>Of a step: which attempt. Null for what has no attempts.</summary>
    public int? Attempt { get; init; }

    /// <summary>The checkpointed text, if it has succeeded.</summary>
    public string? Result { get; init; }

    /// <summary>The error, if it has failed.</summary>
    public ErrorObject? Error { get; init; }

    /// <summary>Whether an earlier invocation began it.</summary>
    public bool IsReplay { get; init; }
}

/// <summary>An operation starts.</summary>
public sealed record OperationStartInfo : OperationInfo;

/// <summary>An operation has ended.</summary>
public sealed record OperationEndInfo : OperationInfo;

/// <summary>Operations have changed.</summary>
public sealed record OperationChangeInfo
{
    /// <summary>The execution.</summary>
    public required string ExecutionArn { get; init; }

    /// <summary>Those whose status has changed, by id.</summary>
    public required IReadOnlyDictionary<string, OperationInfo> UpdatedOperations { get; init; }

    /// <summary>All that are known, by id.</summary>
    public required IReadOnlyDictionary<string, OperationInfo> Operations { get; init; }
}

/// <summary>The author's code of an operation begins.</summary>
public record UserFunctionStartInfo : OperationInfo
{
    /// <summary>Whether the body of a context runs again over operations that it began before.</summary>
    public bool IsReplayingChildren { get; init; }
}

/// <summary>The author's code of an operation has ended.</summary>
public sealed record UserFunctionEndInfo : UserFunctionStartInfo
{
    /// <summary>How it ended.</summary>
    public required UserFunctionOutcome Outcome { get; init; }
}

/// <summary>How the author's code ended.</summary>
public enum UserFunctionOutcome
{
    /// <summary>It returned.</summary>
    Succeeded,

    /// <summary>It threw.</summary>
    Failed,
}

/// <summary>About an invocation.</summary>
public record InvocationInfo
{
    /// <summary>The id of the Lambda invocation, if it is known.</summary>
    public string? RequestId { get; init; }

    /// <summary>The execution.</summary>
    public required string ExecutionArn { get; init; }

    /// <summary>Whether no invocation of this execution has come before that left a trace.</summary>
    public required bool IsFirstInvocation { get; init; }

    /// <summary>When the execution started.</summary>
    public DateTimeOffset? ExecutionStartTimestamp { get; init; }

    /// <summary>All operations that are known, by id; the execution's own is not among them.</summary>
    public required IReadOnlyDictionary<string, OperationInfo> Operations { get; init; }
}

/// <summary>An invocation begins.</summary>
public sealed record InvocationStartInfo : InvocationInfo
{
    /// <summary>What the service completed since the previous invocation ended, by id.</summary>
    public required IReadOnlyDictionary<string, OperationInfo> UpdatedOperations { get; init; }
}

/// <summary>An invocation ends.</summary>
public sealed record InvocationEndInfo : InvocationInfo
{
    /// <summary>How it ended; null if it threw, and the service will repeat it.</summary>
    public InvocationStatus? Status { get; init; }

    /// <summary>Why the execution failed, or the invocation threw.</summary>
    public ErrorObject? ExecutionError { get; init; }
}

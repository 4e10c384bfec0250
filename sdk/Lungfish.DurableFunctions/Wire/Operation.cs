namespace Lungfish.DurableFunctions;

/// <summary>One operation of a durable execution as the service keeps it: its journal entry.</summary>
public sealed class Operation
{
    /// <summary>Unique in its execution; 1 to 64 of <c>[A-Za-z0-9_-]</c>.</summary>
    public required string Id { get; init; }

    /// <summary>One of <see cref="OperationTypes"/>.</summary>
    public required string Type { get; init; }

    /// <summary>One of <see cref="OperationStatuses"/>.</summary>
    public required string Status { get; init; }

    /// <summary>The context that the operation belongs to; null at the top.</summary>
    public string? ParentId { get; init; }

    /// <summary>The name that the author gave, if any.</summary>
    public string? Name { get; init; }

    /// <summary>One of <see cref="OperationSubTypes"/>, or another SDK's own.</summary>
    public string? SubType { get; init; }

    /// <summary>When the service saw it start.</summary>
    public DateTimeOffset? StartTimestamp { get; init; }

    /// <summary>When it reached a terminal status; null before.</summary>
    public DateTimeOffset? EndTimestamp { get; init; }

    /// <summary>Set for the operation that stands for the execution itself.</summary>
    public ExecutionDetails? ExecutionDetails { get; init; }

    /// <summary>Set for contexts that have completed.</summary>
    public ContextDetails? ContextDetails { get; init; }

    /// <summary>Set for steps.</summary>
    public StepDetails? StepDetails { get; init; }

    /// <summary>Set for waits.</summary>
    public WaitDetails? WaitDetails { get; init; }

    /// <summary>Set for callbacks.</summary>
    public CallbackDetails? CallbackDetails { get; init; }

    /// <summary>Set for chained invokes.</summary>
    public ChainedInvokeDetails? ChainedInvokeDetails { get; init; }

    /// <summary>Whether the status can no longer change.</summary>
    public bool IsTerminal => OperationStatuses.IsTerminal(Status);

    /// <summary>The checkpointed result text of whatever type this is, or null.</summary>
    public string? Result =>
        StepDetails?.Result ?? ContextDetails?.Result ?? CallbackDetails?.Result ?? ChainedInvokeDetails?.Result;

    /// <summary>The checkpointed error of whatever type this is, or null.</summary>
    public ErrorObject? Error =>
        StepDetails?.Error ?? ContextDetails?.Error ?? CallbackDetails?.Error ?? ChainedInvokeDetails?.Error;
}

/// <summary>What an <c>EXECUTION</c> operation carries.</summary>
public sealed class ExecutionDetails
{
    /// <summary>The caller's input as JSON text; null if there was none.</summary>
    public string? InputPayload { get; init; }
}

/// <summary>What a <c>CONTEXT</c> operation carries.</summary>
public sealed class ContextDetails
{
    /// <summary>The result text.</summary>
    public string? Result { get; init; }

    /// <summary>Why it failed.</summary>
    public ErrorObject? Error { get; init; }

    /// <summary>The result was too large to keep: replay runs the body again over its checkpointed children.</summary>
    public bool ReplayChildren { get; init; }
}

/// <summary>What a <c>STEP</c> operation carries.</summary>
public sealed class StepDetails
{
    /// <summary>How many attempts have finished.</summary>
    public int Attempt { get; init; }

    /// <summary>When the next attempt may start, while the step waits for it.</summary>
    public DateTimeOffset? NextAttemptTimestamp { get; init; }

    /// <summary>The result text; of a condition that is being polled, its last state.</summary>
    public string? Result { get; init; }

    /// <summary>The error of the last attempt.</summary>
    public ErrorObject? Error { get; init; }
}

/// <summary>What a <c>WAIT</c> operation carries.</summary>
public sealed class WaitDetails
{
    /// <summary>When the wait is over.</summary>
    public DateTimeOffset? ScheduledEndTimestamp { get; init; }
}

/// <summary>What a <c>CALLBACK</c> operation carries.</summary>
public sealed class CallbackDetails
{
    /// <summary>The id by which an outside system completes it; made by the service.</summary>
    public string? CallbackId { get; init; }

    /// <summary>The text it was completed with.</summary>
    public string? Result { get; init; }

    /// <summary>Why it failed or timed out.</summary>
    public ErrorObject? Error { get; init; }
}

/// <summary>What a <c>CHAINED_INVOKE</c> operation carries.</summary>
public sealed class ChainedInvokeDetails
{
    /// <summary>The invoked function's result text.</summary>
    public string? Result { get; init; }

    /// <summary>Why the invoked function failed.</summary>
    public ErrorObject? Error { get; init; }
}

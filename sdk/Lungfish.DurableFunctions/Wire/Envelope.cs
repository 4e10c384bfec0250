using System.Text.Json.Serialization;

namespace Lungfish.DurableFunctions;

/// <summary>What the service hands to a durable function, in place of its caller's bare input.</summary>
[JsonConverter(typeof(InvocationInputConverter))]
public sealed class DurableExecutionInvocationInput
{
    /// <summary>The execution.</summary>
    public required string DurableExecutionArn { get; init; }

    /// <summary>The token for the first checkpoint of this invocation.</summary>
    public required string CheckpointToken { get; init; }

    /// <summary>The first page of the execution's operations; its first entry is the execution itself.</summary>
    public OperationPage InitialExecutionState { get; init; } = new();

    /// <summary>Ids of the operations that the service completed since the previous invocation ended.</summary>
    public IReadOnlyList<string> UpdatedOperationIds { get; init; } = [];
}

/// <summary>What a durable function answers the service with.</summary>
[JsonConverter(typeof(InvocationOutputConverter))]
public sealed class DurableExecutionInvocationOutput
{
    /// <summary>Done, failed, or waiting for something outside.</summary>
    public required InvocationStatus Status { get; init; }

    /// <summary>The result as JSON text; empty if a checkpoint already delivered it.</summary>
    public string? Result { get; init; }

    /// <summary>Why it failed.</summary>
    public ErrorObject? Error { get; init; }
}

/// <summary>How an invocation of a durable function ended.</summary>
public enum InvocationStatus
{
    /// <summary>The execution is done.</summary>
    Succeeded,

    /// <summary>The execution has failed for good.</summary>
    Failed,

    /// <summary>Everything waits for something outside; the service invokes again.</summary>
    Pending,
}

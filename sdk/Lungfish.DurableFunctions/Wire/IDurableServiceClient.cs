namespace Lungfish.DurableFunctions;

/// <summary>The two calls that a durable function makes to the service behind it.</summary>
/// <remarks>
/// The SDK's own client speaks HTTP. Another implementation may answer in process; it must be safe to call from
/// several threads, though one invocation never has more than one call under way.
/// </remarks>
public interface IDurableServiceClient
{
    /// <summary>Reports updates, all or none, and learns what else has changed.</summary>
    /// <param name="durableExecutionArn">The execution.</param>
    /// <param name="checkpointToken">The token of the invocation, or of its previous checkpoint.</param>
    /// <param name="updates">In the order of the history; may be empty, which asks for changes only.</param>
    /// <param name="cancellationToken">Gives the call up; the updates may have been applied nevertheless.</param>
    /// <exception cref="DurableServiceException">The service refused, or could not be reached.</exception>
    Task<CheckpointResult> CheckpointAsync(
        string durableExecutionArn,
        string checkpointToken,
        IReadOnlyList<OperationUpdate> updates,
        CancellationToken cancellationToken);

    /// <summary>Reads a further page of the execution's operations.</summary>
    /// <param name="durableExecutionArn">The execution.</param>
    /// <param name="checkpointToken">The current token; reading does not use it up.</param>
    /// <param name="marker">The marker of the page before.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="DurableServiceException">The service refused, or could not be reached.</exception>
    Task<OperationPage> GetStateAsync(
        string durableExecutionArn, string checkpointToken, string marker, CancellationToken cancellationToken);
}

/// <summary>What a checkpoint is answered with.</summary>
public sealed class CheckpointResult
{
    /// <summary>The token for the next checkpoint; null only if this one ended the execution.</summary>
    public string? CheckpointToken { get; init; }

    /// <summary>The operations that have changed since the invocation was last told.</summary>
    public OperationPage NewExecutionState { get; init; } = new();
}

/// <summary>Some operations of an execution, in the order of their start.</summary>
public sealed class OperationPage
{
    /// <summary>The operations.</summary>
    public IReadOnlyList<Operation> Operations { get; init; } = [];

    /// <summary>Where the next page begins; null or empty on the last.</summary>
    public string? NextMarker { get; init; }
}

using System.Collections.Immutable;
using Lungfish.Durable;
using Lungfish.Durable.Deciding;

namespace Lungfish.Engine.Durable;

/// <summary>What the engine needs of functions to run durable executions.</summary>
public interface IDurableFunctions
{
    /// <inheritdoc cref="ISurroundings.FindTarget"/>
    InvokeTarget? FindTarget(string functionName, ulong chance);

    /// <summary>Runs the code of a durable function once, with the envelope that tells it what has happened so
    /// far.</summary>
    /// <param name="cancellationToken">Nobody waits for the outcome any more: the server drains.</param>
    /// <remarks>A failure of the function is an outcome; an exception is a bug of ours.</remarks>
    Task<InvocationOutcome> InvokeAsync(DurableInvocation invocation, CancellationToken cancellationToken);

    /// <summary>Carries out a chained invoke and waits for its end; called again with the same values after a
    /// crash.</summary>
    Task<ChainedOutcome> InvokeChainedAsync(ChainedInvoke invoke, CancellationToken cancellationToken);
}

/// <summary>What a function is invoked with; written to its envelope.</summary>
/// <param name="RequestId">Names the invocation.</param>
/// <param name="CheckpointToken">In base64.</param>
/// <param name="Operations">As it is to see them, the EXECUTION operation first. The first that fit into a payload are
/// sent; the others are read by <c>GetDurableExecutionState</c> from the marker on.</param>
/// <param name="MarkerAt">Makes the marker that continues at that index of <paramref name="Operations"/>.</param>
public sealed record DurableInvocation(
    DurableIdentity Execution,
    string RequestId,
    string CheckpointToken,
    IReadOnlyList<Operation> Operations,
    ImmutableArray<string> UpdatedOperationIds,
    Func<int, string> MarkerAt);

/// <param name="CallerArn">Of the execution that invokes.</param>
/// <param name="OperationId">Of the caller; with the ARN it tells a repeated call.</param>
public sealed record ChainedInvoke(string CallerArn, string OperationId, ChainedTarget Target);

/// <param name="Status">Succeeded, Failed, TimedOut or Stopped.</param>
public sealed record ChainedOutcome(OperationStatus Status, string? Payload, ErrorObject? Error);

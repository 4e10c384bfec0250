using System.Collections.Immutable;
using Lungfish.Durable;
using Lungfish.Durable.Journal;

namespace Lungfish.Engine.Api;

/// <summary>What the edges may ask of durable executions. Every answer is given after what it tells is
/// durable.</summary>
/// <remarks>Refusals are <see cref="ApiException"/>s with AWS's codes and texts.</remarks>
public interface IDurableExecutions
{
    /// <summary>Starts an execution, or finds the one that has that name: with the same input it is the answer, with
    /// another one it is refused with DurableExecutionAlreadyStartedException.</summary>
    Task<StartedDurableExecution> StartAsync(NewDurableExecution start, CancellationToken cancellationToken);

    /// <summary>Starts an execution as <see cref="StartAsync"/> does, and waits for its end.</summary>
    async Task<DurableDescription> RunAsync(NewDurableExecution start, CancellationToken cancellationToken)
    {
        var started = await StartAsync(start, cancellationToken);
        return await WaitAsync(started.ExecutionArn, Timeout.InfiniteTimeSpan, cancellationToken);
    }

    /// <summary>The next state of an execution whose invocation reports progress.</summary>
    /// <param name="checkpointToken">As the function got it, in base64.</param>
    Task<CheckpointResult> CheckpointAsync(
        string executionArn,
        string checkpointToken,
        string? clientToken,
        ImmutableArray<OperationUpdate> updates,
        CancellationToken cancellationToken);

    /// <summary>The same for several executions whose invocations report at once: one commit takes all of them where
    /// that is possible.</summary>
    /// <returns>An answer for each, in their order.</returns>
    IReadOnlyList<Task<CheckpointResult>> CheckpointTogether(
        IReadOnlyList<CheckpointCall> calls, CancellationToken cancellationToken) =>
        [.. calls.Select(call => CheckpointAsync(
            call.ExecutionArn, call.Token, call.ClientToken, call.Updates, cancellationToken))];

    /// <summary>Operations as the running invocation is to see them, in the order of creation.</summary>
    /// <param name="marker">Of the envelope or of the page before; null: from the first.</param>
    Task<Page<Operation>> ReadStateAsync(
        string executionArn, string checkpointToken, string? marker, int countMax, CancellationToken cancellationToken);

    Task<DurableDescription> DescribeAsync(string executionArn, CancellationToken cancellationToken);

    Task<Page<DurableSummary>> ListAsync(DurableQuery query, CancellationToken cancellationToken);

    Task<Page<HistoryEvent>> ReadHistoryAsync(
        string executionArn, int countMax, bool reverse, string? marker, CancellationToken cancellationToken);

    /// <summary>The events after that id, and then each one when it is durable, until the execution has
    /// closed.</summary>
    IAsyncEnumerable<HistoryEvent> FollowHistoryAsync(
        string executionArn, long afterEventId, CancellationToken cancellationToken);

    /// <summary>All operations as they are now, in the order of creation: for consoles.</summary>
    Task<IReadOnlyList<Operation>> ReadOperationsAsync(string executionArn, CancellationToken cancellationToken);

    /// <summary>Waits until the execution has closed, at most for the time given (infinite is allowed); then answers
    /// as Describe does.</summary>
    Task<DurableDescription> WaitAsync(string executionArn, TimeSpan atMost, CancellationToken cancellationToken);

    /// <returns>When it ended: now, or earlier if it had ended already.</returns>
    Task<DateTimeOffset> StopAsync(string executionArn, ErrorObject? error, CancellationToken cancellationToken);

    /// <summary>Our extension: resumes a failed, timed-out or stopped execution from what failed.</summary>
    /// <returns>When it was resumed.</returns>
    Task<DateTimeOffset> RedriveAsync(string executionArn, CancellationToken cancellationToken);

    Task SucceedCallbackAsync(string callbackId, string? payload, CancellationToken cancellationToken);

    Task FailCallbackAsync(string callbackId, ErrorObject error, CancellationToken cancellationToken);

    Task HeartbeatCallbackAsync(string callbackId, CancellationToken cancellationToken);

    /// <summary>Callbacks that wait for an answer, oldest first.</summary>
    /// <param name="functionArn">Unqualified: of all its versions. Null: of all functions.</param>
    Task<IReadOnlyList<PendingDurableCallback>> ListCallbacksAsync(
        string? functionArn, string? executionArn, int countMax, CancellationToken cancellationToken);

    /// <summary>Every execution that starts, is redriven or closes from now on, in the order of the commits, until
    /// cancelled.</summary>
    IAsyncEnumerable<DurableSummary> WatchStatusAsync(CancellationToken cancellationToken);
}

/// <summary>What <see cref="IDurableExecutions.CheckpointAsync"/> is asked with.</summary>
public sealed record CheckpointCall(
    string ExecutionArn, string Token, string? ClientToken, ImmutableArray<OperationUpdate> Updates);

public sealed record NewDurableExecution
{
    /// <summary>Qualified with the version that it runs on for ever.</summary>
    public required string FunctionArn { get; init; }

    public required string Version { get; init; }

    /// <summary>Null: a new UUID.</summary>
    public string? Name { get; init; }

    /// <summary>The last segment of its ARN, where the caller must know it beforehand; null: a new one.</summary>
    public Guid? Id { get; init; }

    /// <summary>JSON text; null: there is none.</summary>
    public string? Input { get; init; }

    public required int ExecutionTimeoutSeconds { get; init; }

    public required int RetentionDays { get; init; }

    /// <summary>ARN of the execution of a state machine, or of the durable execution, that starts it.</summary>
    public string? ParentArn { get; init; }
}

/// <param name="IsNew">False if it had been started before under this name.</param>
public sealed record StartedDurableExecution(string ExecutionArn, DateTimeOffset StartedAt, bool IsNew);

/// <param name="CheckpointToken">Null only in the answer that ends the execution.</param>
/// <param name="Operations">All that changed since the invocation last saw it.</param>
public sealed record CheckpointResult(string? CheckpointToken, ImmutableArray<Operation> Operations);

public sealed record DurableSummary
{
    public required string ExecutionArn { get; init; }

    public required string Name { get; init; }

    /// <summary>Qualified.</summary>
    public required string FunctionArn { get; init; }

    public required DurableStatus Status { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }
}

public sealed record DurableDescription
{
    public required DurableSummary Summary { get; init; }

    public required string Version { get; init; }

    public string? Input { get; init; }

    public string? Result { get; init; }

    public ErrorObject? Error { get; init; }

    public string? ParentArn { get; init; }
}

public sealed record DurableQuery
{
    /// <summary>Unqualified; null: of all functions.</summary>
    public string? FunctionArn { get; init; }

    /// <summary>A version; null: of all versions.</summary>
    public string? Version { get; init; }

    public string? Name { get; init; }

    /// <summary>Empty: all.</summary>
    public ImmutableArray<DurableStatus> Statuses { get; init; } = [];

    public DateTimeOffset? StartedAfter { get; init; }

    public DateTimeOffset? StartedBefore { get; init; }

    /// <summary>Newest first; otherwise oldest first.</summary>
    public bool Reverse { get; init; }

    public required int CountMax { get; init; }

    public string? Marker { get; init; }
}

public sealed record PendingDurableCallback
{
    public required string CallbackId { get; init; }

    public required string ExecutionArn { get; init; }

    public required string OperationId { get; init; }

    public string? OperationName { get; init; }

    public required DateTimeOffset Since { get; init; }

    public DateTimeOffset? Deadline { get; init; }
}

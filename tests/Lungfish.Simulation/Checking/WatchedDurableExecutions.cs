using System.Collections.Immutable;
using Lungfish.Durable;
using Lungfish.Durable.Journal;
using Lungfish.Engine.Api;

namespace Lungfish.Simulation.Checking;

/// <summary>Tells the witness what the server has answered about durable executions.</summary>
internal sealed class WatchedDurableExecutions(IDurableExecutions executions, Witness witness) : IDurableExecutions
{
    public async Task<StartedDurableExecution> StartAsync(
        NewDurableExecution start, CancellationToken cancellationToken)
    {
        var started = await executions.StartAsync(start, cancellationToken);
        witness.StartedDurable(started.ExecutionArn, started.StartedAt);
        return started;
    }

    public async Task<CheckpointResult> CheckpointAsync(
        string executionArn,
        string checkpointToken,
        string? clientToken,
        ImmutableArray<OperationUpdate> updates,
        CancellationToken cancellationToken)
    {
        var result = await executions.CheckpointAsync(
            executionArn, checkpointToken, clientToken, updates, cancellationToken);
        witness.Checkpointed(executionArn, checkpointToken, updates);
        return result;
    }

    public async Task<DurableDescription> DescribeAsync(string executionArn, CancellationToken cancellationToken)
    {
        var description = await executions.DescribeAsync(executionArn, cancellationToken);
        witness.Told(description);
        return description;
    }

    public async Task<DurableDescription> WaitAsync(
        string executionArn, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var description = await executions.WaitAsync(executionArn, atMost, cancellationToken);
        witness.Told(description);
        return description;
    }

    public async Task SucceedCallbackAsync(string callbackId, string? payload, CancellationToken cancellationToken)
    {
        await executions.SucceedCallbackAsync(callbackId, payload, cancellationToken);
        witness.AnsweredCallback(callbackId, OperationStatus.Succeeded);
    }

    public async Task FailCallbackAsync(string callbackId, ErrorObject error, CancellationToken cancellationToken)
    {
        await executions.FailCallbackAsync(callbackId, error, cancellationToken);
        witness.AnsweredCallback(callbackId, OperationStatus.Failed);
    }

    public Task HeartbeatCallbackAsync(string callbackId, CancellationToken cancellationToken) =>
        executions.HeartbeatCallbackAsync(callbackId, cancellationToken);

    public async Task<DateTimeOffset> StopAsync(
        string executionArn, ErrorObject? error, CancellationToken cancellationToken)
    {
        var at = await executions.StopAsync(executionArn, error, cancellationToken);
        witness.StoppedDurable(executionArn);
        return at;
    }

    public Task<DateTimeOffset> RedriveAsync(string executionArn, CancellationToken cancellationToken) =>
        executions.RedriveAsync(executionArn, cancellationToken);

    public Task<Page<Operation>> ReadStateAsync(
        string executionArn,
        string checkpointToken,
        string? marker,
        int countMax,
        CancellationToken cancellationToken) =>
        executions.ReadStateAsync(executionArn, checkpointToken, marker, countMax, cancellationToken);

    public Task<Page<DurableSummary>> ListAsync(DurableQuery query, CancellationToken cancellationToken) =>
        executions.ListAsync(query, cancellationToken);

    public Task<Page<HistoryEvent>> ReadHistoryAsync(
        string executionArn, int countMax, bool reverse, string? marker, CancellationToken cancellationToken) =>
        executions.ReadHistoryAsync(executionArn, countMax, reverse, marker, cancellationToken);

    public IAsyncEnumerable<HistoryEvent> FollowHistoryAsync(
        string executionArn, long afterEventId, CancellationToken cancellationToken) =>
        executions.FollowHistoryAsync(executionArn, afterEventId, cancellationToken);

    public Task<IReadOnlyList<Operation>> ReadOperationsAsync(
        string executionArn, CancellationToken cancellationToken) =>
        executions.ReadOperationsAsync(executionArn, cancellationToken);

    public Task<IReadOnlyList<PendingDurableCallback>> ListCallbacksAsync(
        string? functionArn, string? executionArn, int countMax, CancellationToken cancellationToken) =>
        executions.ListCallbacksAsync(functionArn, executionArn, countMax, cancellationToken);

    public IAsyncEnumerable<DurableSummary> WatchStatusAsync(CancellationToken cancellationToken) =>
        executions.WatchStatusAsync(cancellationToken);
}

using System.Collections.Immutable;
using Lungfish.Durable;
using Lungfish.Durable.Journal;
using Lungfish.Engine.Api;

namespace Lungfish.Functions.Tests;

/// <summary>Notes what is started, and lets it end as a test wants.</summary>
internal sealed class StartedExecutions : IDurableExecutions
{
    public List<NewDurableExecution> Started { get; } = [];

    public DurableStatus End { get; set; } = DurableStatus.Succeeded;

    public string? Result { get; set; } = "1";

    public ErrorObject? Error { get; set; }

    /// <summary>True: executions go on for ever.</summary>
    public bool NeverEnds { get; set; }

    public Task<StartedDurableExecution> StartAsync(NewDurableExecution start, CancellationToken cancellationToken)
    {
        Started.Add(start);
        return Task.FromResult(new StartedDurableExecution(ArnOf(start), DateTimeOffset.UnixEpoch, IsNew: true));
    }

    public async Task<DurableDescription> WaitAsync(
        string executionArn, TimeSpan atMost, CancellationToken cancellationToken)
    {
        if (NeverEnds)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }

        return new DurableDescription
        {
            Summary = new DurableSummary
            {
                ExecutionArn = executionArn,
                Name = "n",
                FunctionArn = "f",
                Status = End,
                StartedAt = DateTimeOffset.UnixEpoch,
            },
            Version = "$LATEST",
            Result = Result,
            Error = Error,
        };
    }

    public Task<CheckpointResult> CheckpointAsync(
        string executionArn,
        string checkpointToken,
        string? clientToken,
        ImmutableArray<OperationUpdate> updates,
        CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Page<Operation>> ReadStateAsync(
        string executionArn,
        string checkpointToken,
        string? marker,
        int countMax,
        CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<DurableDescription> DescribeAsync(string executionArn, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<Page<DurableSummary>> ListAsync(DurableQuery query, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<Page<HistoryEvent>> ReadHistoryAsync(
        string executionArn, int countMax, bool reverse, string? marker, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public IAsyncEnumerable<HistoryEvent> FollowHistoryAsync(
        string executionArn, long afterEventId, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<Operation>> ReadOperationsAsync(
        string executionArn, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<DateTimeOffset> StopAsync(
        string executionArn, ErrorObject? error, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<DateTimeOffset> RedriveAsync(string executionArn, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task SucceedCallbackAsync(string callbackId, string? payload, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task FailCallbackAsync(string callbackId, ErrorObject error, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task HeartbeatCallbackAsync(string callbackId, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<PendingDurableCallback>> ListCallbacksAsync(
        string? functionArn, string? executionArn, int countMax, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public IAsyncEnumerable<DurableSummary> WatchStatusAsync(CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    private static string ArnOf(NewDurableExecution start) =>
        $"{start.FunctionArn}/durable-execution/{start.Name ?? "new"}/{start.Id?.ToString() ?? "id"}";
}

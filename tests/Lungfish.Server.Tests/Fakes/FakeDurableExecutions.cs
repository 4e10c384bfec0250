using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Lungfish.Durable;
using Lungfish.Durable.Journal;
using Lungfish.Engine.Api;

namespace Lungfish.Server.Tests.Fakes;

/// <summary>Durable executions that a test has put there; what no route of the console asks for is not
/// answered.</summary>
internal sealed class FakeDurableExecutions : IDurableExecutions
{
    public const string Function = "arn:aws:lambda:us-east-1:000000000000:function:orders";
    public const string Arn = Function + ":2/durable-execution/one/0197";

    public static readonly DateTimeOffset StartedAt = DateTimeOffset.UnixEpoch.AddSeconds(1);

    public List<DurableDescription> Executions { get; } = [];

    public List<Operation> Operations { get; } = [];

    public List<HistoryEvent> Events { get; } = [];

    public List<PendingDurableCallback> Callbacks { get; } = [];

    public DurableQuery? Asked { get; private set; }

    public static DurableDescription Execution(DurableStatus status) => new()
    {
        Summary = new DurableSummary
        {
            ExecutionArn = Arn,
            Name = "one",
            FunctionArn = Function + ":2",
            Status = status,
            StartedAt = StartedAt,
        },
        Version = "2",
        Input = "{}",
        ParentArn = "arn:aws:states:us-east-1:000000000000:execution:flow:f1",
    };

    public Task<Page<DurableSummary>> ListAsync(DurableQuery query, CancellationToken cancellationToken)
    {
        Asked = query;
        var found = Executions.Select(e => e.Summary).Where(e => query.Name is null || e.Name == query.Name);
        return Task.FromResult(new Page<DurableSummary>([.. found], null));
    }

    public Task<DurableDescription> DescribeAsync(string executionArn, CancellationToken cancellationToken) =>
        Task.FromResult(Executions.Single(e => e.Summary.ExecutionArn == executionArn));

    public Task<DurableDescription> WaitAsync(
        string executionArn, TimeSpan atMost, CancellationToken cancellationToken) =>
        DescribeAsync(executionArn, cancellationToken);

    public Task<IReadOnlyList<Operation>> ReadOperationsAsync(
        string executionArn, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Operation>>(Operations);

    public Task<Page<HistoryEvent>> ReadHistoryAsync(
        string executionArn, int countMax, bool reverse, string? marker, CancellationToken cancellationToken) =>
        Task.FromResult(new Page<HistoryEvent>([.. Events], null));

    public async IAsyncEnumerable<HistoryEvent> FollowHistoryAsync(
        string executionArn, long afterEventId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var happened in Events.Where(e => e.EventId > afterEventId))
        {
            await Task.Yield();
            yield return happened;
        }
    }

    public async IAsyncEnumerable<DurableSummary> WatchStatusAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var execution in Executions)
        {
            await Task.Yield();
            yield return execution.Summary;
        }
    }

    public Task<IReadOnlyList<PendingDurableCallback>> ListCallbacksAsync(
        string? functionArn, string? executionArn, int countMax, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<PendingDurableCallback>>(
            [.. Callbacks.Where(c => executionArn is null || c.ExecutionArn == executionArn)]);

    public Task<StartedDurableExecution> StartAsync(NewDurableExecution start, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<CheckpointResult> CheckpointAsync(
        string executionArn,
        string checkpointToken,
        string? clientToken,
        ImmutableArray<OperationUpdate> updates,
        CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Page<Operation>> ReadStateAsync(
        string executionArn, string checkpointToken, string? marker, int countMax, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

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
}

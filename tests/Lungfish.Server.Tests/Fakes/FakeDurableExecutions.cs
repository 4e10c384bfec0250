using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Lungfish.Durable;
using Lungfish.Durable.Journal;
using Lungfish.Engine.Api;

namespace Lungfish.Server.Tests.Fakes;

/// <summary>Durable executions that a test has put there, and what was asked of them.</summary>
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

    /// <summary>What was asked, one word for the method and its arguments behind it; null is <c>-</c>.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>The updates of the last checkpoint.</summary>
    public ImmutableArray<OperationUpdate> Updates { get; private set; } = [];

    /// <summary>The token of the answer to a checkpoint.</summary>
    public string? NextToken { get; set; } = "next+/=";

    /// <summary>Thrown by what is asked next.</summary>
    public Exception? Refusal { get; set; }

    public string? Marker { get; set; }

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
        Answer(
            new Page<HistoryEvent>([.. Events], Marker), "history", executionArn, $"{countMax}", $"{reverse}", marker);

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
        CancellationToken cancellationToken)
    {
        Updates = updates;
        return Answer(
            new CheckpointResult(NextToken, [.. Operations]), "checkpoint", executionArn, checkpointToken, clientToken);
    }

    public Task<Page<Operation>> ReadStateAsync(
        string executionArn,
        string checkpointToken,
        string? marker,
        int countMax,
        CancellationToken cancellationToken) =>
        Answer(
            new Page<Operation>([.. Operations], Marker),
            "state",
            executionArn,
            checkpointToken,
            marker,
            $"{countMax}");

    public Task<DateTimeOffset> StopAsync(
        string executionArn, ErrorObject? error, CancellationToken cancellationToken) =>
        Answer(StartedAt.AddMilliseconds(250), "stop", executionArn, Show(error));

    public Task<DateTimeOffset> RedriveAsync(string executionArn, CancellationToken cancellationToken) =>
        Answer(StartedAt.AddSeconds(1), "redrive", executionArn);

    public Task SucceedCallbackAsync(string callbackId, string? payload, CancellationToken cancellationToken) =>
        Answer(true, "succeed", callbackId, payload);

    public Task FailCallbackAsync(string callbackId, ErrorObject error, CancellationToken cancellationToken) =>
        Answer(true, "fail", callbackId, Show(error));

    public Task HeartbeatCallbackAsync(string callbackId, CancellationToken cancellationToken) =>
        Answer(true, "heartbeat", callbackId);

    private static string? Show(ErrorObject? error) => error is null
        ? null
        : $"{error.ErrorType}|{error.ErrorMessage}|{error.ErrorData}|"
            + (error.StackTrace.IsDefault ? "" : string.Join(',', error.StackTrace));

    private Task<T> Answer<T>(T answer, string method, params string?[] arguments)
    {
        Calls.Add(string.Join(' ', [method, .. arguments.Select(a => a ?? "-")]));
        return Refusal is null ? Task.FromResult(answer) : Task.FromException<T>(Refusal);
    }
}

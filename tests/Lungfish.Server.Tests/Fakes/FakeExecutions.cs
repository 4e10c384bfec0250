using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Lungfish.Engine.Api;
using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Journal;

namespace Lungfish.Server.Tests.Fakes;

/// <summary>Remembers what it was asked and answers what it was told to.</summary>
internal sealed class FakeExecutions : IExecutions
{
    public const string Arn = "arn:aws:states:us-east-1:000000000000:execution:m:e";

    public static readonly DateTimeOffset StartedAt = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_050);

    public Channel<ExecutionSummary> Closing { get; } = Channel.CreateUnbounded<ExecutionSummary>();

    public (string Machine, string? Name, JsonValue Input, string Text)? Started { get; private set; }

    public (string Token, JsonValue Output)? Succeeded { get; private set; }

    public (string Token, string? Error, string? Cause)? Failed { get; private set; }

    public (string Machine, ExecutionStatus? Status, int CountMax, string? NextToken)? Listed { get; private set; }

    public Exception? Failure { get; set; }

    public List<PendingCallback> Callbacks { get; } = [];

    public ExecutionDescription Execution { get; set; } = new()
    {
        Summary = Summary(ExecutionStatus.Running),
        Input = """{ "a": 1 }""",
    };

    public static ExecutionSummary Summary(ExecutionStatus status) => new()
    {
        ExecutionArn = Arn,
        StateMachineArn = FakeStateMachines.Arn,
        Name = "e",
        Status = status,
        StartDate = StartedAt,
        StopDate = status == ExecutionStatus.Running ? null : StartedAt.AddMilliseconds(950),
    };

    public Task<StartedExecution> StartAsync(
        string stateMachineArn, string? name, JsonValue input, string inputText, CancellationToken cancellationToken)
    {
        if (Failure is not null)
        {
            throw Failure;
        }

        Started = (stateMachineArn, name, input, inputText);
        return Task.FromResult(new StartedExecution(Arn, StartedAt));
    }

    public Task<ExecutionDescription> DescribeAsync(string executionArn, CancellationToken cancellationToken) =>
        Task.FromResult(Execution);

    public Task<StateMachineDescription> DescribeStateMachineAsync(
        string executionArn, CancellationToken cancellationToken) =>
        new FakeStateMachines().DescribeAsync(FakeStateMachines.Arn, cancellationToken);

    public Task<Page<ExecutionSummary>> ListAsync(
        string stateMachineArn,
        ExecutionStatus? status,
        int countMax,
        string? nextToken,
        CancellationToken cancellationToken)
    {
        Listed = (stateMachineArn, status, countMax, nextToken);
        return Task.FromResult(new Page<ExecutionSummary>([Execution.Summary], "more"));
    }

    public Task<DateTimeOffset> StopAsync(
        string executionArn, string? error, string? cause, CancellationToken cancellationToken) =>
        Task.FromResult(StartedAt);

    public Task<Page<HistoryEvent>> ReadHistoryAsync(
        string executionArn, int countMax, bool reverse, string? nextToken, CancellationToken cancellationToken) =>
        Task.FromResult(new Page<HistoryEvent>([], null));

    public IAsyncEnumerable<HistoryEvent> FollowHistoryAsync(
        string executionArn, long afterEventId, CancellationToken cancellationToken) =>
        AsyncEnumerable.Empty<HistoryEvent>();

    public Task<ExecutionDescription> WaitAsync(
        string executionArn, TimeSpan atMost, CancellationToken cancellationToken) =>
        Task.FromResult(Execution);

    public async IAsyncEnumerable<ExecutionSummary> WatchClosedAsync(
        string? stateMachineArn, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var execution in Closing.Reader.ReadAllAsync(cancellationToken))
        {
            yield return execution;
        }
    }

    public void CheckTaskToken(string taskToken) { }

    public Task SucceedTaskAsync(string taskToken, JsonValue output, CancellationToken cancellationToken)
    {
        Succeeded = (taskToken, output);
        return Task.CompletedTask;
    }

    public Task FailTaskAsync(string taskToken, string? error, string? cause, CancellationToken cancellationToken)
    {
        Failed = (taskToken, error, cause);
        return Task.CompletedTask;
    }

    public Task HeartbeatTaskAsync(string taskToken, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IReadOnlyList<PendingCallback>> ListCallbacksAsync(
        string? stateMachineArn, string? executionName, int countMax, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<PendingCallback>>(Callbacks);
}

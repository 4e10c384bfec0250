using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Journal;

namespace Lungfish.Engine.Api;

/// <summary>What the edges may ask of executions. Every answer is given after what it tells is durable.</summary>
/// <remarks>Refusals are <see cref="ApiException"/>s with AWS's codes and texts.</remarks>
public interface IExecutions
{
    /// <param name="name">Null: a new UUID.</param>
    Task<StartedExecution> StartAsync(
        string stateMachineArn, string? name, JsonValue input, string inputText, CancellationToken cancellationToken);

    Task<ExecutionDescription> DescribeAsync(string executionArn, CancellationToken cancellationToken);

    /// <summary>The machine with the definition that this execution started with.</summary>
    Task<StateMachineDescription> DescribeStateMachineAsync(string executionArn, CancellationToken cancellationToken);

    Task<Page<ExecutionSummary>> ListAsync(
        string stateMachineArn,
        ExecutionStatus? status,
        int countMax,
        string? nextToken,
        CancellationToken cancellationToken);

    Task<DateTimeOffset> StopAsync(
        string executionArn, string? error, string? cause, CancellationToken cancellationToken);

    Task<Page<HistoryEvent>> ReadHistoryAsync(
        string executionArn, int countMax, bool reverse, string? nextToken, CancellationToken cancellationToken);

    /// <summary>The events after that id, and then each one when it is durable, until the execution has
    /// closed.</summary>
    IAsyncEnumerable<HistoryEvent> FollowHistoryAsync(
        string executionArn, long afterEventId, CancellationToken cancellationToken);

    /// <summary>Waits until the execution has closed, at most for the time given (infinite is allowed); then answers as
    /// Describe does.</summary>
    Task<ExecutionDescription> WaitAsync(string executionArn, TimeSpan atMost, CancellationToken cancellationToken);

    /// <summary>Every execution that closes from now on, in the order of the commits, until cancelled.</summary>
    IAsyncEnumerable<ExecutionSummary> WatchClosedAsync(string? stateMachineArn, CancellationToken cancellationToken);

    /// <summary>Refuses a token that was never given out.</summary>
    void CheckTaskToken(string taskToken);

    Task SucceedTaskAsync(string taskToken, JsonValue output, CancellationToken cancellationToken);

    Task FailTaskAsync(string taskToken, string? error, string? cause, CancellationToken cancellationToken);

    Task HeartbeatTaskAsync(string taskToken, CancellationToken cancellationToken);

    /// <summary>Tasks that wait for an answer by token, oldest first.</summary>
    Task<IReadOnlyList<PendingCallback>> ListCallbacksAsync(
        string? stateMachineArn, string? executionName, int countMax, CancellationToken cancellationToken);
}

public sealed record StartedExecution(string ExecutionArn, DateTimeOffset StartDate);

public sealed record ExecutionSummary
{
    public required string ExecutionArn { get; init; }

    public required string StateMachineArn { get; init; }

    public required string Name { get; init; }

    public required ExecutionStatus Status { get; init; }

    public required DateTimeOffset StartDate { get; init; }

    public DateTimeOffset? StopDate { get; init; }

    /// <summary>Set for child executions of a map run.</summary>
    public string? MapRunArn { get; init; }

    /// <summary>Of child executions: how many items they were given.</summary>
    public int? ItemCount { get; init; }
}

public sealed record ExecutionDescription
{
    public required ExecutionSummary Summary { get; init; }

    /// <summary>JSON text, as the caller wrote it.</summary>
    public required string Input { get; init; }

    /// <summary>JSON text.</summary>
    public string? Output { get; init; }

    public string? Error { get; init; }

    public string? Cause { get; init; }
}

public sealed record PendingCallback
{
    public required string TaskToken { get; init; }

    public required string ExecutionArn { get; init; }

    public required string StateMachineArn { get; init; }

    public required string StateName { get; init; }

    /// <summary><c>task-token</c> or <c>activity</c>.</summary>
    public required string Kind { get; init; }

    public required string Resource { get; init; }

    public required DateTimeOffset Since { get; init; }

    public DateTimeOffset? Deadline { get; init; }
}

/// <param name="NextToken">Null on the last page.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextToken);

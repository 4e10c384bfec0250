using System.Runtime.CompilerServices;
using Lungfish.Engine.Api;
using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Journal;

namespace Lungfish.Simulation.Checking;

/// <summary>Tells the witness what the server has answered about state machines.</summary>
internal sealed class WatchedExecutions(IExecutions executions, Witness witness) : IExecutions
{
    public async Task<StartedExecution> StartAsync(
        string stateMachineArn, string? name, JsonValue input, string inputText, CancellationToken cancellationToken)
    {
        var started = await executions.StartAsync(stateMachineArn, name, input, inputText, cancellationToken);
        witness.Started(started.ExecutionArn, started.StartDate);
        return started;
    }

    public async Task<ExecutionDescription> DescribeAsync(string executionArn, CancellationToken cancellationToken)
    {
        var description = await executions.DescribeAsync(executionArn, cancellationToken);
        witness.Told(description);
        return description;
    }

    public async Task<ExecutionDescription> WaitAsync(
        string executionArn, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var description = await executions.WaitAsync(executionArn, atMost, cancellationToken);
        witness.Told(description);
        return description;
    }

    public async Task<DateTimeOffset> StopAsync(
        string executionArn, string? error, string? cause, CancellationToken cancellationToken)
    {
        var stoppedAt = await executions.StopAsync(executionArn, error, cause, cancellationToken);
        witness.Stopped(executionArn, stoppedAt);
        return stoppedAt;
    }

    public async Task SucceedTaskAsync(string taskToken, JsonValue output, CancellationToken cancellationToken)
    {
        await executions.SucceedTaskAsync(taskToken, output, cancellationToken);
        witness.Answered(taskToken, output);
    }

    public async Task FailTaskAsync(
        string taskToken, string? error, string? cause, CancellationToken cancellationToken)
    {
        await executions.FailTaskAsync(taskToken, error, cause, cancellationToken);
        witness.Answered(taskToken, output: null);
    }

    public Task HeartbeatTaskAsync(string taskToken, CancellationToken cancellationToken) =>
        executions.HeartbeatTaskAsync(taskToken, cancellationToken);

    public async Task<Page<HistoryEvent>> ReadHistoryAsync(
        string executionArn, int countMax, bool reverse, string? nextToken, CancellationToken cancellationToken)
    {
        var page = await executions.ReadHistoryAsync(executionArn, countMax, reverse, nextToken, cancellationToken);
        witness.Told(executionArn, page.Items);
        return page;
    }

    public Task<StateMachineDescription> DescribeStateMachineAsync(
        string executionArn, CancellationToken cancellationToken) =>
        executions.DescribeStateMachineAsync(executionArn, cancellationToken);

    public Task<Page<ExecutionSummary>> ListAsync(
        string stateMachineArn,
        ExecutionStatus? status,
        int countMax,
        string? nextToken,
        CancellationToken cancellationToken) =>
        executions.ListAsync(stateMachineArn, status, countMax, nextToken, cancellationToken);

    public async IAsyncEnumerable<HistoryEvent> FollowHistoryAsync(
        string executionArn, long afterEventId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var events = executions.FollowHistoryAsync(executionArn, afterEventId, cancellationToken);
        await foreach (var happened in events.WithCancellation(cancellationToken))
        {
            witness.Told(executionArn, [happened]);
            yield return happened;
        }
    }

    public IAsyncEnumerable<ExecutionSummary> WatchClosedAsync(
        string? stateMachineArn, CancellationToken cancellationToken) =>
        executions.WatchClosedAsync(stateMachineArn, cancellationToken);

    public void CheckTaskToken(string taskToken) => executions.CheckTaskToken(taskToken);

    public Task<IReadOnlyList<PendingCallback>> ListCallbacksAsync(
        string? stateMachineArn, string? executionName, int countMax, CancellationToken cancellationToken) =>
        executions.ListCallbacksAsync(stateMachineArn, executionName, countMax, cancellationToken);
}

/// <summary>Tells the witness which tasks workers of activities were given.</summary>
internal sealed class WatchedActivities(IActivities activities, Witness witness) : IActivities
{
    public async Task<ActivityTask?> GetTaskAsync(
        string activityArn, string? workerName, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var task = await activities.GetTaskAsync(activityArn, workerName, atMost, cancellationToken);
        if (task is not null)
        {
            witness.Taken(task.TaskToken);
        }

        return task;
    }

    public Task<ActivityDescription> CreateAsync(
        string name, IReadOnlyList<Tag> tags, CancellationToken cancellationToken) =>
        activities.CreateAsync(name, tags, cancellationToken);

    public Task<ActivityDescription> DescribeAsync(string activityArn, CancellationToken cancellationToken) =>
        activities.DescribeAsync(activityArn, cancellationToken);

    public Task DeleteAsync(string activityArn, CancellationToken cancellationToken) =>
        activities.DeleteAsync(activityArn, cancellationToken);

    public Task<Page<ActivityDescription>> ListAsync(
        int countMax, string? nextToken, CancellationToken cancellationToken) =>
        activities.ListAsync(countMax, nextToken, cancellationToken);
}

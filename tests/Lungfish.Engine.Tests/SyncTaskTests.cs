using Lungfish.Engine.Tasks;
using Lungfish.Engine.Tests.Support;
using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Journal;

namespace Lungfish.Engine.Tests;

/// <summary>Tasks whose call returns at once and whose result is the end of what the call has started.</summary>
public sealed class SyncTaskTests
{
    [Fact]
    public async Task Sync_CallReturned_IsSubmittedAndHandedOutToAwaitTheEnd()
    {
        await using var world = await World.StartAsync();
        world.Handler.Does = OnEnd(new TaskCompleted("end"));
        var started = await world.StartAsync(await world.CreateAsync("m", Definitions.Sync), "e");

        var ended = await world.WaitAsync(started);
        var history = await world.Executions.ReadHistoryAsync(
            started.ExecutionArn, 100, reverse: false, null, World.Cancelled);

        Assert.Equal("\"end\"", ended.Output);
        Assert.Equal(
            [
                HistoryEventType.ExecutionStarted, HistoryEventType.TaskStateEntered, HistoryEventType.TaskScheduled,
                HistoryEventType.TaskStarted, HistoryEventType.TaskSubmitted, HistoryEventType.TaskSucceeded,
                HistoryEventType.TaskStateExited, HistoryEventType.ExecutionSucceeded,
            ],
            history.Items.Select(e => e.Type));
    }

    [Fact]
    public async Task Sync_RestartWhileItWaits_WaitsAgainAndDoesNotCallAgain()
    {
        await using var world = await World.StartAsync();
        world.Handler.Does = OnEnd(null);
        var started = await world.StartAsync(await world.CreateAsync("m", Definitions.Sync), "e");
        await World.UntilAsync(() => world.Handler.Given.Count == 2, "the waiting");

        world.Handler.Does = OnEnd(new TaskCompleted(1));
        await world.RestartAsync();
        var ended = await world.WaitAsync(started);

        Assert.Equal(ExecutionStatus.Succeeded, ended.Summary.Status);
        Assert.Equal(
            [TaskPhase.Scheduled, TaskPhase.AwaitingAnswer, TaskPhase.AwaitingAnswer],
            world.Handler.Given.Select(assignment => assignment.Task.Phase));
        _ = Assert.Single(world.Handler.Given.Select(assignment => assignment.IdempotencyKey).Distinct());
        Assert.Empty(world.Handler.Stopped);
    }

    [Fact]
    public async Task Sync_ExecutionStopped_StopsWhatItStarted()
    {
        await using var world = await World.StartAsync();
        world.Handler.Does = OnEnd(null);
        var started = await world.StartAsync(await world.CreateAsync("m", Definitions.Sync), "e");
        await World.UntilAsync(() => world.Handler.Given.Count == 2, "the waiting");

        _ = await world.Executions.StopAsync(started.ExecutionArn, null, null, World.Cancelled);

        await World.UntilAsync(() => world.Handler.Stopped.Count == 1, "the stop");
        Assert.Equal(started.ExecutionArn, Assert.Single(world.Handler.Stopped).Execution.ExecutionArn);
    }

    [Fact]
    public async Task Sync_ManyWait_TakeNoPlaceFromOtherTasks()
    {
        await using var world = await World.StartAsync(
            new EngineOptions { TokenKey = new byte[32], RunningTasksMax = 1 });
        world.Handler.Does = OnEnd(null);
        var machine = await world.CreateAsync("m", Definitions.Sync);
        _ = await world.StartAsync(machine, "a");
        _ = await world.StartAsync(machine, "b");
        await World.UntilAsync(() => world.Handler.Given.Count == 4, "the waiting");

        world.Handler.Does = _ => new TaskCompleted(1);
        var other = await world.StartAsync(await world.CreateAsync("other", Definitions.Task), "e");

        Assert.Equal("1", (await world.WaitAsync(other)).Output);
    }

    private static Func<TaskAssignment, TaskOutcome?> OnEnd(TaskOutcome? outcome) => assignment =>
        assignment.Task.Phase == TaskPhase.Scheduled ? new TaskHandedOver(JsonObject.Empty) : outcome;
}

using Lungfish.Engine.Storage;
using Lungfish.Engine.Tests.Support;
using Lungfish.Json;
using Lungfish.States.Journal;

namespace Lungfish.Engine.Tests;

/// <summary>That a call was made, and its answer comes by token, needs no commit of its own.</summary>
public sealed class HandOverTests
{
    [Fact]
    public async Task SucceedTask_RightAfterTheHandOver_IsOneCommitWithIt()
    {
        await using var world = await World.StartAsync();
        var (started, token) = await HandOverAsync(world);
        var commits = world.Store.CommitCount;

        await world.Executions.SucceedTaskAsync(token, JsonValue.True, World.Cancelled);
        _ = await world.WaitAsync(started);

        Assert.Equal(commits + 1, world.Store.CommitCount);
        Assert.Equal(
            [
                HistoryEventType.ExecutionStarted, HistoryEventType.TaskStateEntered, HistoryEventType.TaskScheduled,
                HistoryEventType.TaskStarted, HistoryEventType.TaskSubmitted, HistoryEventType.TaskSucceeded,
                HistoryEventType.TaskStateExited, HistoryEventType.ExecutionSucceeded,
            ],
            world.Store.EventsOf("e").Select(e => e.Type));
    }

    [Fact]
    public async Task HandOver_NobodyAnswers_IsDurableWhenALittleTimeHasGoneBy()
    {
        await using var world = await World.StartAsync();
        _ = await HandOverAsync(world);

        _ = Assert.IsType<Active>(world.Store.RestOf("e"));

        await world.RestsAsync("e");
        Assert.Equal(HistoryEventType.TaskSubmitted, world.Store.EventsOf("e")[^1].Type);
    }

    [Fact]
    public async Task Describe_RightAfterTheHandOver_MakesItDurableAndIsAnswered()
    {
        await using var world = await World.StartAsync();
        var (started, _) = await HandOverAsync(world);

        var described = await world.Executions.DescribeAsync(started.ExecutionArn, World.Cancelled);

        Assert.Equal(States.Deciding.ExecutionStatus.Running, described.Summary.Status);
        _ = Assert.IsType<Parked>(world.Store.RestOf("e"));
    }

    [Fact]
    public async Task Lane_CommitFailsRightAfterTheHandOver_HandsOutAgainWithTheSameKey()
    {
        await using var world = await World.StartAsync(
            new EngineOptions { TokenKey = new byte[32], PartitionCount = 1 });
        var (started, token) = await HandOverAsync(world);
        world.Store.Expect(Fate.LostBeforeCommit);

        _ = await Assert.ThrowsAsync<ApiException>(
            () => world.Executions.StopAsync(started.ExecutionArn, null, null, World.Cancelled));
        await World.UntilAsync(() => world.Handler.Given.Count == 2, "the task is handed out again");

        _ = Assert.Single(world.Handler.Given.Select(given => given.IdempotencyKey).Distinct());
        await world.Executions.SucceedTaskAsync(token, JsonValue.True, World.Cancelled);
        Assert.Equal("true", (await world.WaitAsync(started)).Output);
    }

    /// <summary>Starts an execution and has its task handed over, which is not durable yet.</summary>
    private static async Task<(Api.StartedExecution Started, string Token)> HandOverAsync(World world)
    {
        var machine = await world.CreateAsync("m", Definitions.Callback);
        var started = await world.StartAsync(machine, "e");
        await World.UntilAsync(() => !world.Handler.Given.IsEmpty, "the task is handed out");
        return (started, Assert.Single(world.Handler.Given).Token ?? "");
    }
}

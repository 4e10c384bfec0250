using Lungfish.Engine.Storage;
using Lungfish.Engine.Tests.Support;
using Lungfish.Json;
using Lungfish.States.Deciding;

namespace Lungfish.Engine.Tests;

/// <summary>The disk is full: what begins work is throttled, what ends it is refused as retryable, reads and memory
/// stay as they are, and all goes on by itself when there is room.</summary>
public sealed class StoreFullTests
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(250);

    [Fact]
    public async Task Start_CommitFindsNoRoom_IsRefusedAtOnceAndCommittedWhenThereIsRoom()
    {
        await using var world = await World.StartAsync();
        world.Handler.Does = _ => null;
        var machine = await world.CreateAsync("m", Definitions.Task);
        world.Store.Expect(Fate.Full);

        var refusal = await Assert.ThrowsAsync<ApiException>(() => world.StartAsync(machine, "e"));
        Assert.Equal(503, refusal.HttpStatus);
        Assert.Empty(world.Handler.Given);

        await GiveRoomAsync(world, () => world.Handler.Given.Count == 1);
        _ = await world.StartAsync(machine, "e"); // The way AWS SDKs try again.
        Assert.Equal(1, world.Store.ExecutionCount);
        Assert.Single(world.Handler.Given);
    }

    [Fact]
    public async Task Lane_NoRoomWithTasksInFlight_HandsNothingOutAgain()
    {
        await using var world = await World.StartAsync();
        world.Handler.Does = _ => null;
        var machine = await world.CreateAsync("m", Definitions.Task);
        await world.StartAsync(machine, "first");
        await World.UntilAsync(() => world.Handler.Given.Count == 1, "the task is handed out");
        world.Store.Expect(Fate.Full, Fate.Full);

        _ = await Assert.ThrowsAsync<ApiException>(() => world.StartAsync(machine, "second"));
        await GiveRoomAsync(world, () => world.Handler.Given.Count == 2);

        Assert.Equal(2, world.Store.ExecutionCount);
        Assert.Equal(2, world.Handler.Given.DistinctBy(task => task.IdempotencyKey).Count());
    }

    [Fact]
    public async Task SucceedTask_CommitFindsNoRoom_IsRefusedAndAppliedOnce()
    {
        await using var world = await World.StartAsync();
        var (started, token) = await StartCallbackAsync(world);
        world.Store.Expect(Fate.Full);

        var refusal = await Assert.ThrowsAsync<ApiException>(
            () => world.Executions.SucceedTaskAsync(token, JsonValue.True, World.Cancelled));
        await GiveRoomAsync(world, () => world.Store.RestOf("e") is Closed);

        Assert.Equal(503, refusal.HttpStatus);
        Assert.Equal("true", (await world.WaitAsync(started)).Output);
    }

    [Fact]
    public async Task Describe_CommitFoundNoRoom_TellsWhatIsDurable()
    {
        await using var world = await World.StartAsync();
        var (started, token) = await StartCallbackAsync(world);
        world.Store.Space = StoreSpace.Reserve;
        world.Store.Dice = () =>
        {
            world.Store.Space = StoreSpace.None;
            return Fate.Full;
        };
        _ = await Assert.ThrowsAsync<ApiException>(
            () => world.Executions.SucceedTaskAsync(token, JsonValue.True, World.Cancelled));

        var described = await world.Executions.DescribeAsync(started.ExecutionArn, World.Cancelled);

        Assert.Equal(ExecutionStatus.Running, described.Summary.Status);
        world.Store.Dice = null;
        world.Store.Space = StoreSpace.Ample;
        await GiveRoomAsync(world, () => world.Store.RestOf("e") is Closed);
    }

    [Theory]
    [InlineData(StoreSpace.Reserve)]
    [InlineData(StoreSpace.None)]
    public async Task Start_NoRoomForNewWork_IsThrottled(StoreSpace space)
    {
        await using var world = await World.StartAsync();
        var machine = await world.CreateAsync("m", Definitions.Pass);
        world.Store.Space = space;

        var refusal = await Assert.ThrowsAsync<ApiException>(() => world.StartAsync(machine, "e"));

        Assert.Equal("ThrottlingException", refusal.Code);
        Assert.Contains("disk", refusal.Message, StringComparison.Ordinal);
        world.Store.Space = StoreSpace.Ample;
        await world.WaitAsync(await world.StartAsync(machine, "e"));
    }

    [Fact]
    public async Task SucceedTask_OnlyTheReserveIsLeft_IsAccepted()
    {
        await using var world = await World.StartAsync();
        var (started, token) = await StartCallbackAsync(world);
        world.Store.Space = StoreSpace.Reserve;

        await world.Executions.SucceedTaskAsync(token, JsonValue.True, World.Cancelled);

        Assert.Equal("true", (await world.WaitAsync(started)).Output);
    }

    [Fact]
    public async Task SucceedTask_NoRoomAtAll_IsRefusedAndCanBeRepeated()
    {
        await using var world = await World.StartAsync();
        var (started, token) = await StartCallbackAsync(world);
        world.Store.Space = StoreSpace.None;

        var refusal = await Assert.ThrowsAsync<ApiException>(
            () => world.Executions.SucceedTaskAsync(token, JsonValue.True, World.Cancelled));
        Assert.Equal(503, refusal.HttpStatus);
        Assert.Equal(
            ExecutionStatus.Running,
            (await world.Executions.DescribeAsync(started.ExecutionArn, World.Cancelled)).Summary.Status);

        world.Store.Space = StoreSpace.Ample;
        await world.Executions.SucceedTaskAsync(token, JsonValue.False, World.Cancelled);
        Assert.Equal("false", (await world.WaitAsync(started)).Output);
    }

    [Fact]
    public async Task Wait_DueWhileThereIsNoRoom_EndsWhenThereIs()
    {
        await using var world = await World.StartAsync();
        var machine = await world.CreateAsync("m", Definitions.Wait(10));
        var started = await world.StartAsync(machine, "e");
        await World.UntilAsync(() => world.Store.RestOf("e") is Parked, "it waits");
        var commits = world.Store.CommitCount;
        world.Store.Space = StoreSpace.None;

        world.Time.Advance(TimeSpan.FromSeconds(20));
        var waiting = await world.Executions.DescribeAsync(started.ExecutionArn, World.Cancelled);
        Assert.Equal((ExecutionStatus.Running, commits), (waiting.Summary.Status, world.Store.CommitCount));

        world.Store.Space = StoreSpace.Ample;
        await GiveRoomAsync(world, () => world.Store.RestOf("e") is Closed);
    }

    [Fact]
    public async Task Dispose_WhileThereIsNoRoom_EndsAndLosesNothingAcknowledged()
    {
        await using var world = await World.StartAsync();
        var (started, token) = await StartCallbackAsync(world);
        world.Store.Dice = () => Fate.Full;
        _ = await Assert.ThrowsAsync<ApiException>(
            () => world.Executions.SucceedTaskAsync(token, JsonValue.True, World.Cancelled));

        var disposed = world.Engine.DisposeAsync().AsTask();
        await GiveRoomAsync(world, () => disposed.IsCompleted);

        world.Store.Dice = null;
        await world.StartEngineAsync();
        await world.Executions.SucceedTaskAsync(token, JsonValue.False, World.Cancelled);
        Assert.Equal("false", (await world.WaitAsync(started)).Output);
    }

    /// <summary>Lets time go by until it has come.</summary>
    private static Task GiveRoomAsync(World world, Func<bool> holds) => World.UntilAsync(
        () =>
        {
            world.Time.Advance(s_pause);
            return holds();
        },
        "what waited for room");

    private static async Task<(Api.StartedExecution Started, string Token)> StartCallbackAsync(World world)
    {
        var machine = await world.CreateAsync("m", Definitions.Callback);
        var started = await world.StartAsync(machine, "e");
        await world.RestsAsync("e");
        return (started, Assert.Single(world.Handler.Given).Token ?? "");
    }
}

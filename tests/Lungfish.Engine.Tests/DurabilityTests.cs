using Lungfish.Engine.Storage;
using Lungfish.Engine.Tests.Support;
using Lungfish.Json;
using Lungfish.States.Deciding;

namespace Lungfish.Engine.Tests;

/// <summary>Nothing becomes visible before it is durable, and what was lost was never seen.</summary>
public sealed class DurabilityTests
{
    [Fact]
    public async Task Start_CommitUnderWay_IsNotAnsweredAndHandsNothingOut()
    {
        await using var world = await World.StartAsync();
        var machine = await world.CreateAsync("m", Definitions.Task);
        var arrived = world.Store.HoldCommits();

        var start = world.StartAsync(machine, "e");
        _ = await arrived;

        Assert.False(start.IsCompleted);
        Assert.Empty(world.Handler.Given);
        world.Store.ReleaseCommits();
        var ended = await world.WaitAsync(await start);
        Assert.Equal(ExecutionStatus.Succeeded, ended.Summary.Status);
    }

    [Fact]
    public async Task SucceedTask_CommitUnderWay_IsNotAnswered()
    {
        await using var world = await World.StartAsync();
        var (_, token) = await StartCallbackAsync(world);
        var arrived = world.Store.HoldCommits();

        var answer = world.Executions.SucceedTaskAsync(token, JsonValue.True, World.Cancelled);
        _ = await arrived;
        var late = world.Executions.SucceedTaskAsync(token, JsonValue.False, World.Cancelled);

        // The second answer rests on the first one, so that one has to wait, too.
        Assert.False(answer.IsCompleted);
        Assert.False(late.IsCompleted);
        world.Store.ReleaseCommits();
        await answer;
        var refusal = await Assert.ThrowsAsync<ApiException>(() => late);
        Assert.Equal("TaskTimedOut", refusal.Code);
    }

    [Fact]
    public async Task Describe_CommitUnderWay_TellsNothingThatIsNotDurable()
    {
        await using var world = await World.StartAsync();
        var (started, token) = await StartCallbackAsync(world);
        var arrived = world.Store.HoldCommits();
        var answer = world.Executions.SucceedTaskAsync(token, JsonValue.True, World.Cancelled);
        _ = await arrived;

        var describe = world.Executions.DescribeAsync(started.ExecutionArn, World.Cancelled);

        Assert.False(describe.IsCompleted);
        world.Store.ReleaseCommits();
        await answer;
        Assert.Equal(ExecutionStatus.Succeeded, (await describe).Summary.Status);
    }

    [Fact]
    public async Task Start_CommitLost_IsRefusedAsRetryableAndLeavesNothing()
    {
        await using var world = await World.StartAsync();
        var machine = await world.CreateAsync("m", Definitions.Task);
        world.Store.Expect(Fate.LostBeforeCommit);

        var refusal = await Assert.ThrowsAsync<ApiException>(() => world.StartAsync(machine, "e"));

        Assert.Equal(503, refusal.HttpStatus);
        Assert.Empty(world.Handler.Given);
        var ended = await world.WaitAsync(await world.StartAsync(machine, "e")); // The way AWS SDKs try again.
        Assert.Equal(ExecutionStatus.Succeeded, ended.Summary.Status);
        Assert.Equal(1, world.Store.ExecutionCount);
    }

    [Fact]
    public async Task Start_ReplyLost_RunsOnceAndTheRepeatedStartFindsIt()
    {
        await using var world = await World.StartAsync();
        var machine = await world.CreateAsync("m", Definitions.Callback);
        world.Store.Expect(Fate.CommittedButReplyLost);

        var refusal = await Assert.ThrowsAsync<ApiException>(() => world.StartAsync(machine, "e"));
        var again = await world.StartAsync(machine, "e");

        Assert.Equal(503, refusal.HttpStatus);
        await world.RestsAsync("e");
        var token = Assert.Single(world.Handler.Given).Token ?? "";
        await world.Executions.SucceedTaskAsync(token, JsonValue.True, World.Cancelled);
        Assert.Equal("true", (await world.WaitAsync(again)).Output);
        Assert.Equal(1, world.Store.ExecutionCount);
    }

    [Fact]
    public async Task SucceedTask_ReplyLost_IsAppliedOnce()
    {
        await using var world = await World.StartAsync();
        var (started, token) = await StartCallbackAsync(world);
        world.Store.Expect(Fate.CommittedButReplyLost);

        var refusal = await Assert.ThrowsAsync<ApiException>(
            () => world.Executions.SucceedTaskAsync(token, JsonValue.True, World.Cancelled));
        var again = await Assert.ThrowsAsync<ApiException>(
            () => world.Executions.SucceedTaskAsync(token, JsonValue.False, World.Cancelled));

        Assert.Equal(503, refusal.HttpStatus);
        Assert.Equal("TaskTimedOut", again.Code);
        Assert.Equal("true", (await world.WaitAsync(started)).Output);
    }

    [Fact]
    public async Task SucceedTask_CommitLost_CanBeRepeated()
    {
        await using var world = await World.StartAsync();
        var (started, token) = await StartCallbackAsync(world);
        world.Store.Expect(Fate.LostBeforeCommit);

        _ = await Assert.ThrowsAsync<ApiException>(
            () => world.Executions.SucceedTaskAsync(token, JsonValue.True, World.Cancelled));
        await world.Executions.SucceedTaskAsync(token, JsonValue.False, World.Cancelled);

        Assert.Equal("false", (await world.WaitAsync(started)).Output);
    }

    [Fact]
    public async Task Wait_CommitFails_GoesOnWaiting()
    {
        await using var world = await World.StartAsync();
        var (started, token) = await StartCallbackAsync(world);
        var wait = world.WaitAsync(started);
        world.Store.Expect(Fate.LostBeforeCommit); // The memory is dropped, and who waits there with it.

        _ = await Assert.ThrowsAsync<ApiException>(
            () => world.Executions.SucceedTaskAsync(token, JsonValue.True, World.Cancelled));
        await world.Executions.SucceedTaskAsync(token, JsonValue.False, World.Cancelled);
        await World.AdvanceUntilAsync(world.Time, wait, "the end is told");

        Assert.Equal("false", (await wait).Output);
    }

    [Fact]
    public async Task Lane_CommitFailsWithTasksInFlight_HandsThemOutAgainWithTheSameKey()
    {
        await using var world = await World.StartAsync();
        world.Handler.Does = _ => null;
        var machine = await world.CreateAsync("m", Definitions.Task);
        var first = await world.StartAsync(machine, "first");
        await World.UntilAsync(() => world.Handler.Given.Count == 1, "the task is handed out");
        world.Store.Expect(Fate.LostBeforeCommit);

        _ = await Assert.ThrowsAsync<ApiException>(() => world.StartAsync(machine, "second"));
        await World.UntilAsync(() => world.Handler.Given.Count == 2, "recovery hands the task out again");

        Assert.True(world.Handler.Tokens.First().IsCancellationRequested);
        Assert.Equal(first.ExecutionArn, world.Handler.Given.Last().Execution.ExecutionArn);
        _ = Assert.Single(world.Handler.Given.Select(given => given.IdempotencyKey).Distinct());
    }

    [Fact]
    public async Task Lane_LeaseLost_ClosesThatPartitionOnly()
    {
        await using var world = await World.StartAsync();
        var machine = await world.CreateAsync("m", Definitions.Pass);
        var lost = NameIn(machine, partition: 3);
        var other = NameIn(machine, partition: 4);
        var arrived = world.Store.HoldCommits();
        var first = world.StartAsync(machine, NameIn(machine, partition: 0));
        _ = await arrived;
        var refused = world.StartAsync(machine, lost);
        var kept = world.StartAsync(machine, other);
        world.Store.Lose(new Identifiers.PartitionId(3));
        world.Store.ReleaseCommits();

        _ = await first;
        Assert.Equal(503, (await Assert.ThrowsAsync<ApiException>(() => refused)).HttpStatus);
        Assert.Equal(ExecutionStatus.Succeeded, (await world.WaitAsync(await kept)).Summary.Status);
        Assert.Equal(503, (await Assert.ThrowsAsync<ApiException>(() => world.StartAsync(machine, lost))).HttpStatus);
    }

    [Fact]
    public async Task Lane_StoreAwayForAWhile_GoesOnWhenItIsBack()
    {
        await using var world = await World.StartAsync();
        var machine = await world.CreateAsync("m", Definitions.Task);
        _ = await world.WaitAsync(await world.StartAsync(machine, null)); // Its definition is in memory now.
        world.Store.Expect(Fate.LostBeforeCommit);
        world.Store.ReadsFail = true;
        var refused = world.StartAsync(machine, null);
        _ = await Assert.ThrowsAsync<ApiException>(() => refused);

        world.Store.ReadsFail = false;
        var start = world.StartAsync(machine, null);
        while (!start.IsCompleted)
        {
            world.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal(ExecutionStatus.Succeeded, (await world.WaitAsync(await start)).Summary.Status);
    }

    [Fact]
    public async Task Lane_ManyStartsWhileACommitIsUnderWay_ShareTheNextOne()
    {
        await using var world = await World.StartAsync();
        var machine = await world.CreateAsync("m", Definitions.Pass);
        var arrived = world.Store.HoldCommits();
        var first = world.StartAsync(machine, null);
        _ = await arrived;

        var others = Enumerable.Range(0, 100).Select(_ => world.StartAsync(machine, null)).ToList();
        world.Store.ReleaseCommits();
        _ = await first;
        _ = await Task.WhenAll(others);

        // One was under way; nearly always one more takes all the others, unless a partition was busy just then.
        Assert.InRange(world.Store.CommitCount, 2, 10);
    }

    [Fact]
    public async Task Lane_SeveralTurnsOfOneExecutionInABatch_AreOneSegment()
    {
        await using var world = await World.StartAsync();
        var (_, token) = await StartCallbackAsync(world);
        var other = await world.CreateAsync("other", Definitions.Pass);
        var arrived = world.Store.HoldCommits();
        var first = world.StartAsync(other, null);
        _ = await arrived;

        var beats = Enumerable.Range(0, 5)
            .Select(_ => world.Executions.HeartbeatTaskAsync(token, World.Cancelled)).ToList();
        var answer = world.Executions.SucceedTaskAsync(token, JsonValue.True, World.Cancelled);
        world.Store.ReleaseCommits();
        _ = await first;
        await Task.WhenAll([.. beats, answer]);

        var last = world.Store.Batches[^1].Partitions.Single();
        _ = Assert.IsType<Closed>(Assert.Single(last.Executions).Resting);
    }

    [Fact]
    public async Task Lane_CommitsThatCompleteAtOnce_DoNotRecurseOrStall()
    {
        await using var world = await World.StartAsync();
        world.Store.CompletesSynchronously = true;
        var machine = await world.CreateAsync("m", Definitions.Task);

        var starts = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => world.StartAsync(machine, null)));

        foreach (var start in starts)
        {
            Assert.Equal(ExecutionStatus.Succeeded, (await world.WaitAsync(start)).Summary.Status);
        }
    }

    private static string NameIn(string machine, int partition) => Enumerable.Range(0, 10_000)
        .Select(i => $"n{i}")
        .First(name => Identifiers.Slot.Of(machine, name).Number / (Identifiers.Slot.Count / 8) == partition);

    private static async Task<(Api.StartedExecution Started, string Token)> StartCallbackAsync(World world)
    {
        var machine = await world.CreateAsync("m", Definitions.Callback);
        var started = await world.StartAsync(machine, "e");
        await world.RestsAsync("e");
        return (started, Assert.Single(world.Handler.Given).Token ?? "");
    }
}

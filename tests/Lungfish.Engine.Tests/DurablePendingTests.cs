using Lungfish.Durable;
using Lungfish.Durable.Deciding;
using Lungfish.Engine.Storage;
using Lungfish.Engine.Tests.Support;

namespace Lungfish.Engine.Tests;

/// <summary>That an invocation is over, and its execution waits, needs no commit of its own.</summary>
public sealed class DurablePendingTests
{
    [Fact]
    public async Task SucceedCallback_RightAfterPending_IsOneCommitWithIt()
    {
        await using var world = await DurableWorld.StartAsync();
        var (arn, callback) = await ReturnPendingAsync(world);
        var commits = world.Store.CommitCount;

        await world.Executions.SucceedCallbackAsync(callback, "\"yes\"", DurableWorld.Cancelled);
        var ended = await world.WaitAsync(arn);

        Assert.Equal("\"yes\"", ended.Result);
        Assert.Equal(commits + 2, world.Store.CommitCount); // The second one is its end.
        Assert.Equal(
            "ExecutionStarted CallbackStarted InvocationCompleted CallbackSucceeded InvocationCompleted "
            + "ExecutionSucceeded",
            await world.TypesAsync(arn));
    }

    [Fact]
    public async Task Pending_NothingComes_IsDurableWhenALittleTimeHasGoneBy()
    {
        await using var world = await DurableWorld.StartAsync();
        var (arn, _) = await ReturnPendingAsync(world);

        _ = Assert.IsType<Active>(world.Store.RestOf("e"));

        await World.UntilAsync(
            () =>
            {
                world.Time.Advance(TimeSpan.FromMilliseconds(10));
                return world.Store.RestOf("e") is Parked;
            },
            "it rests");
        Assert.EndsWith(" InvocationCompleted", await world.TypesAsync(arn), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Describe_RightAfterPending_MakesItDurableAndIsAnswered()
    {
        await using var world = await DurableWorld.StartAsync();
        var (arn, _) = await ReturnPendingAsync(world);

        var described = await world.Executions.DescribeAsync(arn, DurableWorld.Cancelled);

        Assert.Equal(DurableStatus.Running, described.Summary.Status);
        _ = Assert.IsType<Parked>(world.Store.RestOf("e"));
    }

    [Fact]
    public async Task Lane_CommitFailsRightAfterPending_InvokesAgain()
    {
        await using var world = await DurableWorld.StartAsync();
        var (arn, callback) = await ReturnPendingAsync(world);
        world.Store.Expect(Fate.LostBeforeCommit);

        var refusal = await Assert.ThrowsAsync<ApiException>(
            () => world.Executions.SucceedCallbackAsync(callback, "1", DurableWorld.Cancelled));
        await World.UntilAsync(() => world.Functions.Invoked.Count == 2, "it is invoked again");
        await world.Executions.SucceedCallbackAsync(callback, "2", DurableWorld.Cancelled);

        Assert.Equal(503, refusal.HttpStatus);
        Assert.Equal("2", (await world.WaitAsync(arn)).Result);
    }

    /// <summary>Starts the execution e, which waits for a callback. Its invocation has returned PENDING, which is not
    /// durable yet.</summary>
    private static async Task<(string Arn, string Callback)> ReturnPendingAsync(DurableWorld world)
    {
        var returned = new TaskCompletionSource<InvocationOutcome>();
        world.Functions.Does = (_, _) => returned.Task;
        var started = await world.StartAsync("e");
        await World.UntilAsync(() => world.Functions.Invoked.Count == 1, "it is invoked");
        _ = await world.CheckpointAsync(world.Functions.Invoked.Single(), Updates.Callback("c"));
        var callbacks = await world.Executions.ListCallbacksAsync(null, null, 10, DurableWorld.Cancelled);
        world.Functions.Does = (invocation, _) => Task.FromResult<InvocationOutcome>(
            invocation.Operations[1].IsOpen
                ? new ReturnedPending()
                : new ReturnedSuccess(invocation.Operations[1].Payload));

        // Before this returns, the engine has been told.
        await Task.Run(() => returned.SetResult(new ReturnedPending()), DurableWorld.Cancelled);
        return (started.ExecutionArn, Assert.Single(callbacks).CallbackId);
    }
}

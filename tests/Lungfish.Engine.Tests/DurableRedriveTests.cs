using Lungfish.Durable;
using Lungfish.Durable.Deciding;
using Lungfish.Engine.Storage;
using Lungfish.Engine.Tests.Support;

namespace Lungfish.Engine.Tests;

/// <summary>A closed execution goes on.</summary>
public sealed class DurableRedriveTests
{
    [Fact]
    public async Task Redrive_Failed_GoesOnFromWhatFailed()
    {
        await using var world = await DurableWorld.StartAsync();
        var arn = await StartFailedAsync(world);
        world.Functions.Does = async (invocation, _) =>
        {
            // The step that succeeded is there, the one that failed is not.
            var known = string.Join(' ', invocation.Operations.Skip(1).Select(operation => operation.Id));
            var answer = await world.CheckpointAsync(
                invocation, Updates.StepStart("second"), Updates.StepSucceed("second", "2"));
            return new ReturnedSuccess($"\"{known}, {answer.Operations.Length} done\"");
        };

        _ = await world.Executions.RedriveAsync(arn, DurableWorld.Cancelled);
        var ended = await world.WaitAsync(arn);

        Assert.Equal((DurableStatus.Succeeded, "\"first, 1 done\""), (ended.Summary.Status, ended.Result));
        Assert.Null(ended.Error);
        Assert.EndsWith(
            "ExecutionFailed ExecutionRedriven StepStarted StepSucceeded InvocationCompleted ExecutionSucceeded",
            await world.TypesAsync(arn),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redrive_AfterARestart_GoesOnAndIsListedAsRunning()
    {
        await using var world = await DurableWorld.StartAsync();
        var arn = await StartFailedAsync(world);
        await world.RestartAsync();
        world.Functions.Does = (_, cancelled) => world.Functions.ForeverAsync<InvocationOutcome>(cancelled);

        _ = await world.Executions.RedriveAsync(arn, DurableWorld.Cancelled);

        _ = Assert.IsType<Active>(world.Store.RestOf("e"));
        await world.RestartAsync(); // Once more: that it goes on is durable.
        await World.UntilAsync(() => world.Functions.Invoked.Count == 3, "it is invoked again");
        var described = await world.Executions.DescribeAsync(arn, DurableWorld.Cancelled);
        Assert.Equal(
            (DurableStatus.Running, null, null),
            (described.Summary.Status, described.Summary.EndedAt, described.Error));
    }

    [Fact]
    public async Task Redrive_StoppedWhileItWaitedForACallback_TakesTheAnswer()
    {
        await using var world = await DurableWorld.StartAsync();
        var arn = await world.StartPendingAsync(Updates.Callback("c"));
        var callback = (await world.OperationAsync(arn, "c")).Callback?.CallbackId ?? "";
        _ = await world.Executions.StopAsync(arn, null, DurableWorld.Cancelled);
        Assert.Empty(await world.Executions.ListCallbacksAsync(null, null, 10, DurableWorld.Cancelled));
        var refusal = await Assert.ThrowsAsync<ApiException>(
            () => world.Executions.SucceedCallbackAsync(callback, "1", DurableWorld.Cancelled));
        Assert.Equal("CallbackTimeoutException", refusal.Code);

        _ = await world.Executions.RedriveAsync(arn, DurableWorld.Cancelled);
        var offered = Assert.Single(
            await world.Executions.ListCallbacksAsync(null, arn, 10, DurableWorld.Cancelled));
        await world.RestsAsync("e");
        world.Functions.Does = (invocation, _) => Task.FromResult<InvocationOutcome>(
            new ReturnedSuccess(invocation.Operations[1].Payload));
        await world.Executions.SucceedCallbackAsync(offered.CallbackId, "1", DurableWorld.Cancelled);

        Assert.Equal("1", (await world.WaitAsync(arn)).Result);
    }

    [Fact]
    public async Task Redrive_ManyAtOnce_RedrivesOnce()
    {
        await using var world = await DurableWorld.StartAsync();
        var arn = await StartFailedAsync(world);
        await world.RestartAsync();
        world.Functions.Does = (_, cancelled) => world.Functions.ForeverAsync<InvocationOutcome>(cancelled);

        var redrives = Enumerable.Range(0, 20)
            .Select(_ => Task.Run(() => world.Executions.RedriveAsync(arn, DurableWorld.Cancelled))).ToList();
        foreach (var redrive in redrives)
        {
            await redrive.ContinueWith(
                ended => ended.IsCompleted, DurableWorld.Cancelled, default, TaskScheduler.Default);
        }

        Assert.Equal(1, redrives.Count(redrive => redrive.IsCompletedSuccessfully));
        Assert.All(
            redrives.Where(redrive => redrive.IsFaulted),
            redrive => Assert.Equal(
                "InvalidParameterValueException", (redrive.Exception?.InnerException as ApiException)?.Code));
    }

    [Fact]
    public async Task Redrive_FailsAgainWithinOneCommit_StaysClosed()
    {
        await using var world = await DurableWorld.StartAsync();
        var arn = await StartFailedAsync(world);
        var arrived = world.Store.HoldCommits();
        var other = world.StartAsync("other", function: "g");
        _ = await arrived;

        var redrive = world.Executions.RedriveAsync(arn, DurableWorld.Cancelled);
        var stop = world.Executions.StopAsync(arn, null, DurableWorld.Cancelled);
        world.Store.ReleaseCommits();
        _ = await other;
        _ = await redrive;
        _ = await stop;

        Assert.Equal(DurableStatus.Stopped, (await world.WaitAsync(arn)).Summary.Status);
        Assert.EndsWith(
            "ExecutionFailed ExecutionRedriven ExecutionStopped",
            await world.TypesAsync(arn),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Redrive_RunningOrSucceeded_IsRefused(bool ends)
    {
        await using var world = await DurableWorld.StartAsync();
        world.Functions.Does = ends
            ? (_, _) => Task.FromResult<InvocationOutcome>(new ReturnedSuccess("1"))
            : (_, cancelled) => world.Functions.ForeverAsync<InvocationOutcome>(cancelled);
        var started = await world.StartAsync("e");
        if (ends)
        {
            _ = await world.WaitAsync(started);
        }

        var refusal = await Assert.ThrowsAsync<ApiException>(
            () => world.Executions.RedriveAsync(started.ExecutionArn, DurableWorld.Cancelled));

        Assert.Equal(400, refusal.HttpStatus);
        var described = await world.Executions.DescribeAsync(started.ExecutionArn, DurableWorld.Cancelled);
        Assert.Equal(ends ? DurableStatus.Succeeded : DurableStatus.Running, described.Summary.Status);
    }

    private static async Task<string> StartFailedAsync(DurableWorld world)
    {
        world.Functions.Does = async (invocation, _) =>
        {
            var answer = await world.CheckpointAsync(
                invocation,
                Updates.StepStart("first"),
                Updates.StepSucceed("first", "1"),
                Updates.StepStart("second"),
                Updates.StepFail("second"));
            return new ReturnedFailure(answer.Operations[^1].Error);
        };
        var started = await world.StartAsync("e");
        var ended = await world.WaitAsync(started);
        Assert.Equal((DurableStatus.Failed, "Broken"), (ended.Summary.Status, ended.Error?.ErrorType));
        return started.ExecutionArn;
    }
}

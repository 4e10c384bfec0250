using Lungfish.Durable;
using Lungfish.Durable.Deciding;
using Lungfish.Engine.Api;
using Lungfish.Engine.Storage;
using Lungfish.Engine.Tests.Support;

namespace Lungfish.Engine.Tests;

/// <summary>Nothing of a durable execution becomes visible before it is durable, and what was lost was never
/// seen.</summary>
public sealed class DurableDurabilityTests
{
    [Fact]
    public async Task Start_CommitUnderWay_IsNotAnsweredAndInvokesNothing()
    {
        await using var world = await DurableWorld.StartAsync();
        var arrived = world.Store.HoldCommits();

        var start = world.StartAsync("e");
        _ = await arrived;

        Assert.False(start.IsCompleted);
        Assert.Empty(world.Functions.Invoked);
        world.Store.ReleaseCommits();
        Assert.Equal(DurableStatus.Succeeded, (await world.WaitAsync(await start)).Summary.Status);
    }

    [Fact]
    public async Task Start_FunctionThatOnlyReturns_NeedsTwoCommits()
    {
        await using var world = await DurableWorld.StartAsync();

        _ = await world.WaitAsync(await world.StartAsync("e"));

        Assert.Equal(2, world.Store.CommitCount); // Its start with its invocation, and its end.
    }

    [Fact]
    public async Task Checkpoint_CommitUnderWay_IsNotAnsweredNorShown()
    {
        await using var world = await DurableWorld.StartAsync();
        world.Functions.Does = (_, cancelled) => world.Functions.ForeverAsync<InvocationOutcome>(cancelled);
        var started = await world.StartAsync("e");
        await World.UntilAsync(() => world.Functions.Invoked.Count == 1, "it is invoked");
        var arrived = world.Store.HoldCommits();

        var checkpoint = world.CheckpointAsync(world.Functions.Invoked.Single(), Updates.StepStart("s"));
        _ = await arrived;
        var operations = world.Executions.ReadOperationsAsync(started.ExecutionArn, DurableWorld.Cancelled);

        Assert.False(checkpoint.IsCompleted);
        Assert.False(operations.IsCompleted);
        Assert.Equal("ExecutionStarted", await world.TypesAsync(started.ExecutionArn));
        world.Store.ReleaseCommits();
        Assert.Equal("s", Assert.Single((await checkpoint).Operations).Id);
        Assert.Equal(2, (await operations).Count);
    }

    [Fact]
    public async Task Checkpoint_CommitLost_IsRefusedAndTheFunctionInvokedAgainWithoutIt()
    {
        await using var world = await DurableWorld.StartAsync();
        world.Functions.Does = async (invocation, _) =>
        {
            if (world.Functions.Invoked.Count > 1)
            {
                return new ReturnedSuccess($"{invocation.Operations.Count}");
            }

            world.Store.Expect(Fate.LostBeforeCommit);
            var refusal = await Assert.ThrowsAsync<ApiException>(
                () => world.CheckpointAsync(invocation, Updates.StepStart("s")));
            Assert.Equal(("ServiceException", 503), (refusal.Code, refusal.HttpStatus)); // SDKs try again.
            refusal = await Assert.ThrowsAsync<ApiException>(
                () => world.CheckpointAsync(invocation, Updates.StepStart("s")));
            return new ReturnedSuccess(refusal.Message);
        };

        var started = await world.StartAsync("e");
        await World.UntilAsync(() => world.Store.RestOf("e") is Closed, "it has ended");

        var ended = await world.Executions.DescribeAsync(started.ExecutionArn, DurableWorld.Cancelled);
        Assert.Equal("1", ended.Result); // The second invocation saw no step; what the first returned was too late.
        Assert.True(world.Functions.Tokens.First().IsCancellationRequested);
    }

    [Fact]
    public async Task Start_ReplyLost_RunsOnceAndTheRepeatedStartFindsIt()
    {
        await using var world = await DurableWorld.StartAsync();
        world.Store.Expect(Fate.CommittedButReplyLost);

        var refusal = await Assert.ThrowsAsync<ApiException>(() => world.StartAsync("e"));
        var again = await world.StartAsync("e");

        Assert.Equal(503, refusal.HttpStatus);
        Assert.False(again.IsNew);
        Assert.Equal(DurableStatus.Succeeded, (await world.WaitAsync(again)).Summary.Status);
        Assert.Equal(1, world.Store.ExecutionCount);
        Assert.Single(world.Functions.Invoked); // That it had begun became durable, but it had not begun.
    }

    [Fact]
    public async Task Callback_ReplyLost_IsAppliedOnce()
    {
        await using var world = await DurableWorld.StartAsync();
        var arn = await world.StartPendingAsync(Updates.Callback("c"));
        var callback = (await world.OperationAsync(arn, "c")).Callback?.CallbackId ?? "";
        world.Functions.Does = (invocation, _) => Task.FromResult<InvocationOutcome>(
            new ReturnedSuccess(invocation.Operations[1].Payload));
        world.Store.Expect(Fate.CommittedButReplyLost);

        var lost = await Assert.ThrowsAsync<ApiException>(
            () => world.Executions.SucceedCallbackAsync(callback, "1", DurableWorld.Cancelled));
        var late = await Assert.ThrowsAsync<ApiException>(
            () => world.Executions.SucceedCallbackAsync(callback, "2", DurableWorld.Cancelled));

        Assert.Equal(503, lost.HttpStatus);
        Assert.Equal(("CallbackTimeoutException", 400), (late.Code, late.HttpStatus));
        Assert.Equal("1", (await world.WaitAsync(arn)).Result);
    }

    [Fact]
    public async Task Wait_CommitFailsMeanwhile_GoesOnWaiting()
    {
        await using var world = await DurableWorld.StartAsync();
        var arn = await world.StartPendingAsync(Updates.Callback("c"));
        var callback = (await world.OperationAsync(arn, "c")).Callback?.CallbackId ?? "";
        world.Functions.Does = (invocation, _) => Task.FromResult<InvocationOutcome>(
            new ReturnedSuccess(invocation.Operations[1].Payload));
        var wait = world.WaitAsync(arn);
        world.Store.Expect(Fate.LostBeforeCommit);
        _ = await Assert.ThrowsAsync<ApiException>(
            () => world.Executions.SucceedCallbackAsync(callback, "1", DurableWorld.Cancelled));

        await world.Executions.SucceedCallbackAsync(callback, "2", DurableWorld.Cancelled);
        await World.AdvanceUntilAsync(world.Time, wait, "the wait is answered");

        Assert.Equal("2", (await wait).Result);
    }

    [Fact]
    public async Task Dispose_SomebodyWaits_TellsThemToTryAgain()
    {
        await using var world = await DurableWorld.StartAsync();
        var arn = await world.StartPendingAsync(Updates.Callback("c"));
        var wait = world.WaitAsync(arn);

        await world.Engine.DisposeAsync();

        var refusal = await Assert.ThrowsAsync<ApiException>(() => wait);
        Assert.Equal(("ServiceException", 503), (refusal.Code, refusal.HttpStatus));
    }

    [Fact]
    public async Task Wait_EveryEventIsDurableWhenItAnswers()
    {
        await using var world = await DurableWorld.StartAsync();
        world.Functions.Does = async (invocation, _) =>
        {
            var answer = await world.CheckpointAsync(
                invocation, Updates.StepStart("s"), Updates.StepSucceed("s", "1"));
            return new ReturnedSuccess($"{answer.Operations.Length}");
        };

        for (var i = 0; i < 50; i++)
        {
            var started = await world.StartAsync($"e{i}");
            _ = await world.WaitAsync(started);
            Assert.EndsWith(
                "ExecutionSucceeded", await world.TypesAsync(started.ExecutionArn), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Run_CommitsFailAtRandom_EveryExecutionEndsAndNoAcknowledgedStepIsLost(int seed)
    {
        var random = new Random(seed);
        await using var world = await DurableWorld.StartAsync();
        var acknowledged = new System.Collections.Concurrent.ConcurrentDictionary<string, string>();
        world.Functions.Does = async (invocation, _) =>
        {
            var token = invocation.CheckpointToken;
            for (var i = 0; i < 5; i++)
            {
                var key = $"{invocation.Execution.Name}/{i}";
                var step = invocation.Operations.FirstOrDefault(operation => operation.Id == $"s{i}");
                if (acknowledged.TryGetValue(key, out var payload))
                {
                    Assert.Equal(payload, step?.Payload);
                    continue;
                }

                if (step is { IsOpen: false })
                {
                    continue; // It became durable; only the answer was lost.
                }

                var value = $"{invocation.RequestId}";
                try
                {
                    var answer = await world.CheckpointAsync(
                        invocation.Execution.Arn,
                        token,
                        Updates.StepStart($"s{i}"),
                        Updates.StepSucceed($"s{i}", value));
                    acknowledged[key] = value;
                    token = answer.CheckpointToken;
                }
                catch (ApiException e)
                {
                    return new InvocationFaulted(new ErrorObject { ErrorType = e.Code });
                }
            }

            return new ReturnedSuccess("1");
        };
        var started = new List<StartedDurableExecution>();
        for (var i = 0; i < 10; i++)
        {
            started.Add(await world.StartAsync($"e{i}", timeoutSeconds: 1_000_000));
        }

        world.Store.Dice = () => { lock (random) { return (Fate)Math.Max(0, random.Next(-6, 3)); } };
        await World.UntilAsync(
            () =>
            {
                world.Time.Advance(TimeSpan.FromSeconds(1));
                return world.Store.CountRunning() == 0;
            },
            "all have ended");
        world.Store.Dice = null;

        foreach (var execution in started)
        {
            await World.UntilAsync(() => world.Store.RestOf(NameOf(execution)) is Closed, "it has closed");
            var ended = await world.Executions.DescribeAsync(execution.ExecutionArn, DurableWorld.Cancelled);
            Assert.Equal(DurableStatus.Succeeded, ended.Summary.Status);
            var history = await world.HistoryAsync(execution.ExecutionArn);
            Assert.Equal(Enumerable.Range(1, history.Count).Select(id => (long)id), history.Select(e => e.EventId));
        }
    }

    private static string NameOf(StartedDurableExecution started) => started.ExecutionArn.Split('/')[2];
}

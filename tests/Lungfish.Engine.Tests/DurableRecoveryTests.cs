using Lungfish.Durable;
using Lungfish.Durable.Deciding;
using Lungfish.Engine.Durable;
using Lungfish.Engine.Storage;
using Lungfish.Engine.Tests.Support;

namespace Lungfish.Engine.Tests;

/// <summary>Stops and starts in every phase of a durable execution.</summary>
public sealed class DurableRecoveryTests
{
    [Fact]
    public async Task Dispose_InvocationRuns_CancelsItAndTheNextStartInvokesAgain()
    {
        await using var world = await DurableWorld.StartAsync();
        world.Functions.Does = (_, cancelled) => world.Functions.ForeverAsync<InvocationOutcome>(cancelled);
        var started = await world.StartAsync("e");
        await World.UntilAsync(() => world.Functions.Invoked.Count == 1, "it is invoked");
        _ = await world.CheckpointAsync(world.Functions.Invoked.Single(), Updates.StepStart("s"));

        await world.Engine.DisposeAsync();
        Assert.True(world.Functions.Tokens.Single().IsCancellationRequested);
        _ = Assert.IsType<Active>(world.Store.RestOf("e"));
        world.Functions.Does = (invocation, _) => Task.FromResult<InvocationOutcome>(
            new ReturnedSuccess(invocation.Operations[1].Id));
        await world.StartEngineAsync();

        Assert.Equal("s", (await world.WaitAsync(started)).Result);
        Assert.Equal(2, world.Functions.Invoked.Count);
        Assert.NotEqual(world.Functions.Invoked.First().RequestId, world.Functions.Invoked.Last().RequestId);
    }

    [Fact]
    public async Task Checkpoint_OfAnInvocationBeforeTheRestart_IsAnInvalidToken()
    {
        await using var world = await DurableWorld.StartAsync();
        world.Functions.Does = (_, cancelled) => world.Functions.ForeverAsync<InvocationOutcome>(cancelled);
        _ = await world.StartAsync("e");
        await World.UntilAsync(() => world.Functions.Invoked.Count == 1, "it is invoked");
        await world.RestartAsync();
        await World.UntilAsync(() => world.Functions.Invoked.Count == 2, "it is invoked again");

        var zombie = await Assert.ThrowsAsync<ApiException>(
            () => world.CheckpointAsync(world.Functions.Invoked.First(), Updates.StepStart("s")));
        var running = await world.CheckpointAsync(world.Functions.Invoked.Last(), Updates.StepStart("s"));

        Assert.Equal("InvalidParameterValueException", zombie.Code);
        Assert.StartsWith("Invalid Checkpoint Token", zombie.Message, StringComparison.Ordinal);
        Assert.Single(running.Operations);
    }

    [Fact]
    public async Task Restart_WhileItWaits_IsWokenInTime()
    {
        await using var world = await DurableWorld.StartAsync();
        var arn = await world.StartPendingAsync(Updates.Wait("w", 600));

        await world.RestartAsync();
        world.Functions.Does = (_, _) => Task.FromResult<InvocationOutcome>(new ReturnedSuccess("1"));
        world.Time.Advance(TimeSpan.FromSeconds(600));

        Assert.Equal("1", (await world.WaitAsync(arn)).Result);
        Assert.Equal(2, world.Functions.Invoked.Count);
    }

    [Fact]
    public async Task Restart_AfterTheWaitWasDue_IsWokenAtOnce()
    {
        await using var world = await DurableWorld.StartAsync();
        var arn = await world.StartPendingAsync(Updates.Wait("w", 600));

        await world.Engine.DisposeAsync();
        world.Time.Advance(TimeSpan.FromDays(1));
        world.Functions.Does = (_, _) => Task.FromResult<InvocationOutcome>(new ReturnedSuccess("1"));
        await world.StartEngineAsync();

        // A day is longer than the execution may take, but its wait was due before.
        await World.UntilAsync(() => world.Store.RestOf("e") is Closed, "it has ended");
        Assert.Equal(
            "ExecutionStarted WaitStarted InvocationCompleted WaitSucceeded ExecutionTimedOut",
            await world.TypesAsync(arn));
    }

    [Fact]
    public async Task Wake_InvocationRuns_LeavesTheRowParkedAndTheNextStartInvokesAgain()
    {
        await using var world = await DurableWorld.StartAsync();
        var arn = await world.StartPendingAsync(Updates.Wait("w", 600));
        world.Functions.Does = (_, cancelled) => world.Functions.ForeverAsync<InvocationOutcome>(cancelled);
        world.Time.Advance(TimeSpan.FromSeconds(600));
        await World.UntilAsync(() => world.Functions.Invoked.Count == 2, "it is woken");

        await world.Engine.DisposeAsync();
        var rest = Assert.IsType<Parked>(world.Store.RestOf("e"));
        Assert.Equal("ExecutionStarted WaitStarted InvocationCompleted WaitSucceeded", await StoredTypesAsync());
        Assert.True(rest.WakeAt <= world.Time.GetUtcNow());
        world.Functions.Does = (_, _) => Task.FromResult<InvocationOutcome>(new ReturnedSuccess("1"));
        await world.StartEngineAsync();

        Assert.Equal("1", (await world.WaitAsync(arn)).Result);
        Assert.Equal(3, world.Functions.Invoked.Count);

        async Task<string> StoredTypesAsync()
        {
            await using var without = await LungfishEngine.StartAsync(
                world.Store, [], world.Options, world.Time,
                Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance, DurableWorld.Cancelled);
            var history = await without.DurableExecutions.ReadHistoryAsync(
                arn, 1_000, false, null, DurableWorld.Cancelled);
            return string.Join(' ', history.Items.Select(e => e.Type));
        }
    }

    [Fact]
    public async Task Wake_InvocationSendsAChainedInvokeAndIsPending_TheRowSaysSo()
    {
        // Many of them that stayed overdue would fill what is read of those to be woken.
        await using var world = await DurableWorld.StartAsync();
        _ = await world.StartPendingAsync(Updates.Wait("w", 600));
        world.Functions.DoesChained = (_, cancelled) => world.Functions.ForeverAsync<ChainedOutcome>(cancelled);
        world.Functions.Does = async (invocation, cancelled) =>
        {
            cancelled.ThrowIfCancellationRequested();
            _ = await world.CheckpointAsync(invocation, Updates.Invoke("i", "durable", "7"));
            return new ReturnedPending();
        };
        world.Time.Advance(TimeSpan.FromSeconds(600));
        await World.UntilAsync(() => world.Functions.Chained.Count == 1, "the invoke is sent");

        await world.Engine.DisposeAsync();

        _ = Assert.IsType<Active>(world.Store.RestOf("e"));
    }

    [Fact]
    public async Task Restart_WhileItWaitsForACallback_TakesTheAnswer()
    {
        await using var world = await DurableWorld.StartAsync();
        var arn = await world.StartPendingAsync(Updates.Callback("c"));
        var callback = (await world.OperationAsync(arn, "c")).Callback?.CallbackId ?? "";

        await world.RestartAsync();
        world.Functions.Does = (invocation, _) => Task.FromResult<InvocationOutcome>(
            new ReturnedSuccess(invocation.Operations[1].Payload));
        await world.Executions.SucceedCallbackAsync(callback, "5", DurableWorld.Cancelled);

        Assert.Equal("5", (await world.WaitAsync(arn)).Result);
    }

    [Fact]
    public async Task Restart_ChainedInvokeIsSent_IsSentAgainWithTheSameNames()
    {
        await using var world = await DurableWorld.StartAsync();
        world.Functions.DoesChained = (_, cancelled) => world.Functions.ForeverAsync<ChainedOutcome>(cancelled);
        world.Functions.Does = world.CheckpointThenPending(Updates.Invoke("i", "durable", "7"));
        var started = await world.StartAsync("e");
        await World.UntilAsync(() => world.Functions.Chained.Count == 1, "the invoke is sent");

        await world.Engine.DisposeAsync();
        world.Functions.DoesChained = (invoke, _) => Task.FromResult(
            new ChainedOutcome(OperationStatus.Succeeded, $"{invoke.Target.Input}0", null));
        world.Functions.Does = (invocation, _) => Task.FromResult<InvocationOutcome>(
            new ReturnedSuccess(invocation.Operations[1].Payload));
        await world.StartEngineAsync();

        Assert.Equal("70", (await world.WaitAsync(started)).Result);
        Assert.Equal(2, world.Functions.Chained.Count);
        Assert.Equal(world.Functions.Chained.First(), world.Functions.Chained.Last());
        Assert.Equal(started.ExecutionArn, world.Functions.Chained.First().CallerArn);
        Assert.NotNull(world.Functions.Chained.First().Target.DurableExecutionArn);
    }

    [Fact]
    public async Task Restart_WhileAFailedInvocationWaitsForItsRetry_IsInvokedThen()
    {
        await using var world = await DurableWorld.StartAsync();
        world.Functions.Does = (_, _) => Task.FromResult<InvocationOutcome>(
            new InvocationFaulted(new ErrorObject { ErrorType = "Runtime.ExitError" }));
        var started = await world.StartAsync("e");
        await World.UntilAsync(() => world.Store.RestOf("e") is Parked, "the retry is scheduled");

        await world.RestartAsync();
        world.Functions.Does = (_, _) => Task.FromResult<InvocationOutcome>(new ReturnedSuccess("1"));
        world.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("1", (await world.WaitAsync(started)).Result);
    }

    [Fact]
    public async Task Load_JournalDamaged_SetsTheExecutionAsideAndTheRestGoesOn()
    {
        await using var world = await DurableWorld.StartAsync(
            new EngineOptions { TokenKey = new byte[32], PartitionCount = 1 });
        var damaged = await world.StartPendingAsync(Updates.Wait("w", 60));
        await world.Engine.DisposeAsync();
        world.Store.Damage("e");
        await world.StartEngineAsync();
        world.Functions.Does = (_, _) => Task.FromResult<InvocationOutcome>(new ReturnedSuccess("1"));

        world.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal("1", (await world.WaitAsync(await world.StartAsync("fine"))).Result);
        var refusal = await Assert.ThrowsAsync<ApiException>(
            () => world.Executions.StopAsync(damaged, null, DurableWorld.Cancelled));
        Assert.Equal(("ServiceException", 500), (refusal.Code, refusal.HttpStatus));
        Assert.Contains("set aside", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_JournalOfAClosedExecutionDamaged_IsRefusedByItsNameAndListsGoOn()
    {
        await using var world = await DurableWorld.StartAsync();
        world.Functions.Does = (_, _) => Task.FromResult<InvocationOutcome>(new ReturnedSuccess("1"));
        var arn = (await world.StartAsync("e")).ExecutionArn;
        _ = await world.WaitAsync(arn);
        await world.Engine.DisposeAsync();
        world.Store.Damage("e");
        await world.StartEngineAsync();

        await IsRefusedAsync(() => world.Executions.DescribeAsync(arn, DurableWorld.Cancelled));
        await IsRefusedAsync(() => world.Executions.WaitAsync(arn, TimeSpan.Zero, DurableWorld.Cancelled));
        await IsRefusedAsync(() => world.Executions.ReadHistoryAsync(arn, 100, false, null, DurableWorld.Cancelled));
        await IsRefusedAsync(() => world.Executions.ReadOperationsAsync(arn, DurableWorld.Cancelled));
        await IsRefusedAsync(async () =>
        {
            await foreach (var _ in world.Executions.FollowHistoryAsync(arn, 0, DurableWorld.Cancelled))
            {
                Assert.Fail("An event of a journal that is damaged.");
            }
        });

        async Task IsRefusedAsync(Func<Task> read)
        {
            var refusal = await Assert.ThrowsAsync<ApiException>(read);
            Assert.Equal(("ServiceException", 500), (refusal.Code, refusal.HttpStatus));
            Assert.Contains($"'{arn}' was set aside", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Start_EngineWithoutFunctions_LeavesDurableExecutionsAloneAndKeepsTheirTimers()
    {
        await using var world = await DurableWorld.StartAsync();
        var arn = await world.StartPendingAsync(Updates.Wait("w", 60));
        await world.Engine.DisposeAsync();

        await using (var without = await LungfishEngine.StartAsync(
            world.Store, [], world.Options, world.Time,
            Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance, DurableWorld.Cancelled))
        {
            world.Time.Advance(TimeSpan.FromMinutes(2));
            var described = await without.DurableExecutions.DescribeAsync(arn, DurableWorld.Cancelled);
            Assert.Equal(DurableStatus.Running, described.Summary.Status);
        }

        world.Functions.Does = (_, _) => Task.FromResult<InvocationOutcome>(new ReturnedSuccess("1"));
        await world.StartEngineAsync();
        Assert.Equal("1", (await world.WaitAsync(arn)).Result);
    }

    [Fact]
    public async Task Invoke_ServerThrows_IsTriedAgainAfterAWhile()
    {
        await using var world = await DurableWorld.StartAsync();
        world.Functions.Does = (_, _) => throw new InvalidOperationException("a bug of ours");
        var started = await world.StartAsync("e");
        await World.UntilAsync(() => world.Store.RestOf("e") is Parked, "the retry is scheduled");

        world.Functions.Does = (_, _) => Task.FromResult<InvocationOutcome>(new ReturnedSuccess("1"));
        world.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("1", (await world.WaitAsync(started)).Result);
        var failed = (await world.HistoryAsync(started.ExecutionArn))[1];
        Assert.Equal("a bug of ours", failed.Details.Error?.ErrorMessage);
    }
}

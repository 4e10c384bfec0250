using Lungfish.Durable;
using Lungfish.Durable.Deciding;
using Lungfish.Durable.Journal;
using Lungfish.Engine.Durable;
using Lungfish.Engine.Storage;
using Lungfish.Engine.Tests.Support;

namespace Lungfish.Engine.Tests;

/// <summary>What waits outside of the function, and what wakes it.</summary>
public sealed class DurableOperationTests
{
    [Fact]
    public async Task Wait_WhileItWaits_NothingRunsAndNothingIsInMemoryForIt()
    {
        await using var world = await DurableWorld.StartAsync(
            new EngineOptions { TokenKey = new byte[32], RestingExecutionsMax = 0, PartitionCount = 1 });
        _ = await world.StartPendingAsync(Updates.Wait("w", 600));
        _ = await world.StartAsync("other"); // There is room for one.
        await world.RestsAsync("other");
        world.Functions.Does = (_, _) => Task.FromResult<InvocationOutcome>(new ReturnedSuccess("1"));
        var reads = world.Store.FindExecutionCount;

        world.Time.Advance(TimeSpan.FromSeconds(600));
        await World.UntilAsync(() => world.Store.RestOf("e") is Closed, "it has ended");

        Assert.Equal(2, world.Functions.Invoked.Count(invocation => invocation.Execution.Name == "e"));
        Assert.True(world.Store.FindExecutionCount > reads, "It had left memory.");
    }

    [Fact]
    public async Task Wait_DueWhileTheInvocationRuns_IsShownByACheckpoint()
    {
        await using var world = await DurableWorld.StartAsync();
        world.Functions.Does = async (invocation, _) =>
        {
            var first = await world.CheckpointAsync(invocation, Updates.Wait("w", 5));
            world.Time.Advance(TimeSpan.FromSeconds(5));
            var poll = await world.CheckpointAsync(invocation.Execution.Arn, first.CheckpointToken);
            var wait = Assert.Single(poll.Operations);
            return new ReturnedSuccess($"\"{wait.Id} {wait.Status}\"");
        };

        var ended = await world.WaitAsync(await world.StartAsync("e"));

        Assert.Equal("\"w Succeeded\"", ended.Result);
        Assert.Single(world.Functions.Invoked);
    }

    [Fact]
    public async Task Wait_DueBetweenTheLastCheckpointAndPending_InvokesAgainAtOnce()
    {
        await using var world = await DurableWorld.StartAsync();
        world.Functions.Does = async (invocation, _) =>
        {
            if (invocation.Operations.Count > 1)
            {
                return new ReturnedSuccess("1");
            }

            var answer = await world.CheckpointAsync(invocation, Updates.Wait("w", 5));
            Assert.Equal(OperationStatus.Started, answer.Operations[0].Status);
            world.Time.Advance(TimeSpan.FromSeconds(5));
            await World.UntilAsync(
                () => world.Store.EventCountOf("e") == 3, "the wait has ended"); // WaitSucceeded is durable.
            return new ReturnedPending();
        };

        var started = await world.StartAsync("e");

        Assert.Equal("1", (await world.WaitAsync(started)).Result);
        Assert.Equal(["w"], world.Functions.Invoked.Last().UpdatedOperationIds);
    }

    [Fact]
    public async Task Callback_Succeeded_InvokesWithItsPayload()
    {
        await using var world = await DurableWorld.StartAsync();
        var arn = await world.StartPendingAsync(Updates.Callback("c", name: "approve"));
        var pending = Assert.Single(await world.Executions.ListCallbacksAsync(null, null, 10, DurableWorld.Cancelled));
        world.Functions.Does = (invocation, _) => Task.FromResult<InvocationOutcome>(
            new ReturnedSuccess(invocation.Operations[1].Payload));

        await world.Executions.HeartbeatCallbackAsync(pending.CallbackId, DurableWorld.Cancelled);
        await world.Executions.SucceedCallbackAsync(pending.CallbackId, "\"yes\"", DurableWorld.Cancelled);
        var again = await Assert.ThrowsAsync<ApiException>(
            () => world.Executions.FailCallbackAsync(pending.CallbackId, ErrorObject.Empty, DurableWorld.Cancelled));

        Assert.Equal(("c", "approve", arn), (pending.OperationId, pending.OperationName, pending.ExecutionArn));
        Assert.Equal("CallbackTimeoutException", again.Code);
        Assert.Equal("\"yes\"", (await world.WaitAsync(arn)).Result);
        Assert.Empty(await world.Executions.ListCallbacksAsync(null, null, 10, DurableWorld.Cancelled));
        Assert.Equal(
            "ExecutionStarted CallbackStarted InvocationCompleted CallbackSucceeded InvocationCompleted "
            + "ExecutionSucceeded",
            await world.TypesAsync(arn));
    }

    [Fact]
    public async Task Callback_TimedOut_InvokesAndItsRowIsGone()
    {
        await using var world = await DurableWorld.StartAsync();
        var arn = await world.StartPendingAsync(Updates.Callback("c", timeoutSeconds: 30));
        var pending = Assert.Single(
            await world.Executions.ListCallbacksAsync(null, arn, 10, DurableWorld.Cancelled));
        world.Functions.Does = (invocation, _) => Task.FromResult<InvocationOutcome>(
            new ReturnedFailure(invocation.Operations[1].Error));

        world.Time.Advance(TimeSpan.FromSeconds(30));
        var ended = await world.WaitAsync(arn);

        Assert.Equal(FakeTime.Noon.AddSeconds(30), pending.Deadline);
        Assert.Null(pending.OperationName);
        Assert.Equal((DurableStatus.Failed, "Callback.Timeout"), (ended.Summary.Status, ended.Error?.ErrorType));
        Assert.Empty(await world.Executions.ListCallbacksAsync(null, arn, 10, DurableWorld.Cancelled));
    }

    [Fact]
    public async Task ListCallbacks_OfAFunction_OnlyThose()
    {
        await using var world = await DurableWorld.StartAsync();
        world.Functions.Does = world.CheckpointThenPending(Updates.Callback("c"));
        _ = await world.StartAsync("a", function: "fa", version: "1");
        _ = await world.StartAsync("b", function: "fa", version: "2");
        _ = await world.StartAsync("c", function: "fab");
        foreach (var name in new[] { "a", "b", "c" })
        {
            await world.RestsAsync(name);
        }

        var unqualified = DurableWorld.ArnOf("fa", "")[..^1];
        var callbacks = await world.Executions.ListCallbacksAsync(unqualified, null, 10, DurableWorld.Cancelled);

        Assert.Equal(["a", "b"], callbacks.Select(callback => callback.ExecutionArn.Split('/')[2]).Order());
        Assert.Empty(await world.Engine.Executions.ListCallbacksAsync(null, null, 10, DurableWorld.Cancelled));
    }

    [Fact]
    public async Task ChainedInvoke_TargetFails_ComesBackAsItsError()
    {
        await using var world = await DurableWorld.StartAsync();
        world.Functions.DoesChained = (_, _) => Task.FromResult(
            new ChainedOutcome(OperationStatus.Failed, null, new ErrorObject { ErrorType = "Nope" }));
        world.Functions.Does = async (invocation, _) =>
        {
            if (invocation.Operations.Count > 1)
            {
                return new ReturnedFailure(invocation.Operations[1].Error);
            }

            var answer = await world.CheckpointAsync(invocation, Updates.Invoke("i", "plain", "7"));
            Assert.Empty(world.Functions.Chained); // Not before its caller has returned.
            Assert.NotNull(answer.CheckpointToken);
            return new ReturnedPending();
        };

        var started = await world.StartAsync("e");
        var ended = await world.WaitAsync(started);

        Assert.Equal("Nope", ended.Error?.ErrorType);
        var invoke = Assert.Single(world.Functions.Chained);
        Assert.Equal(
            ("i", "plain", null),
            (invoke.OperationId, invoke.Target.FunctionName, invoke.Target.DurableExecutionArn));
        Assert.Equal(
            "ExecutionStarted ChainedInvokeStarted InvocationCompleted ChainedInvokeFailed InvocationCompleted "
            + "ExecutionFailed",
            await world.TypesAsync(started.ExecutionArn));
    }

    [Fact]
    public async Task ChainedInvoke_CallerStaysBusy_IsSentAfterAWhile()
    {
        await using var world = await DurableWorld.StartAsync();
        world.Functions.DoesChained = (_, _) => Task.FromResult(
            new ChainedOutcome(OperationStatus.Succeeded, "8", null));
        world.Functions.Does = (_, cancelled) => world.Functions.ForeverAsync<InvocationOutcome>(cancelled);
        var started = await world.StartAsync("e");
        await World.UntilAsync(() => world.Functions.Invoked.Count == 1, "it is invoked");
        var answer = await world.CheckpointAsync(world.Functions.Invoked.Single(), Updates.Invoke("i", "plain"));
        Assert.Empty(world.Functions.Chained);

        world.Time.Advance(TimeSpan.FromSeconds(0.5));
        await World.UntilAsync(() => world.Store.EventCountOf("e") == 3, "it has ended");
        var poll = await world.CheckpointAsync(started.ExecutionArn, answer.CheckpointToken);

        Assert.Equal("8", Assert.Single(poll.Operations).Payload);
    }

    [Fact]
    public async Task ChainedInvoke_StartIsThrottled_IsTriedAgain()
    {
        await using var world = await DurableWorld.StartAsync();
        world.Functions.DoesChained = (_, _) => world.Functions.Chained.Count == 1
            ? throw new ApiException("TooManyRequestsException", "Rate Exceeded.", 429)
            : Task.FromResult(new ChainedOutcome(OperationStatus.Succeeded, "8", null));
        var arn = await StartChainedAsync(world);

        await World.UntilAsync(
            () =>
            {
                world.Time.Advance(TimeSpan.FromSeconds(1));
                return world.Store.RestOf("e") is Closed;
            },
            "it has ended");

        Assert.Equal("8", (await world.WaitAsync(arn)).Result);
        Assert.Equal(2, world.Functions.Chained.Count);
    }

    [Fact]
    public async Task Stop_CallerOfAChainedInvoke_StopsWaitingForIt()
    {
        await using var world = await DurableWorld.StartAsync();
        var abandoned = new TaskCompletionSource();
        world.Functions.DoesChained = (invoke, cancelled) =>
        {
            Assert.Equal("i", invoke.OperationId);
            _ = cancelled.Register(abandoned.SetResult);
            return world.Functions.ForeverAsync<ChainedOutcome>(cancelled);
        };
        var arn = await StartChainedAsync(world);
        await World.UntilAsync(() => world.Functions.Chained.Count == 1, "the invoke is sent");

        _ = await world.Executions.StopAsync(arn, null, DurableWorld.Cancelled);

        await abandoned.Task.WaitAsync(TimeSpan.FromSeconds(30), DurableWorld.Cancelled);
        Assert.Equal(DurableStatus.Stopped, (await world.WaitAsync(arn)).Summary.Status);
    }

    [Fact]
    public async Task Stop_WhileAnInvocationRuns_EndsAtOnceAndItsCheckpointIsRefused()
    {
        await using var world = await DurableWorld.StartAsync();
        world.Functions.Does = (_, cancelled) => world.Functions.ForeverAsync<InvocationOutcome>(cancelled);
        var started = await world.StartAsync("e");
        await World.UntilAsync(() => world.Functions.Invoked.Count == 1, "it is invoked");
        var error = new ErrorObject { ErrorType = "Enough", ErrorData = "{}", StackTrace = ["a", "b"] };

        var stoppedAt = await world.Executions.StopAsync(started.ExecutionArn, error, DurableWorld.Cancelled);
        var refusal = await Assert.ThrowsAsync<ApiException>(
            () => world.CheckpointAsync(world.Functions.Invoked.Single(), Updates.StepStart("s")));
        world.Time.Advance(TimeSpan.FromMinutes(1));
        var again = await world.Executions.StopAsync(started.ExecutionArn, null, DurableWorld.Cancelled);
        var ended = await world.Executions.DescribeAsync(started.ExecutionArn, DurableWorld.Cancelled);

        Assert.StartsWith("Invalid Checkpoint Token", refusal.Message, StringComparison.Ordinal);
        Assert.False(world.Functions.Tokens.Single().IsCancellationRequested); // Running code is not interrupted.
        Assert.Equal(stoppedAt, again);
        Assert.Equal((DurableStatus.Stopped, stoppedAt), (ended.Summary.Status, ended.Summary.EndedAt));
        Assert.Equal(error, ended.Error);
        Assert.Equal("ExecutionStarted ExecutionStopped", await world.TypesAsync(started.ExecutionArn));
    }

    [Fact]
    public async Task Stop_ErrorOf256KBAndOneByteMore_IsTakenAndRefused()
    {
        await using var world = await DurableWorld.StartAsync();
        var arn = await world.StartPendingAsync(Updates.Callback("c"));
        var largest = new ErrorObject { ErrorType = "T", ErrorMessage = new string('x', (256 * 1024) - 1) };

        var refusal = await Assert.ThrowsAsync<ApiException>(() => world.Executions.StopAsync(
            arn, largest with { ErrorData = "x" }, DurableWorld.Cancelled));
        var running = await world.Executions.DescribeAsync(arn, DurableWorld.Cancelled);
        _ = await world.Executions.StopAsync(arn, largest, DurableWorld.Cancelled);

        Assert.Equal("InvalidParameterValueException", refusal.Code);
        Assert.Equal(DurableStatus.Running, running.Summary.Status);
        Assert.Equal(largest, (await world.WaitAsync(arn)).Error);
    }

    [Fact]
    public async Task Timeout_WhileItWaits_EndsTheExecution()
    {
        await using var world = await DurableWorld.StartAsync();
        world.Functions.Does = world.CheckpointThenPending(Updates.Callback("c"));
        var started = await world.StartAsync("e", timeoutSeconds: 100);
        await world.RestsAsync("e");

        world.Time.Advance(TimeSpan.FromSeconds(100));
        var ended = await world.WaitAsync(started);

        Assert.Equal(DurableStatus.TimedOut, ended.Summary.Status);
        Assert.Single(world.Functions.Invoked);
        Assert.Empty(await world.Executions.ListCallbacksAsync(null, null, 10, DurableWorld.Cancelled));
    }

    [Fact]
    public async Task Result_LargerThanAnAnswer_EndsByTheCheckpoint()
    {
        await using var world = await DurableWorld.StartAsync();
        world.Functions.Does = async (invocation, _) =>
        {
            var answer = await world.CheckpointAsync(invocation, new OperationUpdate
            {
                Id = invocation.Operations[0].Id,
                Type = OperationType.Execution,
                Action = OperationAction.Succeed,
                Payload = "\"large\"",
            });
            return new ReturnedSuccess($"{answer.CheckpointToken}"[..0]);
        };

        var started = await world.StartAsync("e");

        Assert.Equal("\"large\"", (await world.WaitAsync(started)).Result);
        Assert.Single(
            await world.HistoryAsync(started.ExecutionArn), e => e.Type == HistoryEventType.ExecutionSucceeded);
    }

    private static async Task<string> StartChainedAsync(DurableWorld world)
    {
        world.Functions.Does = async (invocation, _) =>
        {
            if (invocation.Operations.Count > 1)
            {
                return new ReturnedSuccess(invocation.Operations[1].Payload);
            }

            var answer = await world.CheckpointAsync(invocation, Updates.Invoke("i", "plain"));
            return answer.CheckpointToken is null ? new ReturnedSuccess(null) : new ReturnedPending();
        };
        return (await world.StartAsync("e")).ExecutionArn;
    }
}

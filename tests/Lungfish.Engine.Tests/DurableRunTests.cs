using System.Collections.Concurrent;
using Lungfish.Durable;
using Lungfish.Durable.Deciding;
using Lungfish.Engine.Tests.Support;

namespace Lungfish.Engine.Tests;

/// <summary>Starting an execution and waiting for its end, in one message.</summary>
public sealed class DurableRunTests
{
    [Fact]
    public async Task Run_NewName_AnswersItsEnd()
    {
        await using var world = await DurableWorld.StartAsync();
        world.Functions.Does = (_, _) => Task.FromResult<InvocationOutcome>(new ReturnedSuccess("7"));

        var ended = await world.RunAsync("e");

        Assert.Equal(("7", "e"), (ended.Result, ended.Summary.Name));
        Assert.Equal(2, world.Store.CommitCount); // Its start with its invocation, and its end.
    }

    [Fact]
    public async Task Run_EndNotYetDurable_IsNotAnswered()
    {
        await using var world = await DurableWorld.StartAsync();
        var held = new TaskCompletionSource<Task>(TaskCreationOptions.RunContinuationsAsynchronously);
        world.Functions.Does = (_, _) =>
        {
            held.SetResult(world.Store.HoldCommits());
            return Task.FromResult<InvocationOutcome>(new ReturnedSuccess("7"));
        };

        var run = world.RunAsync("e");
        await await held.Task;

        Assert.False(run.IsCompleted);
        world.Store.ReleaseCommits();
        Assert.Equal("7", (await run).Result);
    }

    [Fact]
    public async Task Run_NameOfOneThatGoesOn_AnswersItsEnd()
    {
        await using var world = await DurableWorld.StartAsync();
        var arn = await world.StartPendingAsync(Updates.Callback("c"));
        var callback = (await world.OperationAsync(arn, "c")).Callback?.CallbackId ?? "";
        world.Functions.Does = (_, _) => Task.FromResult<InvocationOutcome>(new ReturnedSuccess("7"));

        var run = world.RunAsync("e");
        await world.Executions.SucceedCallbackAsync(callback, "1", DurableWorld.Cancelled);

        Assert.Equal((arn, "7"), ((await run).Summary.ExecutionArn, (await run).Result));
    }

    [Fact]
    public async Task Run_NameOfOneThatHasEnded_AnswersItsEnd()
    {
        await using var world = await DurableWorld.StartAsync();
        world.Functions.Does = (_, _) => Task.FromResult<InvocationOutcome>(new ReturnedSuccess("7"));
        var before = await world.RunAsync("e");

        var again = await world.RunAsync("e");

        Assert.Equal((before.Summary.ExecutionArn, "7"), (again.Summary.ExecutionArn, again.Result));
        Assert.Single(world.Functions.Invoked);
        var refusal = await Assert.ThrowsAsync<ApiException>(() => world.RunAsync("e", "other"));
        Assert.Equal("DurableExecutionAlreadyStartedException", refusal.Code);
    }

    [Fact]
    public async Task Run_CommitOfTheStartFails_IsRefused()
    {
        await using var world = await DurableWorld.StartAsync();
        world.Store.Expect(Fate.LostBeforeCommit);

        var refusal = await Assert.ThrowsAsync<ApiException>(() => world.RunAsync("e"));

        Assert.Equal(("ServiceException", 503), (refusal.Code, refusal.HttpStatus));
        Assert.Empty(world.Functions.Invoked);
    }

    [Fact]
    public async Task Run_CallerGivesUp_IsCancelledAndTheExecutionGoesOn()
    {
        await using var world = await DurableWorld.StartAsync();
        using var caller = new CancellationTokenSource();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource<InvocationOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        world.Functions.Does = (_, _) =>
        {
            begun.SetResult();
            return goOn.Task;
        };
        var run = world.RunAsync("e", cancelled: caller.Token);
        await begun.Task;

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        goOn.SetResult(new ReturnedSuccess("7"));
        Assert.Equal("7", (await world.RunAsync("e")).Result);
    }

    [Fact]
    public async Task Run_LaterCommitFails_GoesOnWaiting()
    {
        await using var world = await DurableWorld.StartAsync();
        world.Functions.Does = (_, _) =>
        {
            if (world.Functions.Invoked.Count == 1)
            {
                world.Store.Expect(Fate.LostBeforeCommit); // The memory is dropped, and who waits there with it.
            }

            return Task.FromResult<InvocationOutcome>(new ReturnedSuccess($"{world.Functions.Invoked.Count}"));
        };

        var run = world.RunAsync("e");
        await World.AdvanceUntilAsync(world.Time, run, "the end is told");

        Assert.Equal("2", (await run).Result);
    }

    [Fact]
    public async Task Run_InvocationsFailInARow_LogsHowTheFirstFailed()
    {
        var lines = new ConcurrentQueue<string>();
        await using var world = new DurableWorld { Loggers = new Logged((_, line) => lines.Enqueue(line)) };
        await world.StartEngineAsync();
        world.Functions.Does = (_, _) => Task.FromResult<InvocationOutcome>(world.Functions.Invoked.Count switch
        {
            var count and < 4 => new InvocationFaulted(
                new ErrorObject { ErrorType = "Runtime.ExitError", ErrorMessage = $"end {count}" }),
            _ => new ReturnedSuccess("7"),
        });

        var run = world.RunAsync("e");
        await World.AdvanceUntilAsync(world.Time, run, "the end is told");

        Assert.Equal("7", (await run).Result);
        Assert.EndsWith("failed: Runtime.ExitError: end 1 ", Assert.Single(lines), StringComparison.Ordinal);
    }
}

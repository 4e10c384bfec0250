using Lungfish.Durable;
using Lungfish.Durable.Deciding;
using Lungfish.Engine.Tests.Support;

namespace Lungfish.Engine.Tests;

public sealed class DurableFirstPathTests
{
    [Fact]
    public async Task Start_FunctionReturnsAtOnce_Succeeds()
    {
        await using var world = await DurableWorld.StartAsync();
        world.Functions.Does = (_, _) => Task.FromResult<InvocationOutcome>(new ReturnedSuccess("[1]"));

        var started = await world.StartAsync("e", """{"a": 1}""");
        var ended = await world.WaitAsync(started);

        Assert.True(started.IsNew);
        Assert.StartsWith(
            "arn:aws:lambda:us-east-1:000000000000:function:f:$LATEST/durable-execution/e/", started.ExecutionArn,
            StringComparison.Ordinal);
        Assert.Equal(
            (DurableStatus.Succeeded, "[1]", """{"a": 1}""", "$LATEST"),
            (ended.Summary.Status, ended.Result, ended.Input, ended.Version));
        Assert.Equal(
            "ExecutionStarted InvocationCompleted ExecutionSucceeded", await world.TypesAsync(started.ExecutionArn));
    }

    [Fact]
    public async Task Invoke_Envelope_HoldsTheExecutionFirst()
    {
        await using var world = await DurableWorld.StartAsync();

        var started = await world.StartAsync("e", "7");
        _ = await world.WaitAsync(started);

        var invocation = Assert.Single(world.Functions.Invoked);
        var execution = Assert.Single(invocation.Operations);
        Assert.Equal((OperationType.Execution, "7"), (execution.Type, execution.Payload));
        Assert.EndsWith("/" + execution.Id, started.ExecutionArn, StringComparison.Ordinal);
        Assert.Empty(invocation.UpdatedOperationIds);
        Assert.DoesNotContain('-', invocation.CheckpointToken);
        Assert.DoesNotContain('_', invocation.CheckpointToken);
    }

    [Fact]
    public async Task Checkpoint_Step_IsShownToTheNextInvocation()
    {
        await using var world = await DurableWorld.StartAsync();
        world.Functions.Does = async (invocation, _) =>
        {
            if (invocation.Operations.Count > 1)
            {
                return new ReturnedSuccess(invocation.Operations[1].Payload);
            }

            var first = await world.CheckpointAsync(invocation, Updates.StepStart("s"));
            var second = await world.CheckpointAsync(
                invocation.Execution.Arn, first.CheckpointToken, Updates.StepSucceed("s", "\"done\""),
                Updates.Wait("w", 60));
            Assert.Equal(["s", "w"], second.Operations.Select(operation => operation.Id));
            return new ReturnedPending();
        };
        var started = await world.StartAsync("e");
        await world.RestsAsync("e");

        world.Time.Advance(TimeSpan.FromSeconds(60));
        var ended = await world.WaitAsync(started);

        Assert.Equal("\"done\"", ended.Result);
        Assert.Equal(["w"], world.Functions.Invoked.Last().UpdatedOperationIds);
        Assert.Equal(
            "ExecutionStarted StepStarted StepSucceeded WaitStarted InvocationCompleted WaitSucceeded "
            + "InvocationCompleted ExecutionSucceeded",
            await world.TypesAsync(started.ExecutionArn));
    }

    [Fact]
    public async Task Wait_OneMillisecondBeforeItIsDue_StillWaits()
    {
        await using var world = await DurableWorld.StartAsync();
        _ = await world.StartPendingAsync(Updates.Wait("w", 60));

        world.Time.Advance(TimeSpan.FromMilliseconds(59_999));
        _ = await world.StartAsync("other");
        await World.UntilAsync(() => world.Store.RestOf("other") is not null, "another one went through");
        Assert.Single(world.Functions.Invoked, invocation => invocation.Execution.Name == "e");

        world.Time.Advance(TimeSpan.FromMilliseconds(1));
        await World.UntilAsync(
            () => world.Functions.Invoked.Count(invocation => invocation.Execution.Name == "e") == 2, "it is woken");
    }
}

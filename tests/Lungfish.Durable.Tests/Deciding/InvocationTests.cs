using Lungfish.Durable.Deciding;
using Lungfish.Durable.Journal;
using Lungfish.Durable.Tests.Testing;
using static Lungfish.Durable.Tests.Testing.Updates;

namespace Lungfish.Durable.Tests.Deciding;

public sealed class InvocationTests
{
    [Fact]
    public void Start_OfAnExecution_InvokesTheFunctionOnce()
    {
        var life = new Life();

        var decision = life.Tell(new Start(Life.Identity, "{\"a\":1}"));

        var invoke = Assert.IsType<InvokeFunction>(Assert.Single(decision.Effects));
        Assert.Equal(1, invoke.Invocation.Number);
        Assert.Empty(invoke.Invocation.UpdatedOperationIds);
        Assert.Equal(new CheckpointToken(1, 0), invoke.Execution.Token);
        var execution = Assert.Single(invoke.Execution.OperationsToReplay());
        Assert.Equal(("u-1", 0, OperationType.Execution, "{\"a\":1}"),
            (execution.Id, execution.Sequence, execution.Type, execution.Payload));
    }

    [Fact]
    public void Wait_DueWhileSuspended_IsItsOwnInvocation()
    {
        var life = Life.Started();
        _ = life.Checkpoint(Wait("w", 2));
        Assert.Empty(life.Suspend().Effects);
        Assert.Null(life.State.Running);

        var decision = life.Pass(2);

        var invoke = Assert.IsType<InvokeFunction>(Assert.Single(decision.Effects));
        Assert.Equal(["w"], invoke.Invocation.UpdatedOperationIds);
        Assert.Equal(new CheckpointToken(2, 0), life.State.Token);
        Assert.Equal("WaitStarted InvocationCompleted WaitSucceeded", life.History);
        _ = life.Return(new ReturnedSuccess("1"));
        Assert.Equal(
            "WaitStarted InvocationCompleted WaitSucceeded InvocationCompleted ExecutionSucceeded", life.History);
    }
}

using Lungfish.Durable.Deciding;
using Lungfish.Durable.Journal;
using Lungfish.Durable.Tests.Testing;
using static Lungfish.Durable.Tests.Testing.Updates;

namespace Lungfish.Durable.Tests.Deciding;

/// <summary>Ends that do not come from the function.</summary>
public sealed class EndTests
{
    [Fact]
    public void Stop_WhileTheFunctionRuns_LeavesItsOperationsOpen()
    {
        var life = Life.Started();
        _ = life.Checkpoint(Step("s"), Wait("w", 5));
        life.Now = life.Now.AddSeconds(2);

        _ = life.Tell(new Stop(Boom));

        Assert.Equal(DurableStatus.Stopped, life.State.Status);
        Assert.Equal(Boom, life.State.Error);
        Assert.Equal(life.Now, life.State.EndedAt);
        Assert.Null(life.State.Running);
        Assert.Null(life.State.NextDueAt);
        Assert.Equal(OperationStatus.Started, life.Find("s").Status);
        Assert.Equal("StepStarted WaitStarted ExecutionStopped", life.History);
        Assert.Empty(life.Tell(new InvocationEnded(1, new ReturnedSuccess("1"))).Facts);
        Assert.Empty(life.Pass(10).Facts);
    }

    [Fact]
    public void Stop_OfAClosedExecution_ChangesNothing()
    {
        var life = Life.Started();
        _ = life.Return(new ReturnedSuccess("1"));
        life.Now = life.Now.AddSeconds(9);

        var decision = life.Tell(new Stop(Boom));

        Assert.Null(decision.Refusal);
        Assert.Empty(decision.Facts);
        Assert.Equal(Life.Noon, decision.After.EndedAt);
        Assert.Equal(DurableStatus.Succeeded, decision.After.Status);
    }

    [Fact]
    public void ExecutionTimeout_CountsFromTheStart()
    {
        var life = Life.Started();
        _ = life.Checkpoint(Wait("w", 100_001));
        _ = life.Suspend();
        Assert.Empty(life.Pass(99_999).Facts);

        Assert.Empty(life.Pass(1).Effects);

        Assert.Equal(DurableStatus.TimedOut, life.State.Status);
        Assert.Equal("Execution.Timeout", life.State.Error?.ErrorType);
        Assert.Equal("WaitStarted InvocationCompleted ExecutionTimedOut", life.History);
        Assert.Equal("u-1", life.LastEvent.OperationId);
        Assert.Equal(OperationStatus.TimedOut, life.Find("u-1").Status);
        Assert.Equal(OperationStatus.Started, life.Find("w").Status);
    }

    [Fact]
    public void ExecutionTimeout_WithAWaitDueBefore_StillCompletesIt()
    {
        var life = Life.Started();
        _ = life.Checkpoint(Wait("w", 99_999));
        _ = life.Suspend();

        var decision = life.Pass(200_000);

        Assert.Equal("WaitStarted InvocationCompleted WaitSucceeded ExecutionTimedOut", life.History);
        Assert.Empty(decision.Effects);
    }

    [Fact]
    public void ExecutionTimeout_WithARetryDueBefore_InvokesNobody()
    {
        var life = Life.Started();
        _ = life.Return(new InvocationFaulted(Boom));

        Assert.Empty(life.Pass(200_000).Effects);

        Assert.Equal(HistoryEventType.ExecutionTimedOut, life.LastEvent.Type);
        Assert.Null(life.State.Running);
    }
}

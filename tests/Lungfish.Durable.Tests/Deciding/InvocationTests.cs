using Lungfish.Durable.Deciding;
using Lungfish.Durable.Journal;
using Lungfish.Durable.Tests.Testing;
using static Lungfish.Durable.Tests.Testing.Updates;

namespace Lungfish.Durable.Tests.Deciding;

/// <summary>When the function's code runs.</summary>
public sealed class InvocationTests
{
    [Fact]
    public void Start_OfAnExecution_InvokesTheFunction()
    {
        var life = new Life();

        var decision = life.Tell(new Start(Life.Identity, "{\"a\":1}"));

        var invoke = Assert.IsType<InvokeFunction>(Assert.Single(decision.Effects));
        Assert.Equal(1, invoke.Invocation.Number);
        Assert.Empty(invoke.Invocation.UpdatedOperationIds);
        Assert.Equal(new CheckpointToken(1, 0), invoke.Execution.Token);
        var execution = Assert.Single(invoke.Execution.OperationsToReplay());
        Assert.Equal("u-1", execution.Id);
        Assert.Equal(0, execution.Sequence);
        Assert.Equal("{\"a\":1}", execution.Payload);
        Assert.Equal(Life.Noon.AddSeconds(100_000), life.State.NextDueAt);
    }

    [Fact]
    public void Wait_DueWhileSuspended_IsAnInvocationOfItsOwn()
    {
        var life = Life.Started();
        _ = life.Checkpoint(Wait("w", 2));
        Assert.Empty(life.Suspend().Effects);
        Assert.Null(life.State.Running);

        var invoke = Assert.IsType<InvokeFunction>(Assert.Single(life.Pass(2).Effects));

        Assert.Equal(["w"], invoke.Invocation.UpdatedOperationIds);
        Assert.Equal(new CheckpointToken(2, 0), life.State.Token);
        _ = life.Return(new ReturnedSuccess("1"));
        Assert.Equal(
            "WaitStarted InvocationCompleted WaitSucceeded InvocationCompleted ExecutionSucceeded", life.History);
    }

    [Fact]
    public void Waits_DueAtOnce_ShareAnInvocation()
    {
        var life = Life.Started();
        _ = life.Checkpoint(Wait("a", 2), Wait("b", 3), Wait("c", 9));
        _ = life.Suspend();

        var invoke = Assert.IsType<InvokeFunction>(Assert.Single(life.Pass(5).Effects));

        Assert.Equal(["a", "b"], invoke.Invocation.UpdatedOperationIds);
    }

    [Fact]
    public void Wait_DueWhileTheFunctionRuns_IsShownInTheNextCheckpoint()
    {
        var life = Life.Started();
        _ = life.Checkpoint(Wait("w", 2));

        Assert.Empty(life.Pass(2).Effects);

        var shown = Assert.Single(life.Checkpoint().Operations);
        Assert.Equal(OperationStatus.Succeeded, shown.Status);
        Assert.Empty(life.Checkpoint().Operations);
    }

    [Fact]
    public void Pending_AfterAChangeThatWasNotShown_InvokesAtOnce()
    {
        var life = Life.Started();
        _ = life.Checkpoint(Wait("w", 2), Callback("c"));
        _ = life.Pass(2);

        var invoke = Assert.IsType<InvokeFunction>(Assert.Single(life.Suspend().Effects));

        Assert.Equal(["w"], invoke.Invocation.UpdatedOperationIds);
    }

    [Fact]
    public void Pending_AfterAChangeThatWasShown_InvokesNobody()
    {
        var life = Life.Started();
        _ = life.Checkpoint(Wait("w", 2), Callback("c"));
        _ = life.Pass(2);
        _ = life.Checkpoint();

        Assert.Empty(life.Suspend().Effects);
    }

    [Fact]
    public void Pending_AfterARetryThatIsDue_ListsTheStep()
    {
        var life = Life.Started();
        _ = life.Checkpoint(StepRetry("s", 3));
        _ = life.Suspend();

        var invoke = Assert.IsType<InvokeFunction>(Assert.Single(life.Pass(3).Effects));

        Assert.Equal(["s"], invoke.Invocation.UpdatedOperationIds);
        Assert.Equal(OperationStatus.Ready, life.Find("s").Status);
        Assert.Null(life.Find("s").NextAttemptAt);
        Assert.Equal("StepStarted StepFailed InvocationCompleted", life.History);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Pending_WithNothingToWaitFor_FailsTheExecution(bool hasStep)
    {
        var life = Life.Started();
        if (hasStep)
        {
            _ = life.Checkpoint(Step("s"), Context("c"));
        }

        Assert.Empty(life.Suspend().Effects);

        Assert.Equal(DurableStatus.Failed, life.State.Status);
        Assert.Contains("nothing is pending", life.State.Error?.ErrorMessage, StringComparison.Ordinal);
        Assert.EndsWith("InvocationCompleted ExecutionFailed", life.History, StringComparison.Ordinal);
    }

    public static TheoryData<InvocationOutcome, DurableStatus, string?, ErrorObject?> Ends => new()
    {
        { new ReturnedSuccess("7"), DurableStatus.Succeeded, "7", null },
        { new ReturnedSuccess("null"), DurableStatus.Succeeded, "null", null },
        { new ReturnedSuccess(""), DurableStatus.Succeeded, null, null },
        { new ReturnedSuccess(null), DurableStatus.Succeeded, null, null },
        { new ReturnedFailure(Boom), DurableStatus.Failed, null, Boom },
        { new ReturnedFailure(null), DurableStatus.Failed, null, ErrorObject.Empty },
        { new ReturnedNonsense(Boom), DurableStatus.Failed, null, Boom },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public void InvocationEnded_WithAnAnswer_EndsTheExecution(
        InvocationOutcome outcome, DurableStatus status, string? result, ErrorObject? error)
    {
        var life = Life.Started();
        life.Now = Life.Noon.AddSeconds(3);

        Assert.Empty(life.Return(outcome).Effects);

        Assert.Equal(status, life.State.Status);
        Assert.Equal(result, life.State.Result);
        Assert.Equal(error, life.State.Error);
        Assert.Equal(life.Now, life.State.EndedAt);
        Assert.Null(life.State.NextDueAt);
        Assert.Equal("InvocationCompleted Execution" + status, life.History);
        var completed = life.Events.ElementAt(1);
        Assert.Null(completed.OperationId);
        Assert.Null(completed.Details.Error);
        Assert.Equal(Life.Noon, completed.Details.Invocation?.StartedAt);
        Assert.Equal(life.Now, completed.Details.Invocation?.EndedAt);
    }

    [Fact]
    public void Faults_InARow_BackOffAndFailTheExecutionAtTheTenth()
    {
        var life = Life.Started();
        foreach (var seconds in new[] { 1, 2, 4, 5, 5, 5, 5, 5, 5 })
        {
            Assert.Empty(life.Return(new InvocationFaulted(Boom)).Effects);
            Assert.Equal(life.Now.AddSeconds(seconds), life.State.NextDueAt);
            Assert.Equal(Boom, life.LastEvent.Details.Error);
            _ = Assert.IsType<InvokeFunction>(Assert.Single(life.Pass(seconds).Effects));
        }

        var last = new ErrorObject { ErrorType = "Runtime.ExitError" };
        Assert.Empty(life.Return(new InvocationFaulted(last)).Effects);

        Assert.Equal(DurableStatus.Failed, life.State.Status);
        Assert.Equal(last, life.State.Error);
        Assert.EndsWith("InvocationCompleted ExecutionFailed", life.History, StringComparison.Ordinal);
    }

    [Fact]
    public void Faults_AfterProgress_CountAnew()
    {
        var life = Life.Started();
        _ = life.Return(new InvocationFaulted(Boom));
        _ = life.Pass(1);
        _ = life.Return(new InvocationFaulted(Boom));
        _ = life.Pass(2);
        _ = life.Checkpoint(StepDone("s"));

        _ = life.Return(new InvocationFaulted(Boom));

        Assert.Equal(life.Now.AddSeconds(1), life.State.NextDueAt);
    }

    [Fact]
    public void Faults_AfterPolling_CountOn()
    {
        var life = Life.Started();
        _ = life.Return(new InvocationFaulted(Boom));
        _ = life.Pass(1);
        _ = life.Checkpoint();

        _ = life.Return(new InvocationFaulted(Boom));

        Assert.Equal(life.Now.AddSeconds(2), life.State.NextDueAt);
    }

    [Fact]
    public void WakeUps_WhileAFailedInvocationWaits_AreHeldUntilItIsTriedAgain()
    {
        var life = Life.Started();
        _ = life.Checkpoint(Wait("w", 2));
        _ = life.Return(new InvocationFaulted(Boom));
        _ = life.Pass(1);
        _ = life.Return(new InvocationFaulted(Boom));

        Assert.Empty(life.Pass(1).Effects);

        Assert.Equal(OperationStatus.Succeeded, life.Find("w").Status);
        var invoke = Assert.IsType<InvokeFunction>(Assert.Single(life.Pass(1).Effects));
        Assert.Equal(["w"], invoke.Invocation.UpdatedOperationIds);
    }

    [Fact]
    public void Lost_Invocation_IsRepeatedAtOnceAndCountsAsNoFailure()
    {
        var life = Life.Started();
        _ = life.Checkpoint(StepDone("s"));
        var token = life.State.Token;

        var decision = life.Return(new InvocationLost(Boom));

        var invoke = Assert.IsType<InvokeFunction>(Assert.Single(decision.Effects));
        Assert.Equal(2, invoke.Invocation.Number);
        Assert.StartsWith(
            "Invalid Checkpoint Token",
            life.Tell(new CheckpointReceived(token, null, [])).Refusal?.Message,
            StringComparison.Ordinal);
        _ = life.Return(new InvocationFaulted(Boom));
        Assert.Equal(life.Now.AddSeconds(1), life.State.NextDueAt);
    }

    [Fact]
    public void InvocationEnded_OfAnEarlierOne_ChangesNothing()
    {
        var life = Life.Started();
        _ = life.Return(new InvocationLost(Boom));

        var decision = life.Tell(new InvocationEnded(1, new ReturnedSuccess("late")));

        Assert.Empty(decision.Facts);
        Assert.Empty(decision.Effects);
        Assert.Equal(2, life.State.Running?.Number);
    }

    [Fact]
    public void Decide_SameSeed_ChoosesTheSameIds()
    {
        static Decision Once(ulong seed) => DurableDecider.Decide(
            DurableExecution.Blank, new Start(Life.Identity, null), Life.Noon, new Seed(seed), new Surroundings());

        Assert.Equal(Once(1).Facts.AsEnumerable(), Once(1).Facts);
        Assert.NotEqual(Once(1).After.Running?.RequestId, Once(2).After.Running?.RequestId);
    }
}

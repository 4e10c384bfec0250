using Lungfish.Durable.Deciding;
using Lungfish.Durable.Journal;
using Lungfish.Durable.Tests.Testing;
using static Lungfish.Durable.Tests.Testing.Updates;
using Succeeded = Lungfish.Durable.Deciding.CallbackSucceeded;

namespace Lungfish.Durable.Tests.Deciding;

public sealed class RedriveTests
{
    [Fact]
    public void Redrive_OfARunningExecution_IsRefused()
    {
        var life = Life.Started();

        Assert.Equal("ResourceConflictException", life.Tell(new Redrive()).Refusal?.Code);
        _ = life.Return(new ReturnedSuccess(null));
        var refusal = life.Tell(new Redrive()).Refusal;
        Assert.Contains("this one is SUCCEEDED", refusal?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Redrive_AfterAFailedStep_DoesItAgain()
    {
        var life = Life.Started();
        _ = life.Checkpoint(StepDone("a"), StepFailed("b"));
        _ = life.Return(new ReturnedFailure(Boom));
        life.Now = life.Now.AddDays(1);

        var decision = life.Tell(new Redrive());

        var invoke = Assert.IsType<InvokeFunction>(Assert.Single(decision.Effects));
        Assert.Equal(2, invoke.Invocation.Number);
        Assert.Empty(invoke.Invocation.UpdatedOperationIds);
        Assert.Equal(["u-1", "a"], invoke.Execution.OperationsToReplay().Select(operation => operation.Id));
        Assert.Equal(HistoryEventType.ExecutionRedriven, life.LastEvent.Type);
        Assert.Equal(DurableStatus.Running, life.State.Status);
        Assert.Null(life.State.Error);
        Assert.Null(life.State.EndedAt);
        Assert.Equal(OperationStatus.Started, life.Find("u-1").Status);
        Assert.Equal(life.Now.AddSeconds(100_000), life.State.NextDueAt);

        var step = Assert.Single(life.Checkpoint(StepDone("b")).Operations);
        Assert.Equal(3, step.Sequence);
        Assert.Equal(1, step.Attempt);
        _ = life.Return(new ReturnedSuccess("1"));
        Assert.Equal(DurableStatus.Succeeded, life.State.Status);
    }

    [Fact]
    public void Redrive_AfterAFailureInContexts_DoesThemAgainAndKeepsWhatWasDone()
    {
        var life = Life.Started();
        _ = life.Checkpoint(
            StepFailed("caught"),
            Context("outer"),
            StepDone("kept", parent: "outer"),
            Context("other", "outer"),
            StepFailed("otherFailed", parent: "other"),
            ContextFailed("other"),
            Context("inner", "outer"));
        _ = life.Checkpoint(StepFailed("last", parent: "inner"), ContextFailed("inner"));
        _ = life.Checkpoint(ContextFailed("outer"));
        _ = life.Return(new ReturnedFailure(Boom));

        _ = life.Tell(new Redrive());

        Assert.Equal(
            ["u-1", "caught", "kept", "other", "otherFailed"],
            life.State.Operations.Select(operation => operation.Id));
        _ = life.Checkpoint(Context("outer"), Context("inner", "outer"), StepDone("last", parent: "inner"));
        Assert.Contains("kept", life.State.OperationsToReplay().Select(operation => operation.Id));
        _ = life.Checkpoint(ContextDone("outer"));
        Assert.Equal(["u-1", "caught", "outer"], life.State.OperationsToReplay().Select(operation => operation.Id));
    }

    [Fact]
    public void Redrive_AfterABranchOfAParallelFailed_DoesTheParallelAgain()
    {
        // A Parallel context succeeds although a branch has failed; the code throws what it finds in the result.
        var life = Life.Started();
        _ = life.Checkpoint(
            Context("p", subType: "Parallel"), Context("b1", "p"), StepDone("s1", parent: "b1"));
        _ = life.Checkpoint(ContextDone("b1"), Context("b2", "p"), StepFailed("s2", parent: "b2"));
        _ = life.Checkpoint(ContextFailed("b2"), Context("b3", "p"), StepFailed("s3", parent: "b3"));
        _ = life.Checkpoint(ContextFailed("b3"), ContextDone("p"));
        _ = life.Return(new ReturnedFailure(Boom));

        _ = life.Tell(new Redrive());

        Assert.Equal(["u-1", "b1", "s1"], life.State.Operations.Select(operation => operation.Id));
        Assert.Equal(["u-1", "b1"], life.State.OperationsToReplay().Select(operation => operation.Id));
    }

    [Fact]
    public void Redrive_WithAFailureInsideAResultThatIsKept_LeavesItThere()
    {
        var life = Life.Started();
        _ = life.Checkpoint(
            Context("outer"),
            Context("tolerant", "outer", "Map"),
            StepFailed("tolerated", parent: "tolerant"),
            StepFailed("last", parent: "outer"));
        _ = life.Checkpoint(ContextDone("tolerant"), ContextFailed("outer"));
        _ = life.Return(new ReturnedFailure(Boom));

        _ = life.Tell(new Redrive());

        Assert.Equal(["u-1", "tolerant", "tolerated"], life.State.Operations.Select(operation => operation.Id));
    }

    [Fact]
    public void Redrive_AfterAFailedCallback_TellsSomebodyOfTheNewOne()
    {
        var life = Life.Started();
        _ = life.Checkpoint(
            Context("w", subType: "WaitForCallback"), Callback("c", timeout: 3, parent: "w"));
        _ = life.Checkpoint(StepDone("submit", parent: "w"));
        _ = life.Suspend();
        _ = life.Pass(3);
        _ = life.Checkpoint(ContextFailed("w"));
        _ = life.Return(new ReturnedFailure(Boom));

        _ = life.Tell(new Redrive());

        Assert.Equal(["u-1"], life.State.Operations.Select(operation => operation.Id));
        _ = life.Checkpoint(Context("w", subType: "WaitForCallback"), Callback("c", parent: "w"));
        Assert.Equal("u-1/5", life.Find("c").Callback?.CallbackId);
        Assert.Equal("CallbackTimeoutException", life.Tell(new Succeeded(2, "1")).Refusal?.Code);
        Assert.Null(life.Tell(new Succeeded(5, "1")).Refusal);
    }

    [Fact]
    public void Redrive_AfterAStop_ResumesWhatIsOpen()
    {
        var life = Life.Started();
        _ = life.Checkpoint(Wait("w", 60), Callback("c", timeout: 90), Invoke("i"), StepRetry("s", 100));
        _ = life.Suspend();
        _ = life.Tell(new Stop(null));
        life.Now = Life.Noon.AddSeconds(70);

        var decision = life.Tell(new Redrive());

        Assert.Equal(5, life.State.Operations.Count());
        Assert.Equal("c", Assert.Single(decision.Effects.OfType<OfferCallback>()).Operation.Id);
        Assert.Equal("i", Assert.Single(decision.Effects.OfType<SendInvoke>()).Operation.Id);
        Assert.Equal(Life.Noon.AddSeconds(60), life.State.NextDueAt);
        Assert.Equal(["w"], life.Checkpoint().Operations.Select(operation => operation.Id));
        Assert.Equal(Life.Noon.AddSeconds(90), life.State.NextDueAt);
    }

    [Fact]
    public void Redrive_WhenNothingFailed_RunsTheCodeAgain()
    {
        var life = Life.Started();
        _ = life.Checkpoint(StepDone("a"));
        _ = life.Return(new ReturnedFailure(Boom));

        var decision = life.Tell(new Redrive());

        _ = Assert.IsType<InvokeFunction>(Assert.Single(decision.Effects));
        Assert.Equal(2, life.State.Operations.Count());
    }

    [Fact]
    public void Operation_StartedAnewWithinWhatItContained_IsRefused()
    {
        var life = Life.Started();
        _ = life.Checkpoint(Context("a"), Context("b", "a"), StepFailed("s", parent: "a"));
        _ = life.Checkpoint(ContextFailed("a"));
        _ = life.Return(new ReturnedFailure(Boom));
        _ = life.Tell(new Redrive());

        Assert.Contains("its ParentId b lies within it", life.Refused(Context("a", "b")), StringComparison.Ordinal);
        Assert.Contains("its ParentId b lies within it", life.Refused(Step("a", "b")), StringComparison.Ordinal);
    }

    [Fact]
    public void Redrive_AfterCompensations_TakesTheSamePathAgain()
    {
        // A step that is done otherwise now would leave the compensations' ids to other operations.
        var life = Life.Started();
        _ = life.Checkpoint(StepDone("charge"), StepFailed("ship"));
        _ = life.Checkpoint(StepDone("refund"));
        _ = life.Return(new ReturnedFailure(Boom));

        _ = life.Tell(new Redrive());

        Assert.Equal(["u-1", "charge", "ship", "refund"], life.State.Operations.Select(operation => operation.Id));
    }

    [Fact]
    public void Redrive_WithASiblingThatBeganBeforeAndEndedAfter_DoesTheFailedOneAgain()
    {
        var life = Life.Started();
        _ = life.Checkpoint(Step("slow"), Step("failing"));
        _ = life.Checkpoint(StepFailed("failing"));
        _ = life.Checkpoint(StepDone("slow"));
        _ = life.Return(new ReturnedFailure(Boom));

        _ = life.Tell(new Redrive());

        Assert.Equal(["u-1", "slow"], life.State.Operations.Select(operation => operation.Id));
    }

    [Fact]
    public void Redrive_AfterAStop_LeavesWhatWasCaught()
    {
        var life = Life.Started();
        _ = life.Checkpoint(StepFailed("caught"));
        _ = life.Tell(new Stop(null));

        _ = life.Tell(new Redrive());

        Assert.Equal(2, life.State.Operations.Count());
    }

    [Fact]
    public void Redrive_Again_NeverUsesATokenTwice()
    {
        var life = Life.Started();
        var tokens = new HashSet<CheckpointToken> { life.State.Token };
        for (var i = 0; i < 3; i++)
        {
            _ = life.Tell(new Stop(null));
            _ = life.Tell(new Redrive());
            Assert.True(tokens.Add(life.State.Token));
        }
    }

    [Fact]
    public void Redrive_AfterTenFaults_CountsThemAnew()
    {
        var life = Life.Started(new Surroundings { Limits = new DurableLimits { FailuresMax = 1 } });
        _ = life.Return(new InvocationFaulted(Boom));
        Assert.Equal(DurableStatus.Failed, life.State.Status);

        _ = life.Tell(new Redrive());

        Assert.NotNull(life.State.Running);
        Assert.Equal(0, life.State.Failures);
    }
}

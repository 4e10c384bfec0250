using Lungfish.Durable.Journal;
using Lungfish.Durable.Tests.Testing;
using static Lungfish.Durable.Tests.Testing.Updates;

namespace Lungfish.Durable.Tests.Deciding;

/// <summary>Steps, waits and contexts.</summary>
public sealed class StepTests
{
    [Fact]
    public void Step_StartedAndSucceeded_CountsItsAttemptWhenItIsOver()
    {
        var life = Life.Started();
        Assert.Equal(0, Assert.Single(life.Checkpoint(Step("s", name: "charge")).Operations).Attempt);
        life.Now = life.Now.AddSeconds(1);

        var step = Assert.Single(life.Checkpoint(StepDone("s", "{\"ok\":true}")).Operations);

        Assert.Equal(OperationStatus.Succeeded, step.Status);
        Assert.Equal(1, step.Attempt);
        Assert.Equal("{\"ok\":true}", step.Payload);
        Assert.Equal("charge", life.LastEvent.Name);
        Assert.Equal(1, life.LastEvent.Details.CurrentAttempt);
        Assert.Equal(Life.Noon, step.StartedAt);
        Assert.Equal(life.Now, step.EndedAt);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("\ud800 alone")]
    public void Step_AnyPayload_IsKeptAsItIs(string? payload)
    {
        var life = Life.Started();

        _ = life.Checkpoint(StepDone("s", payload));

        Assert.Equal(payload, life.Find("s").Payload);
        Assert.Equal(payload, life.LastEvent.Details.Payload);
    }

    [Fact]
    public void Step_ThatIsRetried_CountsEveryAttempt()
    {
        var life = Life.Started();
        for (var attempt = 1; attempt < 4; attempt++)
        {
            _ = life.Checkpoint(Step("s"));
            var step = Assert.Single(life.Checkpoint(StepRetry("s", 6)).Operations);
            Assert.Equal(OperationStatus.Pending, step.Status);
            Assert.Equal(attempt, step.Attempt);
            Assert.Equal(life.Now.AddSeconds(6), step.NextAttemptAt);
            Assert.Equal(Boom, step.Error);
            Assert.Equal(attempt, life.LastEvent.Details.CurrentAttempt);
            Assert.Equal(6, life.LastEvent.Details.NextAttemptDelaySeconds);
            _ = life.Suspend();
            _ = life.Pass(6);
        }

        _ = life.Checkpoint(Step("s"), StepFailed("s"));

        Assert.Equal(4, life.Find("s").Attempt);
        Assert.Equal(OperationStatus.Failed, life.Find("s").Status);
        Assert.Equal(4, life.LastEvent.Details.CurrentAttempt);
        Assert.Null(life.LastEvent.Details.NextAttemptDelaySeconds);
    }

    [Fact]
    public void Step_NeverStarted_HasBothEvents()
    {
        var life = Life.Started();

        _ = life.Checkpoint(StepDone("a"), StepFailed("b"), StepRetry("c"), ContextDone("d"), ContextFailed("e"));

        Assert.Equal(
            "StepStarted StepSucceeded StepStarted StepFailed StepStarted StepFailed ContextStarted ContextSucceeded "
            + "ContextStarted ContextFailed",
            life.History);
    }

    [Fact]
    public void Step_ReadyAndEndedWithoutAStart_HasBothEvents()
    {
        var life = Life.Started();
        _ = life.Checkpoint(StepRetry("s", 1));
        _ = life.Pass(1);

        _ = life.Checkpoint(StepDone("s"));

        Assert.Equal("StepStarted StepFailed StepStarted StepSucceeded", life.History);
        Assert.Equal(2, life.Find("s").Attempt);
    }

    [Theory]
    [InlineData("5")]
    [InlineData(null)]
    public void WaitForCondition_PollAgain_HasSucceededAndKeepsItsState(string? state)
    {
        var life = Life.Started();

        _ = life.Checkpoint(Poll("p", state, 2));

        Assert.Equal("StepStarted StepSucceeded", life.History);
        Assert.Equal(2, life.LastEvent.Details.NextAttemptDelaySeconds);
        Assert.Equal(1, life.LastEvent.Details.CurrentAttempt);
        Assert.Equal(state, life.LastEvent.Details.Payload);
        _ = life.Suspend();
        _ = life.Pass(2);
        Assert.Equal(state, life.Find("p").Payload); // The next poll goes on from it.
        Assert.Equal(OperationStatus.Ready, life.Find("p").Status);
    }

    [Fact]
    public void Wait_Due_HasSucceeded()
    {
        var life = Life.Started();
        var wait = Assert.Single(life.Checkpoint(Wait("w", 60)).Operations);
        Assert.Equal(Life.Noon.AddSeconds(60), wait.ScheduledEndAt);
        Assert.Equal(60, life.LastEvent.Details.Duration);
        Assert.Equal(Life.Noon.AddSeconds(60), life.LastEvent.Details.ScheduledEndAt);
        Assert.Equal(Life.Noon.AddSeconds(60), life.State.NextDueAt);

        Assert.Empty(life.Pass(59).Facts);
        _ = life.Pass(1);

        Assert.Equal(HistoryEventType.WaitSucceeded, life.LastEvent.Type);
        Assert.Equal(60, life.LastEvent.Details.Duration);
        Assert.Equal(life.Now, life.Find("w").EndedAt);
    }

    [Fact]
    public void Wait_Cancelled_NeverComesDue()
    {
        var life = Life.Started();
        _ = life.Checkpoint(Wait("w", 60));

        _ = life.Checkpoint(Cancel("w"));

        Assert.Equal(OperationStatus.Cancelled, life.Find("w").Status);
        Assert.Empty(life.Pass(60).Facts);
    }

    [Fact]
    public void Wait_CancelledWhenItIsOverUnseen_HasSucceeded()
    {
        var life = Life.Started();
        _ = life.Checkpoint(Wait("w", 60));
        life.Now = life.Now.AddSeconds(60);

        var wait = Assert.Single(life.Checkpoint(Cancel("w")).Operations);

        Assert.Equal(OperationStatus.Succeeded, wait.Status);
        Assert.Equal("WaitStarted WaitSucceeded", life.History);
    }

    [Fact]
    public void OperationsToReplay_OfCompletedContexts_LeaveOutWhatIsInThem()
    {
        var life = Life.Started();
        _ = life.Checkpoint(
            Context("a"), Context("b", "a"), StepDone("s1", parent: "b"), Wait("w", parent: "b"));
        _ = life.Checkpoint(Context("c"), StepDone("s2", parent: "c"), ContextDone("c", payload: null, replay: true));
        _ = life.Checkpoint(Context("d"), StepDone("s3", parent: "d"));
        Assert.Equal(life.State.Operations, life.State.OperationsToReplay());

        _ = life.Checkpoint(ContextDone("a"));

        Assert.Equal(["u-1", "a", "c", "s2", "d", "s3"], Shown(0));
        Assert.Equal(["s2", "d", "s3"], Shown(life.Find("s2").Sequence));
        Assert.Equal(9, life.State.Operations.Count());

        IEnumerable<string> Shown(int from) => life.State.OperationsToReplay(from).Select(operation => operation.Id);
    }

    [Fact]
    public void OperationsToReplay_OfAFailedContext_LeaveOutWhatIsInIt()
    {
        var life = Life.Started();

        _ = life.Checkpoint(Context("a"), StepFailed("s", parent: "a"), ContextFailed("a"));

        Assert.Equal(["u-1", "a"], life.State.OperationsToReplay().Select(operation => operation.Id));
    }
}

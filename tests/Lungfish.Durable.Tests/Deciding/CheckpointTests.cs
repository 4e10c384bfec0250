using Lungfish.Durable.Deciding;
using Lungfish.Durable.Journal;
using Lungfish.Durable.Tests.Testing;
using static Lungfish.Durable.Tests.Testing.Updates;

namespace Lungfish.Durable.Tests.Deciding;

/// <summary>Tokens, answers, and that a checkpoint is accepted as a whole or not at all.</summary>
public sealed class CheckpointTests
{
    [Fact]
    public void Checkpoints_EvenEmptyOnes_RotateTheToken()
    {
        var life = Life.Started();

        Assert.Equal(new CheckpointToken(1, 1), life.Checkpoint().Token);
        Assert.Equal(new CheckpointToken(1, 2), life.Checkpoint(StepDone("s")).Token);
        Assert.Equal(new CheckpointToken(1, 2), life.State.Token);
    }

    public static TheoryData<CheckpointToken, string> WrongTokens => new()
    {
        { new(1, 0), "it has been used already" },
        { new(1, 2), "it has never been given out" },
        { new(0, 0), "it belongs to invocation 0, and invocation 1 is running" },
        { new(2, 0), "it belongs to invocation 2" },
    };

    [Theory]
    [MemberData(nameof(WrongTokens))]
    public void Checkpoint_WithAnotherToken_IsRefused(CheckpointToken token, string reason)
    {
        var life = Life.Started();
        _ = life.Checkpoint();

        var decision = life.Tell(new CheckpointReceived(token, null, [StepDone("s")]));

        Assert.Empty(decision.Facts);
        Assert.Equal("InvalidParameterValueException", decision.Refusal?.Code);
        Assert.StartsWith("Invalid Checkpoint Token: " + reason, decision.Refusal?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Checkpoint_AfterThePause_IsRefused()
    {
        var life = Life.Started();
        var token = life.Checkpoint(Wait("w")).Token ?? default;
        _ = life.Suspend();

        var refusal = life.Tell(new CheckpointReceived(token, null, [])).Refusal;

        Assert.Equal("Invalid Checkpoint Token: no invocation of the execution is running.", refusal?.Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Checkpoint_AfterTheEnd_IsRefused(bool isStopped)
    {
        var life = Life.Started();
        var token = life.State.Token;
        _ = isStopped ? life.Tell(new Stop(null)) : life.Return(new ReturnedSuccess(null));

        var refusal = life.Tell(new CheckpointReceived(token, null, [])).Refusal;

        Assert.StartsWith(
            "Invalid Checkpoint Token: the execution has ended", refusal?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Checkpoint_WithOneBadUpdate_AppliesNone()
    {
        var life = Life.Started();
        _ = life.Checkpoint(Wait("w", 1));
        life.Now = life.Now.AddSeconds(5);

        _ = life.Refused(StepDone("s"), Wait("w"));

        Assert.Null(life.State.Find("s"));
        Assert.Equal(OperationStatus.Started, life.Find("w").Status); // What was due is not decided either.
        Assert.Equal(new CheckpointToken(1, 1), life.State.Token);
    }

    [Fact]
    public void Checkpoint_WhenTimersAreDue_ShowsThemAsDone()
    {
        var life = Life.Started();
        _ = life.Checkpoint(Wait("w", 1), StepRetry("s", 2), Callback("c", timeout: 3), Wait("later", 60));
        life.Now = life.Now.AddSeconds(3);

        var answer = life.Checkpoint(StepDone("new"));

        Assert.Equal(["w", "s", "c", "new"], answer.Operations.Select(operation => operation.Id));
        Assert.Equal(
            [OperationStatus.Succeeded, OperationStatus.Ready, OperationStatus.TimedOut, OperationStatus.Succeeded],
            answer.Operations.Select(operation => operation.Status));
        Assert.EndsWith(
            "WaitSucceeded CallbackTimedOut StepStarted StepSucceeded", life.History, StringComparison.Ordinal);
    }

    [Fact]
    public void Checkpoint_RepeatedWithItsClientToken_IsAnsweredAgain()
    {
        var life = Life.Started();
        var token = life.State.Token;
        var request = new CheckpointReceived(token, "try", [Callback("c"), StepDone("s")]);
        var first = life.Tell(request);
        life.Now = life.Now.AddMinutes(15);

        var second = life.Tell(request);

        Assert.Empty(second.Facts);
        Assert.Empty(second.Effects);
        Assert.Equal(first.Checkpoint?.Token, second.Checkpoint?.Token);
        Assert.Equal(first.Checkpoint?.Operations.AsEnumerable(), second.Checkpoint?.Operations);
    }

    [Theory]
    [InlineData("other", 0)]
    [InlineData(null, 0)]
    [InlineData("try", 901)]
    public void Checkpoint_RepeatedOtherwise_IsRefused(string? clientToken, int seconds)
    {
        var life = Life.Started();
        var token = life.State.Token;
        _ = life.Tell(new CheckpointReceived(token, "try", [StepDone("s")]));
        life.Now = life.Now.AddSeconds(seconds);

        var refusal = life.Tell(new CheckpointReceived(token, clientToken, [StepDone("s")])).Refusal;

        Assert.StartsWith("Invalid Checkpoint Token: it has been used", refusal?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Checkpoint_OfAnotherOperationUnderTheSameTokens_IsRefused()
    {
        var life = Life.Started();
        var token = life.State.Token;
        _ = life.Tell(new CheckpointReceived(token, "try", [StepDone("s")]));

        var refusal = life.Tell(new CheckpointReceived(token, "try", [StepDone("s"), StepDone("t")])).Refusal;

        Assert.StartsWith("Invalid Checkpoint Token: it has been used", refusal?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Checkpoint_RepeatedAfterAnother_IsRefused()
    {
        var life = Life.Started();
        var token = life.State.Token;
        _ = life.Tell(new CheckpointReceived(token, "try", []));
        _ = life.Checkpoint();

        Assert.NotNull(life.Tell(new CheckpointReceived(token, "try", [])).Refusal);
    }

    [Fact]
    public void Checkpoint_OfTheExecution_EndsItAfterItsInvocation()
    {
        var life = Life.Started();
        var request = new CheckpointReceived(life.State.Token, "try", [StepDone("s"), Succeed("\"large\"")]);

        var decision = life.Tell(request);

        Assert.Null(decision.Checkpoint?.Token);
        Assert.NotNull(decision.Checkpoint);
        Assert.Equal("StepStarted StepSucceeded InvocationCompleted ExecutionSucceeded", life.History);
        Assert.Equal("\"large\"", life.State.Result);
        Assert.Equal(OperationStatus.Succeeded, life.Find("u-1").Status);

        Assert.Empty(life.Tell(new InvocationEnded(1, new ReturnedSuccess(""))).Facts);
        Assert.Equal("\"large\"", life.State.Result);
        var repeated = life.Tell(request);
        Assert.Null(repeated.Refusal);
        Assert.Null(repeated.Checkpoint?.Token);
    }

    [Fact]
    public void Checkpoint_FailingTheExecution_KeepsTheError()
    {
        var life = Life.Started();

        _ = life.Checkpoint(Fail());

        Assert.Equal(DurableStatus.Failed, life.State.Status);
        Assert.Equal(Boom, life.State.Error);
    }

    [Fact]
    public void Checkpoint_WithTheExecutionTimeOutDue_IsStillAccepted()
    {
        var life = Life.Started();
        life.Now = life.Now.AddSeconds(100_000);

        _ = life.Checkpoint(StepDone("s"));

        _ = life.Tell(new TimersDue());
        Assert.Equal(DurableStatus.TimedOut, life.State.Status);
    }

    [Fact]
    public void Events_OfACheckpoint_ComeInTheOrderOfItsUpdates()
    {
        var life = Life.Started();

        _ = life.Checkpoint(Context("c"), Wait("w", parent: "c"), StepDone("s", parent: "c"), ContextDone("c"));

        Assert.Equal("ContextStarted WaitStarted StepStarted StepSucceeded ContextSucceeded", life.History);
        Assert.Equal(Enumerable.Range(1, 6).Select(id => (long)id), life.Events.Select(e => e.EventId));
        Assert.Equal("c", life.Events.ElementAt(2).ParentId);
        Assert.Equal(HistoryEventType.ContextSucceeded, life.LastEvent.Type);
        Assert.Equal("RunInChildContext", life.LastEvent.SubType); // As it was when it started.
    }
}

using Lungfish.Durable.Deciding;
using Lungfish.Durable.Journal;
using Lungfish.Durable.Tests.Testing;
using static Lungfish.Durable.Tests.Testing.Updates;

namespace Lungfish.Durable.Tests.Deciding;

public sealed class ChainedInvokeTests
{
    [Fact]
    public void Start_OfADurableFunction_ChoosesTheChildsArn()
    {
        var life = Life.Started();

        var decision = life.Send(Invoke("i", "durable", "{\"n\":1}") with { TenantId = "t" });

        Assert.Empty(decision.Effects);
        var target = Life.Required(life.Find("i").Target);
        Assert.Equal(target, life.LastEvent.Details.Target);
        Assert.Equal("durable", target.FunctionName);
        Assert.Equal("{\"n\":1}", target.Input);
        Assert.Equal("t", target.TenantId);
        Assert.Equal("1", target.ExecutedVersion);
        Assert.False(target.IsSent);
        Assert.Matches(
            "^arn:aws:lambda:us-east-1:123456789012:function:durable:1/durable-execution/[0-9a-f-]{36}/[0-9a-f-]{36}$",
            target.DurableExecutionArn);
    }

    [Fact]
    public void Start_OfAPlainFunction_HasNoExecution()
    {
        var life = Life.Started();

        _ = life.Checkpoint(Invoke("i", "plain"));

        Assert.Null(life.Find("i").Target?.DurableExecutionArn);
        Assert.Equal("$LATEST", life.Find("i").Target?.ExecutedVersion);
    }

    [Theory]
    [InlineData("nowhere", "ResourceNotFoundException")]
    [InlineData("refused", "InvalidParameterValueException")]
    public void Start_OfWhatCannotBeInvoked_FailsTheOperation(string function, string errorType)
    {
        var life = Life.Started();

        var shown = Assert.Single(life.Checkpoint(Invoke("i", function)).Operations);

        Assert.Equal(OperationStatus.Failed, shown.Status);
        Assert.Equal(errorType, shown.Error?.ErrorType);
        Assert.Equal("ChainedInvokeStarted ChainedInvokeFailed", life.History);
        Assert.Empty(life.Pass(1).Effects);
    }

    [Fact]
    public void Send_WhenTheCallerReturns_IsAtOnce()
    {
        var life = Life.Started();
        _ = life.Checkpoint(Invoke("a"), Invoke("b", "plain"));

        var decision = life.Suspend();

        Assert.Equal(["a", "b"], decision.Effects.OfType<SendInvoke>().Select(effect => effect.Operation.Id));
        Assert.Equal(["a", "b"], life.State.SentInvokes.Select(operation => operation.Id));
        Assert.Empty(life.Pass(1).Effects);
    }

    [Fact]
    public void Send_WhileTheCallerIsBusy_IsAfterHalfASecond()
    {
        var life = Life.Started();
        _ = life.Checkpoint(Invoke("i"));
        Assert.Equal(Life.Noon.AddSeconds(0.5), life.State.NextDueAt);
        Assert.Empty(life.Pass(0.4).Effects);

        _ = Assert.IsType<SendInvoke>(Assert.Single(life.Pass(0.1).Effects));

        Assert.Empty(life.Suspend().Effects);
    }

    [Theory]
    [InlineData(OperationStatus.Succeeded, "ChainedInvokeSucceeded")]
    [InlineData(OperationStatus.Failed, "ChainedInvokeFailed")]
    [InlineData(OperationStatus.TimedOut, "ChainedInvokeTimedOut")]
    [InlineData(OperationStatus.Stopped, "ChainedInvokeStopped")]
    public void End_OfTheTarget_IsThatOfTheOperation(OperationStatus status, string type)
    {
        var life = Life.Started();
        _ = life.Checkpoint(Invoke("i"));
        _ = life.Suspend();
        var ended = status == OperationStatus.Succeeded
            ? new ChainedInvokeEnded(1, status, "7", null)
            : new ChainedInvokeEnded(1, status, null, Boom);

        var decision = life.Tell(ended);

        Assert.Equal($"ChainedInvokeStarted InvocationCompleted {type}", life.History);
        Assert.Equal(["i"], Assert.Single(decision.Effects.OfType<InvokeFunction>()).Invocation.UpdatedOperationIds);
        var invoke = life.Find("i");
        Assert.Equal((status, ended.Payload, ended.Error), (invoke.Status, invoke.Payload, invoke.Error));
        Assert.Empty(life.Tell(ended).Facts); // Told again after a crash.
        Assert.Empty(life.State.SentInvokes);
    }

    [Fact]
    public void End_OfTheExecution_AbandonsWhatWasSent()
    {
        var life = Life.Started();
        _ = life.Checkpoint(Invoke("sent"), Wait("w", 1));
        _ = life.Suspend();
        _ = life.Pass(1);
        _ = life.Checkpoint(Callback("c"), Invoke("unsent"));

        var decision = life.Tell(new Stop(null));

        var abandoned = Assert.Single(decision.Effects.OfType<AbandonInvoke>());
        Assert.Equal("sent", abandoned.Operation.Id);
        Assert.Equal(3, Assert.Single(decision.Effects.OfType<WithdrawCallback>()).Sequence);
        Assert.Empty(life.Tell(new ChainedInvokeEnded(1, OperationStatus.Succeeded, "7", null)).Facts);
    }

    [Fact]
    public void End_OfACallerThatDoesNotWait_StillSendsItsInvokes()
    {
        var life = Life.Started();
        _ = life.Checkpoint(Invoke("i"));

        var decision = life.Return(new ReturnedSuccess(null));

        Assert.Equal("i", Assert.Single(decision.Effects.OfType<SendInvoke>()).Operation.Id);
        Assert.Equal("i", Assert.Single(decision.Effects.OfType<AbandonInvoke>()).Operation.Id);
        Assert.Equal(HistoryEventType.ExecutionSucceeded, life.LastEvent.Type);
    }
}

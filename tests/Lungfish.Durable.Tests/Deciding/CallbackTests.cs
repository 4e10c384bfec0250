using Lungfish.Durable.Deciding;
using Lungfish.Durable.Journal;
using Lungfish.Durable.Tests.Testing;
using static Lungfish.Durable.Tests.Testing.Updates;
using Failed = Lungfish.Durable.Deciding.CallbackFailed;
using Succeeded = Lungfish.Durable.Deciding.CallbackSucceeded;

namespace Lungfish.Durable.Tests.Deciding;

public sealed class CallbackTests
{
    [Fact]
    public void Callback_Started_HasAnIdAndIsOffered()
    {
        var life = Life.Started();

        var decision = life.Send(Callback("c", timeout: 5, heartbeat: 2));

        var callback = life.Find("c");
        Assert.Equal("u-1/1", callback.Callback?.CallbackId);
        Assert.Equal("u-1/1", life.LastEvent.Details.CallbackId);
        Assert.Equal(5, life.LastEvent.Details.Timeout);
        Assert.Equal(2, life.LastEvent.Details.HeartbeatTimeout);
        Assert.Equal(callback, Assert.IsType<OfferCallback>(Assert.Single(decision.Effects)).Operation);
        Assert.Equal([callback], life.State.OpenCallbacks);
    }

    [Fact]
    public void Callback_WithoutTimeouts_WaitsForEver()
    {
        var life = Life.Started();

        _ = life.Checkpoint(Callback("c", timeout: 0, heartbeat: 0));

        Assert.Null(life.LastEvent.Details.Timeout);
        Assert.Null(life.LastEvent.Details.HeartbeatTimeout);
        Assert.Equal(Life.Noon.AddSeconds(100_000), life.State.NextDueAt);
    }

    [Theory]
    [InlineData("{\"approved\":true}")]
    [InlineData("")]
    [InlineData(null)]
    public void Callback_Succeeded_WakesTheFunctionUp(string? payload)
    {
        var life = Life.Started();
        _ = life.Checkpoint(Callback("c", timeout: 5));
        _ = life.Suspend();

        var decision = life.Tell(new Succeeded(1, payload));

        Assert.Null(decision.Refusal);
        Assert.Contains(new WithdrawCallback(1), decision.Effects);
        Assert.Equal(["c"], Assert.Single(decision.Effects.OfType<InvokeFunction>()).Invocation.UpdatedOperationIds);
        Assert.Equal(payload, life.Find("c").Payload);
        Assert.Equal(OperationStatus.Succeeded, life.Find("c").Status);
        Assert.Equal("CallbackStarted InvocationCompleted CallbackSucceeded", life.History);
        Assert.Empty(life.State.OpenCallbacks);
        Assert.Empty(life.Pass(5).Facts);
    }

    [Fact]
    public void Callback_Failed_KeepsTheError()
    {
        var life = Life.Started();
        _ = life.Checkpoint(Callback("c"), Callback("d"));

        _ = life.Tell(new Failed(1, Boom));
        _ = life.Tell(new Failed(2, ErrorObject.Empty));

        Assert.Equal(OperationStatus.Failed, life.Find("c").Status);
        Assert.Equal(Boom, life.Find("c").Error);
        Assert.Equal(ErrorObject.Empty, life.Find("d").Error);
    }

    [Fact]
    public void Callback_InReverseOrder_IsAnInvocationEach()
    {
        var life = Life.Started();
        _ = life.Checkpoint(Callback("a"), Callback("b"));
        _ = life.Suspend();

        Assert.Single(life.Tell(new Succeeded(2, "2")).Effects.OfType<InvokeFunction>());
        Assert.Empty(life.Suspend().Effects);
        Assert.Single(life.Tell(new Succeeded(1, "1")).Effects.OfType<InvokeFunction>());
    }

    [Theory]
    [InlineData(5, null, 5, "Callback.Timeout")]
    [InlineData(null, 3, 3, "Callback.Heartbeat")]
    [InlineData(5, 3, 3, "Callback.Heartbeat")]
    [InlineData(3, 5, 3, "Callback.Timeout")]
    public void Callback_WithoutAnAnswer_TimesOut(int? timeout, int? heartbeat, int seconds, string errorType)
    {
        var life = Life.Started();
        _ = life.Checkpoint(Callback("c", timeout, heartbeat));
        _ = life.Suspend();
        Assert.Empty(life.Pass(seconds - 1).Facts);

        var decision = life.Pass(1);

        Assert.Equal(OperationStatus.TimedOut, life.Find("c").Status);
        Assert.Equal(errorType, life.Find("c").Error?.ErrorType);
        Assert.Equal("CallbackStarted InvocationCompleted CallbackTimedOut", life.History);
        Assert.Contains(new WithdrawCallback(1), decision.Effects);
        Assert.Empty(life.Pass(10).Facts);
    }

    [Fact]
    public void Heartbeat_InTime_RestartsItsOwnTimerAlone()
    {
        var life = Life.Started();
        _ = life.Checkpoint(Callback("c", timeout: 5, heartbeat: 3));
        _ = life.Suspend();
        var history = life.History;
        life.Now = life.Now.AddSeconds(2);

        var decision = life.Tell(new CallbackHeartbeat(1));

        Assert.Null(decision.Refusal);
        Assert.Equal(history, life.History);
        Assert.Empty(decision.Effects);
        Assert.Equal(Life.Noon.AddSeconds(5), life.State.NextDueAt);
        Assert.Empty(life.Pass(2.5).Facts);
        _ = life.Pass(0.5);
        Assert.Equal("Callback.Timeout", life.Find("c").Error?.ErrorType);
    }

    [Fact]
    public void Heartbeat_OfACallbackWithoutOne_IsAccepted()
    {
        var life = Life.Started();
        _ = life.Checkpoint(Callback("c"));

        var decision = life.Tell(new CallbackHeartbeat(1));

        Assert.Null(decision.Refusal);
        Assert.Empty(decision.Facts);
    }

    [Theory]
    [InlineData("succeeded")]
    [InlineData("timed out")]
    [InlineData("about to time out")]
    [InlineData("execution ended")]
    public void Callback_AlreadyClosed_RefusesEveryAnswer(string how)
    {
        var life = Life.Started();
        _ = life.Checkpoint(Callback("c", timeout: 5));
        _ = how switch
        {
            "succeeded" => life.Tell(new Succeeded(1, null)),
            "timed out" => life.Pass(5),
            "execution ended" => life.Tell(new Stop(null)),
            _ => null,
        };
        life.Now = Life.Noon.AddSeconds(5); // Its time is up, though nobody may have said so.

        foreach (var message in new Message[] { new Succeeded(1, "1"), new Failed(1, Boom), new CallbackHeartbeat(1) })
        {
            var decision = life.Tell(message);
            Assert.Equal("CallbackTimeoutException", decision.Refusal?.Code);
            Assert.Empty(decision.Facts);
        }
    }

    [Fact]
    public void Callback_Unknown_IsRefusedAsSuch()
    {
        var life = Life.Started();
        _ = life.Checkpoint(Step("s"));

        Assert.Equal("InvalidParameterValueException", life.Tell(new Succeeded(1, "1")).Refusal?.Code);
        Assert.Equal("InvalidParameterValueException", life.Tell(new CallbackHeartbeat(2)).Refusal?.Code);
    }

    [Fact]
    public void Callback_TooLargeAnAnswer_IsRefused()
    {
        var life = Life.Started();
        _ = life.Checkpoint(Callback("c"));

        Assert.Equal(
            "InvalidParameterValueException",
            life.Tell(new Succeeded(1, new string('x', (256 * 1024) + 1))).Refusal?.Code);
        Assert.Null(life.Tell(new Succeeded(1, new string('x', 256 * 1024))).Refusal);
    }

    [Fact]
    public void Events_OfACallback_AreOfItsOperation()
    {
        var life = Life.Started();
        _ = life.Checkpoint(Context("w"), Callback("c", parent: "w"));

        _ = life.Tell(new Succeeded(2, "1"));

        var e = life.LastEvent;
        Assert.Equal(HistoryEventType.CallbackSucceeded, e.Type);
        Assert.Equal("c", e.OperationId);
        Assert.Equal("w", e.ParentId);
        Assert.Equal("Callback", e.SubType);
    }
}

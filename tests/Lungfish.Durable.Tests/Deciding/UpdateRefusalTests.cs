using System.Collections.Immutable;
using Lungfish.Durable.Deciding;
using Lungfish.Durable.Tests.Testing;
using static Lungfish.Durable.Tests.Testing.Updates;

namespace Lungfish.Durable.Tests.Deciding;

/// <summary>Updates that are refused, and what the refusal says.</summary>
public sealed class UpdateRefusalTests
{
    private static readonly ErrorObject s_longError = new() { ErrorMessage = new string('x', 32 * 1024 + 1) };

    /// <summary>Updates that make a checkpoint wrong whatever the execution is like.</summary>
    public static TheoryData<OperationUpdate, string> Misshapen => new()
    {
        { StepDone(""), "the Id must be 1 to 64" },
        { StepDone(new string('x', 65)), "the Id must be 1 to 64" },
        { StepDone("a b"), "the Id must be 1 to 64" },
        { Step("s", parent: "\u00e4"), "the ParentId must be 1 to 64" },
        { Step("s", name: ""), "the Name must be 1 to 256" },
        { Step("s", name: new string('x', 257)), "the Name must be 1 to 256" },
        { Step("s", name: "caf\u00e9"), "the Name must be 1 to 256" },
        { New("s", OperationType.Step, OperationAction.Start, new string('x', 33)), "the SubType must be 1 to 32" },
        {
            New("x", OperationType.Execution, OperationAction.Start, null),
            "the actions of EXECUTION are SUCCEED and FAIL"
        },
        {
            New("x", OperationType.Context, OperationAction.Retry, null),
            "the actions of CONTEXT are START, SUCCEED and FAIL"
        },
        { New("x", OperationType.Wait, OperationAction.Succeed, null), "the actions of WAIT are START and CANCEL" },
        {
            New("x", OperationType.Step, OperationAction.Cancel, null),
            "the actions of STEP are START, SUCCEED, FAIL"
        },
        { New("x", OperationType.Callback, OperationAction.Succeed, null), "the actions of CALLBACK are START" },
        {
            New("x", OperationType.ChainedInvoke, OperationAction.Fail, null),
            "the actions of CHAINED_INVOKE are START"
        },
        { StepFailed("s") with { Payload = "1" }, "FAIL takes an Error and no Payload" },
        { StepDone("s") with { Error = Boom }, "SUCCEED takes a Payload and no Error" },
        { StepRetry("s") with { Payload = "1" }, "RETRY takes a Payload or an Error, not both" },
        { StepRetry("s") with { NextAttemptDelaySeconds = null }, "StepOptions.NextAttemptDelaySeconds is missing" },
        { StepRetry("s", 0), "StepOptions.NextAttemptDelaySeconds must be 1 to 31622400; it is 0" },
        { Wait("w") with { WaitSeconds = null }, "WaitOptions.WaitSeconds is missing" },
        { Wait("w", 0), "WaitOptions.WaitSeconds must be 1 to 31622400; it is 0" },
        { Wait("w", 31_622_401), "WaitOptions.WaitSeconds must be 1 to 31622400; it is 31622401" },
        { Callback("c", timeout: -1), "CallbackOptions.TimeoutSeconds must not be negative; it is -1" },
        { Callback("c", heartbeat: -9), "CallbackOptions.HeartbeatTimeoutSeconds must not be negative; it is -9" },
        { Invoke("i", ""), "ChainedInvokeOptions.FunctionName is missing" },
        { StepFailed("s", s_longError), "the Error is longer than 32768 bytes" },
        { Invoke("i", payload: new string('x', 6_291_457)), "the Payload is longer than 6291456 characters" },
        { StepDone("s", new string('x', (256 * 1024) + 1)), "the Payload is longer than 262144 bytes" },
        { StepDone("s", new string('\u20ac', 100_000)), "the Payload is longer than 262144 bytes" },
    };

    [Theory]
    [MemberData(nameof(Misshapen))]
    public void Checkpoint_WithAMisshapenUpdate_IsRefused(OperationUpdate update, string reason) =>
        Assert.Contains(reason, Life.Started().Refused(update), StringComparison.Ordinal);

    /// <summary>What an execution has, and the updates that do not fit to it.</summary>
    public static TheoryData<ImmutableArray<OperationUpdate>, ImmutableArray<OperationUpdate>, string> OutOfOrder =>
        new()
    {
        { [Step("s")], [Step("s")], "STEP START of operation s: the operation must be new or READY; it is STARTED." },
        { [StepRetry("s", 9)], [Step("s")], "must be new or READY; it is PENDING" },
        { [StepDone("s")], [Step("s")], "must be new or READY; it is SUCCEEDED" },
        { [StepDone("s")], [StepDone("s")], "must be STARTED or READY; it is SUCCEEDED" },
        { [StepFailed("s")], [StepRetry("s")], "must be STARTED or READY; it is FAILED" },
        { [StepRetry("s", 9)], [StepDone("s")], "must be STARTED or READY; it is PENDING" },
        { [Context("c")], [Context("c")], "must be new; it is STARTED" },
        { [Wait("w")], [Wait("w")], "must be new; it is STARTED" },
        { [Callback("c")], [Callback("c")], "must be new; it is STARTED" },
        { [Invoke("i")], [Invoke("i")], "must be new; it is STARTED" },
        { [Context("c"), ContextDone("c")], [ContextFailed("c")], "must be STARTED; it is SUCCEEDED" },
        { [], [Cancel("w")], "there is no such operation" },
        { [], [Step("s", parent: "c")], "its ParentId c names no CONTEXT that has been started" },
        { [], [Step("s", parent: "c"), Context("c")], "its ParentId c names no CONTEXT that has been started" },
        { [Step("s")], [Step("t", parent: "s")], "its ParentId s names no CONTEXT" },
        { [], [Step("s"), Step("s")], "the checkpoint updates this operation already, with START" },
        { [], [Wait("w"), Cancel("w")], "the checkpoint updates this operation already" },
        { [], [Step("s"), StepDone("s"), StepDone("s")], "updates this operation already, with SUCCEED" },
        { [Step("s")], [StepDone("s"), Step("s")], "the checkpoint updates this operation already" },
        { [], [Succeed(), StepDone("s")], "must be the last one" },
        { [], [Succeed(), Succeed()], "must be the last one" },
    };

    [Theory]
    [MemberData(nameof(OutOfOrder))]
    public void Checkpoint_ThatDoesNotFit_IsRefused(
        ImmutableArray<OperationUpdate> before, ImmutableArray<OperationUpdate> updates, string reason)
    {
        var life = Life.Started();
        _ = life.Checkpoint(before);

        Assert.Contains(reason, life.Refused(updates), StringComparison.Ordinal);
    }

    [Fact]
    public void Wait_CancelledAfterItsEndWasShown_IsRefused()
    {
        var life = Life.Started();
        _ = life.Checkpoint(Wait("w", 1));
        _ = life.Pass(1);
        _ = life.Checkpoint();

        Assert.Contains("must be STARTED; it is SUCCEEDED", life.Refused(Cancel("w")), StringComparison.Ordinal);
    }

    public static TheoryData<OperationUpdate, string> Contradictions => new()
    {
        { Wait("s"), "[WAIT, Name (none), SubType 'Wait', ParentId (none)]" },
        { StepDone("s") with { Name = "refund" }, "[STEP, Name 'refund', SubType 'Step', ParentId (none)]" },
        { StepDone("s") with { SubType = "WaitForCondition" }, "SubType 'WaitForCondition'" },
        { StepDone("s", parent: "d"), "ParentId 'd'" },
        { Step("s", parent: "c"), "[STEP, Name (none), SubType 'Step', ParentId 'c']" },
    };

    [Theory]
    [MemberData(nameof(Contradictions))]
    public void Checkpoint_OfAnotherOperationThanBefore_ShowsBothSideBySide(OperationUpdate update, string now)
    {
        var life = Life.Started();
        _ = life.Checkpoint(Context("c"), Context("d"), Step("s", parent: "c", name: "charge"));

        var message = life.Refused(update);

        Assert.Contains("[STEP, Name 'charge', SubType 'Step', ParentId 'c']", message, StringComparison.Ordinal);
        Assert.Contains(now, message, StringComparison.Ordinal);
        Assert.Contains("not deterministic", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Update_ThatLeavesOutWhatIsKnown_ContradictsNothing()
    {
        var life = Life.Started();
        _ = life.Checkpoint(Context("c"), Step("s", parent: "c", name: "charge"));

        _ = life.Checkpoint(New("s", OperationType.Step, OperationAction.Succeed, null));

        Assert.Equal(OperationStatus.Succeeded, life.Find("s").Status);
    }

    [Fact]
    public void Checkpoint_OfOneOperationTooMany_IsRefused()
    {
        var life = Life.Started(new Surroundings { Limits = new DurableLimits { OperationsMax = 2 } });
        _ = life.Checkpoint(StepDone("a"), StepDone("b"));

        Assert.Contains("has 2 operations already", life.Refused(Step("c")), StringComparison.Ordinal);
    }

    [Fact]
    public void Checkpoint_OfMoreThanMayBeWritten_IsRefused()
    {
        var life = Life.Started(new Surroundings { Limits = new DurableLimits { WrittenCharactersMax = 12 } });
        _ = life.Checkpoint(StepDone("a", "1234567890")); // With the input of two.

        Assert.Contains("would have written 13 characters; 12 are allowed", life.Refused(StepDone("b", "1")),
            StringComparison.Ordinal);
        _ = life.Checkpoint(Step("b"));
    }

    [Fact]
    public void Checkpoint_OfAStateThatReplacesOthers_CountsAllThatWereWritten()
    {
        var life = Life.Started(new Surroundings { Limits = new DurableLimits { WrittenCharactersMax = 12 } });
        for (var polls = 0; polls < 2; polls++)
        {
            _ = life.Checkpoint(Poll("c", "12345", seconds: 1)); // With the input of two, 12 after the second.
            _ = life.Suspend();
            _ = life.Pass(1);
        }

        Assert.Contains("would have written 13 characters", life.Refused(Poll("c", "1")), StringComparison.Ordinal);
    }

    [Fact]
    public void Payloads_AtTheirLimits_AreAccepted() => _ = Life.Started().Checkpoint(
        StepDone("s", new string('x', 256 * 1024)),
        StepFailed("f", new ErrorObject { ErrorMessage = new string('x', 32 * 1024) }),
        Invoke("i", payload: new string('x', 6_291_456)),
        Wait("w", 31_622_400));
}

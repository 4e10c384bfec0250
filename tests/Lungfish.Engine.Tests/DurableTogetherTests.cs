using Lungfish.Durable.Deciding;
using Lungfish.Engine.Api;
using Lungfish.Engine.Tests.Support;

namespace Lungfish.Engine.Tests;

/// <summary>Checkpoints of several executions that come at once.</summary>
public sealed class DurableTogetherTests
{
    [Fact]
    public async Task CheckpointTogether_OneIsRefused_TheOthersAreTaken()
    {
        await using var world = await DurableWorld.StartAsync();
        world.Functions.Does = (_, cancelled) => world.Functions.ForeverAsync<InvocationOutcome>(cancelled);
        foreach (var name in (string[])["a", "b", "c"])
        {
            _ = await world.StartAsync(name);
        }

        await World.UntilAsync(() => world.Functions.Invoked.Count == 3, "all are invoked");
        var calls = world.Functions.Invoked.Select(invocation => new CheckpointCall(
            invocation.Execution.Arn, invocation.CheckpointToken ?? "", null, [Updates.StepStart("s")])).ToList();
        calls[1] = calls[1] with { Token = calls[0].Token };

        var answers = world.Executions.CheckpointTogether(calls, DurableWorld.Cancelled);

        Assert.Equal("s", Assert.Single((await answers[0]).Operations).Id);
        var refusal = await Assert.ThrowsAsync<ApiException>(() => answers[1]);
        Assert.Equal("InvalidParameterValueException", refusal.Code);
        Assert.Equal("s", Assert.Single((await answers[2]).Operations).Id);
    }

    [Fact]
    public async Task CheckpointTogether_CommitUnderWay_AnswersNone()
    {
        await using var world = await DurableWorld.StartAsync();
        world.Functions.Does = (_, cancelled) => world.Functions.ForeverAsync<InvocationOutcome>(cancelled);
        _ = await world.StartAsync("a");
        _ = await world.StartAsync("b");
        await World.UntilAsync(() => world.Functions.Invoked.Count == 2, "both are invoked");
        var arrived = world.Store.HoldCommits();

        var answers = world.Executions.CheckpointTogether(
            [.. world.Functions.Invoked.Select(invocation => new CheckpointCall(
                invocation.Execution.Arn, invocation.CheckpointToken ?? "", null, [Updates.StepStart("s")]))],
            DurableWorld.Cancelled);
        _ = await arrived;

        Assert.All(answers, answer => Assert.False(answer.IsCompleted));
        world.Store.ReleaseCommits();
        foreach (var answer in answers)
        {
            Assert.Single((await answer).Operations);
        }
    }
}

using Lungfish.Durable.Deciding;
using Lungfish.Engine.Durable;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Tests.Support;

namespace Lungfish.Engine.Tests;

/// <summary>Checkpoint tokens form one chain; they and callback ids cannot be made by others.</summary>
public sealed class DurableTokenTests
{
    private static readonly DurableTokens Tokens = new(new byte[32]);

    private static readonly DurableArn Execution = DurableArn.Of(
        new ExecutionKey(DurableWorld.ArnOf("f"), "e"), Guid.Parse("0c6b3a50-6d21-4b1e-9ad4-0d6d9f6f6f01"));

    [Fact]
    public void OpenCheckpointToken_AsItWasMade_SaysWhatItStandsFor()
    {
        var token = Tokens.MakeCheckpointToken(Execution.Id, new CheckpointToken(3, 1_000_000));

        Assert.Matches("^[A-Za-z0-9+/]+=*$", token);
        Assert.Equal(
            (Execution.Id, new CheckpointToken(3, 1_000_000)), Tokens.OpenCheckpointToken(token, Execution));
    }

    [Fact]
    public void OpenCheckpointToken_AnyCharacterChanged_IsRefused()
    {
        var token = Tokens.MakeCheckpointToken(Execution.Id, new CheckpointToken(1, 1));
        for (var i = 0; i < token.Length; i++)
        {
            var changed = token[..i] + (token[i] == 'A' ? 'B' : 'A') + token[(i + 1)..];
            AssertInvalidToken(Assert.Throws<ApiException>(() => Tokens.OpenCheckpointToken(changed, Execution)));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("not base64 at all!")]
    public void OpenCheckpointToken_Garbage_IsRefused(string token) =>
        AssertInvalidToken(Assert.Throws<ApiException>(() => Tokens.OpenCheckpointToken(token, Execution)));

    [Fact]
    public void OpenCheckpointToken_OfAnotherExecution_IsRefused()
    {
        var other = DurableArn.Of(Execution.Key, Guid.Parse("0c6b3a50-6d21-4b1e-9ad4-0d6d9f6f6f02"));
        var token = Tokens.MakeCheckpointToken(other.Id, new CheckpointToken(1, 1));

        AssertInvalidToken(Assert.Throws<ApiException>(() => Tokens.OpenCheckpointToken(token, Execution)));
    }

    [Fact]
    public void Open_TokenOfAnotherPurpose_IsRefused()
    {
        var callback = Tokens.MakeCallbackId(Execution.Id, 1);

        Assert.Equal((Execution.Id, 1), Tokens.OpenCallbackId(callback));
        AssertInvalidToken(Assert.Throws<ApiException>(() => Tokens.OpenCheckpointToken(callback, Execution)));
        var task = new TaskTokens(new byte[32]).Make(new TaskAddress(Execution.Id, 1));
        Assert.Equal(
            "InvalidParameterValueException", Assert.Throws<ApiException>(() => Tokens.OpenCallbackId(task)).Code);
    }

    [Fact]
    public void Open_UnderAnotherKey_IsRefused()
    {
        var other = new DurableTokens(Enumerable.Repeat((byte)1, 32).ToArray());
        var token = other.MakeCheckpointToken(Execution.Id, new CheckpointToken(1, 1));

        AssertInvalidToken(Assert.Throws<ApiException>(() => Tokens.OpenCheckpointToken(token, Execution)));
        Assert.Throws<ApiException>(() => Tokens.OpenCallbackId(other.MakeCallbackId(Execution.Id, 1)));
    }

    [Fact]
    public async Task Callback_ForgedId_ReadsNothing()
    {
        await using var world = await DurableWorld.StartAsync();
        var forged = new DurableTokens(Enumerable.Repeat((byte)1, 32).ToArray()).MakeCallbackId(Execution.Id, 1);
        var reads = world.Store.FindExecutionCount;

        foreach (var id in new[] { forged, "garbage", "" })
        {
            var refusal = await Assert.ThrowsAsync<ApiException>(
                () => world.Executions.SucceedCallbackAsync(id, "1", DurableWorld.Cancelled));
            Assert.Equal(("InvalidParameterValueException", 400), (refusal.Code, refusal.HttpStatus));
        }

        Assert.Equal(reads, world.Store.FindExecutionCount);
    }

    [Fact]
    public async Task Checkpoint_TokensFormOneChain_EachWorksOnce()
    {
        await using var world = await DurableWorld.StartAsync();
        world.Functions.Does = (_, cancelled) => world.Functions.ForeverAsync<InvocationOutcome>(cancelled);
        var started = await world.StartAsync("e");
        await World.UntilAsync(() => world.Functions.Invoked.Count == 1, "it is invoked");
        var tokens = new List<string> { world.Functions.Invoked.Single().CheckpointToken };

        for (var i = 0; i < 3; i++)
        {
            var answer = await world.CheckpointAsync(started.ExecutionArn, tokens[^1], Updates.StepStart($"s{i}"));
            foreach (var used in tokens)
            {
                AssertInvalidToken(await Assert.ThrowsAsync<ApiException>(
                    () => world.CheckpointAsync(started.ExecutionArn, used, Updates.StepStart("x"))));
            }

            tokens.Add(answer.CheckpointToken ?? "");
        }

        var operations = await world.Executions.ReadOperationsAsync(started.ExecutionArn, DurableWorld.Cancelled);
        Assert.Equal(4, operations.Count);
    }

    [Theory]
    [InlineData("arn:aws:states:us-east-1:000000000000:execution:m:e")]
    [InlineData("nonsense")]
    [InlineData("arn:aws:lambda:us-east-1:000000000000:function:f:$LATEST/durable-execution/e")]
    [InlineData("arn:aws:lambda:us-east-1:000000000000:function:f:$LATEST/durable-execution/e/12 34")]
    public async Task Operations_ArnThatIsNone_AreRefused(string arn)
    {
        await using var world = await DurableWorld.StartAsync();

        foreach (var call in new Func<Task>[]
        {
            () => world.CheckpointAsync(arn, "x"),
            () => world.Executions.ReadStateAsync(arn, "x", null, 1, DurableWorld.Cancelled),
            () => world.Executions.DescribeAsync(arn, DurableWorld.Cancelled),
            () => world.Executions.StopAsync(arn, null, DurableWorld.Cancelled),
            () => world.HistoryAsync(arn),
        })
        {
            var refusal = await Assert.ThrowsAsync<ApiException>(call);
            Assert.Equal(("InvalidParameterValueException", 400), (refusal.Code, refusal.HttpStatus));
        }
    }

    [Fact]
    public async Task Operations_UnknownArn_AreNotFoundButForTheInvocationsOwn()
    {
        await using var world = await DurableWorld.StartAsync();
        _ = await world.WaitAsync(await world.StartAsync("e")); // The same name, another id.

        foreach (var call in new Func<Task>[]
        {
            () => world.Executions.DescribeAsync(Execution.Text, DurableWorld.Cancelled),
            () => world.Executions.StopAsync(Execution.Text, null, DurableWorld.Cancelled),
            () => world.Executions.RedriveAsync(Execution.Text, DurableWorld.Cancelled),
            () => world.Executions.ReadOperationsAsync(Execution.Text, DurableWorld.Cancelled),
            () => world.WaitAsync(Execution.Text),
            () => world.HistoryAsync(Execution.Text),
        })
        {
            var refusal = await Assert.ThrowsAsync<ApiException>(call);
            Assert.Equal(("ResourceNotFoundException", 404), (refusal.Code, refusal.HttpStatus));
        }

        var token = Tokens.MakeCheckpointToken(Execution.Id, new CheckpointToken(1, 0));
        AssertInvalidToken(await Assert.ThrowsAsync<ApiException>(() => world.CheckpointAsync(Execution.Text, token)));
    }

    /// <summary>The model's pattern takes any id, and an id that cannot be ours is one that is not there.</summary>
    [Theory]
    [InlineData("1234")]
    [InlineData("01A1FD43-EBFE-7BE1-9048-CCE9C8EAD291")]
    public async Task Operations_IdThatIsNeverGivenOut_AreNotFoundButForTheInvocationsOwn(string id)
    {
        await using var world = await DurableWorld.StartAsync();
        var arn = $"arn:aws:lambda:us-east-1:000000000000:function:f:$LATEST/durable-execution/e/{id}";

        var unknown = await Assert.ThrowsAsync<ApiException>(
            () => world.Executions.DescribeAsync(arn, DurableWorld.Cancelled));
        var own = await Assert.ThrowsAsync<ApiException>(() => world.CheckpointAsync(arn, "x"));

        Assert.Equal(("ResourceNotFoundException", 404), (unknown.Code, unknown.HttpStatus));
        Assert.Equal(("InvalidParameterValueException", 400), (own.Code, own.HttpStatus));
    }

    private static void AssertInvalidToken(ApiException refusal)
    {
        Assert.Equal(("InvalidParameterValueException", 400), (refusal.Code, refusal.HttpStatus));
        Assert.StartsWith("Invalid Checkpoint Token", refusal.Message, StringComparison.Ordinal);
    }
}

using Lungfish.Durable;
using Lungfish.Durable.Deciding;
using Lungfish.Engine.Api;
using Lungfish.Engine.Tests.Support;

namespace Lungfish.Engine.Tests;

public sealed class DurableStartTests
{
    [Theory]
    [InlineData("""{"a":[1,2]}""")]
    [InlineData("""{ "a": [1,  2] }""")]
    public async Task Start_SameNameAndInput_FindsTheRunningExecution(string again)
    {
        await using var world = await DurableWorld.StartAsync();
        world.Functions.Does = (_, cancelled) => world.Functions.ForeverAsync<InvocationOutcome>(cancelled);

        var first = await world.StartAsync("e", """{"a":[1,2]}""");
        var second = await world.StartAsync("e", again);

        Assert.True(first.IsNew);
        Assert.Equal(first with { IsNew = false }, second);
        Assert.Single(world.Functions.Invoked);
    }

    [Theory]
    [InlineData("""{"a":[1,2]}""", null)]
    [InlineData("""{ "a": [1,  2] }""", null)]
    [InlineData("""{"a":[2,1]}""", "DurableExecutionAlreadyStartedException")]
    [InlineData("no JSON", "DurableExecutionAlreadyStartedException")]
    [InlineData(null, "DurableExecutionAlreadyStartedException")]
    public async Task Start_SameNameAsOneThatHasEnded_FindsItOrIsRefused(string? again, string? code)
    {
        await using var world = await DurableWorld.StartAsync();
        var first = await world.StartAsync("e", """{"a":[1,2]}""");
        _ = await world.WaitAsync(first);

        if (code is null)
        {
            Assert.Equal(first with { IsNew = false }, await world.StartAsync("e", again));
        }
        else
        {
            var refusal = await Assert.ThrowsAsync<ApiException>(() => world.StartAsync("e", again));
            Assert.Equal((code, 409), (refusal.Code, refusal.HttpStatus));
        }

        Assert.Single(world.Functions.Invoked);
    }

    [Fact]
    public async Task Start_SameNameOfAnotherVersion_IsAnotherExecution()
    {
        await using var world = await DurableWorld.StartAsync();

        var first = await world.StartAsync("e", "1", version: "1");
        var second = await world.StartAsync("e", "2", version: "2");

        Assert.True(second.IsNew);
        Assert.NotEqual(first.ExecutionArn, second.ExecutionArn);
    }

    [Fact]
    public async Task Start_ThousandsAtOnceOfOneName_StartsOneExecution()
    {
        await using var world = await DurableWorld.StartAsync();
        world.Store.LookupGate = new TaskCompletionSource();

        var starts = Enumerable.Range(0, 2_000).Select(_ => Task.Run(() => world.StartAsync("e"))).ToList();
        world.Store.LookupGate.SetResult();
        var started = await Task.WhenAll(starts);

        Assert.Single(started, start => start.IsNew);
        Assert.Single(started.Select(start => start.ExecutionArn).Distinct());
        Assert.Equal(1, world.Store.ExecutionCount);
    }

    [Fact]
    public async Task Start_WithAnId_HasItInItsArn()
    {
        await using var world = await DurableWorld.StartAsync();
        var id = Guid.Parse("0c6b3a50-6d21-4b1e-9ad4-0d6d9f6f6f01");

        var started = await world.Executions.StartAsync(
            new NewDurableExecution
            {
                FunctionArn = DurableWorld.ArnOf("f", "3"),
                Version = "3",
                Name = "e",
                Id = id,
                Input = null,
                ExecutionTimeoutSeconds = 60,
                RetentionDays = 1,
                ParentArn = "parent",
            },
            DurableWorld.Cancelled);
        var ended = await world.WaitAsync(started);

        Assert.Equal($"{DurableWorld.ArnOf("f", "3")}/durable-execution/e/{id}", started.ExecutionArn);
        Assert.Equal((null, "parent", "3"), (ended.Input, ended.ParentArn, ended.Version));
        Assert.Equal($"{id}", Assert.Single(world.Functions.Invoked).Operations[0].Id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("é")]
    [InlineData("01234567890123456789012345678901234567890123456789012345678901234")]
    public async Task Start_NameThatIsNone_IsRefused(string name)
    {
        await using var world = await DurableWorld.StartAsync();

        var refusal = await Assert.ThrowsAsync<ApiException>(() => world.StartAsync(name));

        Assert.Equal(("InvalidParameterValueException", 400), (refusal.Code, refusal.HttpStatus));
    }

    [Fact]
    public async Task Start_MoreThanMayWait_IsThrottled()
    {
        await using var world = await DurableWorld.StartAsync(new EngineOptions
        {
            TokenKey = new byte[32],
            RunningInvocationsMax = 1,
            WaitingInvocationsMax = 2,
        });
        var gate = new TaskCompletionSource();
        world.Functions.Does = async (_, cancelled) =>
        {
            await gate.Task.WaitAsync(cancelled);
            return new ReturnedSuccess("1");
        };
        var started = new List<StartedDurableExecution>
        {
            await world.StartAsync("a"), await world.StartAsync("b"), await world.StartAsync("c"),
        };
        var refusal = await Assert.ThrowsAsync<ApiException>(() => UntilRefusedAsync(world, started));

        Assert.Equal(("TooManyRequestsException", 429), (refusal.Code, refusal.HttpStatus));
        Assert.Single(world.Functions.Invoked);
        gate.SetResult();
        foreach (var execution in started)
        {
            Assert.Equal(DurableStatus.Succeeded, (await world.WaitAsync(execution)).Summary.Status);
        }
    }

    [Fact]
    public async Task Start_InboxHalfFull_IsThrottledInTheWordsOfLambda()
    {
        await using var world = await DurableWorld.StartAsync(
            new EngineOptions { TokenKey = new byte[32], InboxItemsMax = 4, PartitionCount = 1 });
        world.Store.LookupGate = new TaskCompletionSource();

        var starts = Enumerable.Range(0, 10).Select(i => world.StartAsync($"e{i}")).ToList();
        world.Store.LookupGate.SetResult();

        var refusals = 0;
        foreach (var start in starts)
        {
            try
            {
                _ = await start;
            }
            catch (ApiException e)
            {
                Assert.Equal(("TooManyRequestsException", 429), (e.Code, e.HttpStatus));
                refusals++;
            }
        }

        Assert.Equal(8, refusals);
    }

    /// <summary>That an invocation waits is known a moment after its start was answered.</summary>
    private static async Task UntilRefusedAsync(DurableWorld world, List<StartedDurableExecution> started)
    {
        for (var i = 0; i < 1_000; i++)
        {
            started.Add(await world.StartAsync($"more{i}"));
        }
    }
}

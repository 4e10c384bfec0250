using Lungfish.Engine.Tests.Support;
using Lungfish.Json;

namespace Lungfish.Engine.Tests;

public sealed class StartTests
{
    [Fact]
    public async Task Start_SameNameAndInputWhileRunning_AnswersTheFirstStart()
    {
        await using var world = await World.StartAsync();
        var machine = await world.CreateAsync("m", Definitions.Wait(60));
        var first = await world.StartAsync(machine, "e", """{"a":1}""");
        world.Time.Advance(TimeSpan.FromSeconds(5));

        var again = await world.StartAsync(machine, "e", """{"a":1}""");

        Assert.Equal(first, again);
    }

    [Fact]
    public async Task Start_SameNameAndInputAfterARestart_AnswersTheFirstStart()
    {
        await using var world = await World.StartAsync();
        var machine = await world.CreateAsync("m", Definitions.Wait(60));
        var first = await world.StartAsync(machine, "e", """{"a":1}""");
        await world.RestartAsync();

        Assert.Equal(first, await world.StartAsync(machine, "e", """{"a":1}"""));
        await IsRefusedAsync("ExecutionAlreadyExists", () => world.StartAsync(machine, "e", "{}"));
    }

    [Fact]
    public async Task Start_SameNameOtherInput_IsRefused()
    {
        await using var world = await World.StartAsync();
        var machine = await world.CreateAsync("m", Definitions.Wait(60));
        var first = await world.StartAsync(machine, "e", """{"a":1}""");

        var refusal = await IsRefusedAsync(
            "ExecutionAlreadyExists", () => world.StartAsync(machine, "e", """{"a":2}"""));

        Assert.Equal($"Execution Already Exists: '{first.ExecutionArn}'", refusal.Message);
    }

    [Fact]
    public async Task Start_NameOfAClosedExecution_IsRefused()
    {
        await using var world = await World.StartAsync();
        var machine = await world.CreateAsync("m", Definitions.Pass);
        _ = await world.WaitAsync(await world.StartAsync(machine, "e"));

        _ = await IsRefusedAsync("ExecutionAlreadyExists", () => world.StartAsync(machine, "e"));
    }

    [Fact]
    public async Task Start_TenThousandAtOnceOfOneName_StartsOneExecution()
    {
        await using var world = await World.StartAsync();
        var machine = await world.CreateAsync("m", Definitions.Wait(60));

        var starts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(
            () => Task.WhenAll(Enumerable.Range(0, 2_500).Select(_ => world.StartAsync(machine, "e"))))));

        _ = Assert.Single(starts.SelectMany(answers => answers).Distinct());
        Assert.Equal(1, world.Store.ExecutionCount);
    }

    [Fact]
    public async Task Start_NamesAtOnceWithDifferentInputs_OneWins()
    {
        await using var world = await World.StartAsync();
        var machine = await world.CreateAsync("m", Definitions.Wait(60));

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(async () =>
        {
            try
            {
                _ = await world.StartAsync(machine, "e", $"{i}");
                return true;
            }
            catch (ApiException e) when (e.Code == "ExecutionAlreadyExists")
            {
                return false;
            }
        })));

        Assert.Equal(1, outcomes.Count(won => won));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("a:b")]
    [InlineData("a\u0001")]
    [InlineData("a\u0085")]
    [InlineData("123456789012345678901234567890123456789012345678901234567890123456789012345678901")]
    public async Task Start_NameThatAwsForbids_IsRefused(string name)
    {
        await using var world = await World.StartAsync();
        var machine = await world.CreateAsync("m", Definitions.Pass);

        var refusal = await IsRefusedAsync("InvalidName", () => world.StartAsync(machine, name));

        Assert.Equal($"Invalid Name: '{name}'", refusal.Message);
    }

    [Fact]
    public async Task Start_MachineUnknownAndNameBad_TellsOfTheMachineFirst()
    {
        await using var world = await World.StartAsync();
        const string Arn = "arn:aws:states:us-east-1:000000000000:stateMachine:none";

        var refusal = await IsRefusedAsync("StateMachineDoesNotExist", () => world.StartAsync(Arn, "a b"));

        Assert.Equal($"State Machine Does Not Exist: '{Arn}'", refusal.Message);
    }

    [Fact]
    public async Task Start_NotAnArn_IsRefused()
    {
        await using var world = await World.StartAsync();

        var refusal = await IsRefusedAsync("InvalidArn", () => world.StartAsync("nonsense", "e"));

        Assert.Equal("Invalid Arn: 'Invalid ARN prefix: nonsense'", refusal.Message);
    }

    [Fact]
    public async Task Start_InboxHalfFull_IsThrottledWhileAnswersStillPass()
    {
        await using var world = await World.StartAsync(
            new EngineOptions { TokenKey = new byte[32], PartitionCount = 1, InboxItemsMax = 10 });
        var machine = await world.CreateAsync("m", Definitions.Callback);
        var running = await world.StartAsync(machine, "e");
        await world.RestsAsync("e");
        var token = Assert.Single(world.Handler.Given).Token ?? "";
        var gate = world.Store.LookupGate = new TaskCompletionSource();
        var waiting = Enumerable.Range(0, 5).Select(i => world.StartAsync(machine, $"w{i}")).ToList();

        var refusal = await IsRefusedAsync("ThrottlingException", () => world.StartAsync(machine, "more"));
        await world.Executions.SucceedTaskAsync(token, JsonValue.True, World.Cancelled);
        gate.SetResult();

        Assert.Equal(400, refusal.HttpStatus);
        Assert.Equal("true", (await world.WaitAsync(running)).Output);
        _ = await Task.WhenAll(waiting);
        _ = await world.StartAsync(machine, "more");
    }

    [Fact]
    public async Task Start_InboxFullOfBytes_IsThrottled()
    {
        await using var world = await World.StartAsync(
            new EngineOptions { TokenKey = new byte[32], PartitionCount = 1, InboxBytesMax = 1_000_000 });
        var machine = await world.CreateAsync("m", Definitions.Pass);
        var gate = world.Store.LookupGate = new TaskCompletionSource();
        var large = $"\"{new string('x', 100_000)}\"";
        var waiting = Enumerable.Range(0, 2).Select(i => world.StartAsync(machine, $"w{i}", large)).ToList();

        _ = await IsRefusedAsync("ThrottlingException", () => world.StartAsync(machine, "more", large));
        gate.SetResult();

        _ = await Task.WhenAll(waiting);
    }

    [Theory]
    [InlineData("arn:aws:states:us-east-1:000000000000:stateMachine:m", "e")]
    [InlineData("ä", "\u4e16\u754c")]
    [InlineData("", "")]
    public void SlotOf_AnyKey_IsThatOfTheBytesWithAZeroBetween(string machine, string name)
    {
        // The slot is part of every stored key: it must be the same for ever.
        var hash = 14695981039346656037UL;
        foreach (var b in System.Text.Encoding.UTF8.GetBytes(machine + "\0" + name))
        {
            hash = unchecked((hash ^ b) * 1099511628211UL);
        }

        hash ^= hash >> 33;
        hash = unchecked(hash * 0xff51afd7ed558ccdUL);
        hash ^= hash >> 33;
        Assert.Equal((short)(hash % 16_384), Identifiers.Slot.Of(machine, name).Number);
    }

    private static async Task<ApiException> IsRefusedAsync(string code, Func<Task> call)
    {
        var refusal = await Assert.ThrowsAsync<ApiException>(call);
        Assert.Equal(code, refusal.Code);
        return refusal;
    }
}

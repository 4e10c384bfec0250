using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Tests.Support;
using Lungfish.Json;

namespace Lungfish.Engine.Tests;

public sealed class TaskTokenTests
{
    private static readonly TaskAddress Task1 = new(new ExecutionId(new Slot(16_383), Guid.Parse(
        "0198c1f2-0000-7000-8000-0123456789ab")), 4);

    [Fact]
    public void Open_OwnToken_TellsItsTask()
    {
        var tokens = new TaskTokens(new byte[32]);

        Assert.Equal(Task1, tokens.Open(tokens.Make(Task1)));
        Assert.Same(tokens.Make(Task1), tokens.Make(Task1));
        Assert.Equal(Task1 with { TaskId = 5 }, tokens.Open(tokens.Make(Task1 with { TaskId = 5 })));
    }

    [Fact]
    public void Make_OnSeveralThreadsAtOnce_IsAsAlone()
    {
        const int Count = 2_000;
        var tokens = new TaskTokens(new byte[32]);
        var made = new string[Count];

        Parallel.For(0, Count, i => made[i] = tokens.Make(Task1 with { TaskId = i % 7 }));

        Assert.Equal(
            Enumerable.Range(0, Count).Select(i => new TaskTokens(new byte[32]).Make(Task1 with { TaskId = i % 7 })),
            made);
    }

    [Fact]
    public void Make_AnyTask_NeedsNoQuotesInAShell()
    {
        var token = new TaskTokens(new byte[32]).Make(Task1);

        Assert.Matches("^[A-Za-z][A-Za-z0-9_-]*$", token);
    }

    [Fact]
    public void Open_AnyCharacterChanged_IsRefused()
    {
        var tokens = new TaskTokens(new byte[32]);
        var token = tokens.Make(Task1);

        for (var i = 0; i < token.Length; i++)
        {
            foreach (var other in "AB_-z9=+")
            {
                if (token[i] != other)
                {
                    var forged = token[..i] + other + token[(i + 1)..];
                    var refusal = Assert.Throws<ApiException>(() => tokens.Open(forged));
                    Assert.Equal("InvalidToken", refusal.Code);
                    Assert.Equal("Invalid Token: 'Invalid token'", refusal.Message);
                }
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("AAAA")]
    [InlineData("äöü")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Open_Garbage_IsRefused(string garbage) =>
        Assert.Equal("InvalidToken", Assert.Throws<ApiException>(() =>
            new TaskTokens(new byte[32]).Open(garbage)).Code);

    [Fact]
    public void Open_TokenLongerOrShorter_IsRefused()
    {
        var tokens = new TaskTokens(new byte[32]);
        var token = tokens.Make(Task1);

        _ = Assert.Throws<ApiException>(() => tokens.Open(token + "A"));
        _ = Assert.Throws<ApiException>(() => tokens.Open(token[..^1]));
        _ = Assert.Throws<ApiException>(() => tokens.Open(token + "="));
    }

    [Fact]
    public void Open_TokenOfAnotherKey_IsRefused()
    {
        var otherKey = new byte[32];
        otherKey[31] = 1;

        var token = new TaskTokens(otherKey).Make(Task1);

        _ = Assert.Throws<ApiException>(() => new TaskTokens(new byte[32]).Open(token));
    }

    [Fact]
    public async Task SucceedTask_ForgedToken_ReadsNothing()
    {
        await using var world = await World.StartAsync();
        world.Store.ReadsFail = true;

        var refusal = await Assert.ThrowsAsync<ApiException>(
            () => world.Executions.SucceedTaskAsync("forged", JsonValue.True, World.Cancelled));

        Assert.Equal("InvalidToken", refusal.Code);
    }

    [Fact]
    public async Task AnswerTask_AfterTheFirstAnswer_IsRefusedAsTimedOut()
    {
        await using var world = await World.StartAsync();
        var machine = await world.CreateAsync("m", Definitions.Callback);
        var started = await world.StartAsync(machine, "e");
        await world.RestsAsync("e");
        var token = Assert.Single(world.Handler.Given).Token ?? "";

        await world.Executions.FailTaskAsync(token, "E", "because", World.Cancelled);
        var ended = await world.WaitAsync(started);

        Assert.Equal(("E", "because"), (ended.Error, ended.Cause));
        foreach (var late in new[]
        {
            world.Executions.SucceedTaskAsync(token, JsonValue.True, World.Cancelled),
            world.Executions.FailTaskAsync(token, null, null, World.Cancelled),
            world.Executions.HeartbeatTaskAsync(token, World.Cancelled),
        })
        {
            var refusal = await Assert.ThrowsAsync<ApiException>(() => late);
            Assert.Equal("TaskTimedOut", refusal.Code);
            Assert.Equal("Task Timed Out: 'Provided task does not exist anymore'", refusal.Message);
        }
    }

    [Fact]
    public async Task SucceedTask_ManyAtOnce_ExactlyOneIsAccepted()
    {
        await using var world = await World.StartAsync();
        var machine = await world.CreateAsync("m", Definitions.Callback);
        var started = await world.StartAsync(machine, "e");
        await world.RestsAsync("e");
        var token = Assert.Single(world.Handler.Given).Token ?? "";

        var answers = Enumerable.Range(0, 50).Select(i => Task.Run(async () =>
        {
            try
            {
                await world.Executions.SucceedTaskAsync(token, i, World.Cancelled);
                return i;
            }
            catch (ApiException e) when (e.Code == "TaskTimedOut")
            {
                return -1;
            }
        })).ToList();
        var accepted = (await Task.WhenAll(answers)).Where(i => i >= 0).ToList();

        var winner = Assert.Single(accepted);
        Assert.Equal($"{winner}", (await world.WaitAsync(started)).Output);
    }

    [Fact]
    public async Task SucceedTask_ExecutionNotInMemory_LoadsIt()
    {
        await using var world = await World.StartAsync();
        var machine = await world.CreateAsync("m", Definitions.Callback);
        var started = await world.StartAsync(machine, "e");
        await world.RestsAsync("e");
        var token = Assert.Single(world.Handler.Given).Token ?? "";
        await world.RestartAsync();

        await world.Executions.SucceedTaskAsync(token, JsonValue.True, World.Cancelled);

        Assert.Equal("true", (await world.WaitAsync(started)).Output);
        _ = Assert.Single(world.Handler.Given); // It was handed over; the restart does not hand it over again.
    }

    [Fact]
    public async Task ListCallbacks_WaitingTask_TellsItsTokenUntilItIsAnswered()
    {
        await using var world = await World.StartAsync();
        var machine = await world.CreateAsync("m", Definitions.CallbackWithTimeout);
        _ = await world.StartAsync(machine, "e");
        await world.RestsAsync("e");

        var callback = Assert.Single(await world.Executions.ListCallbacksAsync(null, null, 10, World.Cancelled));
        Assert.Equal(Assert.Single(world.Handler.Given).Token, callback.TaskToken);
        Assert.Equal("task-token", callback.Kind);
        Assert.Equal("T", callback.StateName);
        Assert.Equal(FakeTime.Noon.AddHours(1), callback.Deadline);
        await world.Executions.SucceedTaskAsync(callback.TaskToken, JsonValue.True, World.Cancelled);

        Assert.Empty(await world.Executions.ListCallbacksAsync(machine, "e", 10, World.Cancelled));
    }
}

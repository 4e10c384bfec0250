using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Storage;
using Lungfish.Engine.Tasks;
using Lungfish.Engine.Tests.Support;
using Lungfish.Json;
using Lungfish.States.Deciding;

namespace Lungfish.Engine.Tests;

/// <summary>Stops, starts, and executions that cannot be gone on with.</summary>
public sealed class RecoveryTests
{
    [Fact]
    public async Task Dispose_TaskRuns_CancelsItAndTheNextStartHandsItOutAgain()
    {
        await using var world = await World.StartAsync();
        world.Handler.Does = _ => null;
        var started = await world.StartAsync(await world.CreateAsync("m", Definitions.Task), "e");
        await World.UntilAsync(() => world.Handler.Given.Count == 1, "the task is handed out");

        await world.Engine.DisposeAsync();
        Assert.True(world.Handler.Tokens.Single().IsCancellationRequested);
        world.Handler.Does = _ => new TaskCompleted(JsonValue.True);
        await world.StartEngineAsync();

        Assert.Equal("true", (await world.WaitAsync(started)).Output);
        Assert.Equal(world.Handler.Given.First().IdempotencyKey, world.Handler.Given.Last().IdempotencyKey);
        Assert.Equal(2, world.Handler.Given.Count);
    }

    [Fact]
    public async Task Dispose_CommitUnderWay_LetsItBecomeDurableAndAnswers()
    {
        await using var world = await World.StartAsync();
        var machine = await world.CreateAsync("m", Definitions.Wait(60));
        var arrived = world.Store.HoldCommits();
        var start = world.StartAsync(machine, "e");
        _ = await arrived;

        var stop = world.Engine.DisposeAsync().AsTask();
        Assert.False(stop.IsCompleted);
        world.Store.ReleaseCommits();
        await stop;

        Assert.EndsWith(":e", (await start).ExecutionArn, StringComparison.Ordinal);
        _ = Assert.IsType<Parked>(world.Store.RestOf("e"));
    }

    [Fact]
    public async Task Dispose_CallsAfterwards_AreRefusedAsRetryable()
    {
        await using var world = await World.StartAsync();
        var machine = await world.CreateAsync("m", Definitions.Pass);
        await world.Engine.DisposeAsync();

        var refusal = await Assert.ThrowsAsync<ApiException>(() => world.StartAsync(machine, "e"));

        Assert.Equal(503, refusal.HttpStatus);
    }

    [Fact]
    public async Task Dispose_SomebodyWaits_TellsThemToTryAgain()
    {
        await using var world = await World.StartAsync();
        var started = await world.StartAsync(await world.CreateAsync("m", Definitions.Wait(60)), "e");
        var wait = world.WaitAsync(started);

        await world.Engine.DisposeAsync();

        Assert.Equal(503, (await Assert.ThrowsAsync<ApiException>(() => wait)).HttpStatus);
    }

    [Fact]
    public async Task Start_OtherPartitionCount_FindsEverythingAgain()
    {
        await using var world = await World.StartAsync();
        var machine = await world.CreateAsync("m", Definitions.Wait(60));
        var started = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => world.StartAsync(machine, $"e{i}")));
        await world.Engine.DisposeAsync();

        await using var other = await LungfishEngine.StartAsync(
            world.Store, [world.Handler], world.Options with { PartitionCount = 3 }, world.Time,
            Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance, World.Cancelled);
        world.Time.Advance(TimeSpan.FromMinutes(1));

        foreach (var execution in started)
        {
            var ended = await other.Executions.WaitAsync(
                execution.ExecutionArn, Timeout.InfiniteTimeSpan, World.Cancelled);
            Assert.Equal(ExecutionStatus.Succeeded, ended.Summary.Status);
        }
    }

    [Fact]
    public async Task Handler_Throws_FailsTheTask()
    {
        await using var world = await World.StartAsync();
        world.Handler.Does = _ => throw new InvalidOperationException("a bug");

        var ended = await world.WaitAsync(await world.StartAsync(await world.CreateAsync("m", Definitions.Task), "e"));

        Assert.Equal(("States.TaskFailed", "a bug"), (ended.Error, ended.Cause));
    }

    [Fact]
    public async Task Handler_OutcomeThatMakesNoSense_SetsTheExecutionAsideAndTheRestGoesOn()
    {
        await using var world = await World.StartAsync(
            new EngineOptions { TokenKey = new byte[32], PartitionCount = 1 });
        world.Handler.Does = assignment => assignment.Execution.ExecutionName == "poison"
            ? new TaskHandedOver(JsonValue.Null)
            : new TaskCompleted(JsonValue.True);
        var machine = await world.CreateAsync("m", Definitions.Task);

        var poison = await world.StartAsync(machine, "poison");
        var fine = await world.WaitAsync(await world.StartAsync(machine, "fine"));
        var refusal = await Assert.ThrowsAsync<ApiException>(
            () => world.Executions.StopAsync(poison.ExecutionArn, null, null, World.Cancelled));
        var given = world.Handler.Given.First(task => task.Execution.ExecutionArn == poison.ExecutionArn);
        var answer = new TaskTokens(new byte[32]).Make(new TaskAddress(given.ExecutionId, given.Task.Id));
        var refusedAnswer = await Assert.ThrowsAsync<ApiException>(
            () => world.Executions.SucceedTaskAsync(answer, JsonValue.Null, World.Cancelled));
        var described = await world.Executions.DescribeAsync(poison.ExecutionArn, World.Cancelled);

        Assert.Equal(ExecutionStatus.Succeeded, fine.Summary.Status);
        foreach (var refused in new[] { refusal, refusedAnswer })
        {
            Assert.Equal(("InternalFailure", 500), (refused.Code, refused.HttpStatus));
            Assert.Contains($"'{poison.ExecutionArn}' was set aside", refused.Message, StringComparison.Ordinal);
        }

        Assert.Equal(ExecutionStatus.Running, described.Summary.Status);
    }

    [Fact]
    public async Task Load_JournalDamaged_SetsTheExecutionAsideAndTheRestGoesOn()
    {
        await using var world = await World.StartAsync(
            new EngineOptions { TokenKey = new byte[32], PartitionCount = 1 });
        var machine = await world.CreateAsync("m", Definitions.Wait(60));
        var damaged = await world.StartAsync(machine, "damaged");
        var fine = await world.StartAsync(machine, "fine");
        await world.Engine.DisposeAsync();
        world.Store.Damage("damaged");
        await world.StartEngineAsync();

        world.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(ExecutionStatus.Succeeded, (await world.WaitAsync(fine)).Summary.Status);
        var refusal = await Assert.ThrowsAsync<ApiException>(
            () => world.Executions.StopAsync(damaged.ExecutionArn, null, null, World.Cancelled));
        Assert.Equal("InternalFailure", refusal.Code);
    }

    [Fact]
    public async Task Read_JournalOfAClosedExecutionDamaged_IsRefusedByItsNameAndListsGoOn()
    {
        await using var world = await World.StartAsync();
        var machine = await world.CreateAsync("m", Definitions.Pass);
        var arn = (await world.StartAsync(machine, "damaged")).ExecutionArn;
        _ = await world.Executions.WaitAsync(arn, Timeout.InfiniteTimeSpan, World.Cancelled);
        await world.Engine.DisposeAsync();
        world.Store.Damage("damaged");
        await world.StartEngineAsync();

        await IsRefusedAsync(() => world.Executions.DescribeAsync(arn, World.Cancelled));
        await IsRefusedAsync(() => world.Executions.WaitAsync(arn, TimeSpan.Zero, World.Cancelled));
        await IsRefusedAsync(() => world.Executions.ReadHistoryAsync(arn, 100, false, null, World.Cancelled));
        await IsRefusedAsync(() => world.Executions.ReadHistoryAsync(arn, 100, true, null, World.Cancelled));
        await IsRefusedAsync(async () =>
        {
            await foreach (var _ in world.Executions.FollowHistoryAsync(arn, 0, World.Cancelled))
            {
                Assert.Fail("An event of a journal that is damaged.");
            }
        });
        var list = await world.Executions.ListAsync(machine, null, 10, null, World.Cancelled);
        Assert.Equal(arn, Assert.Single(list.Items).ExecutionArn);

        async Task IsRefusedAsync(Func<Task> read)
        {
            var refusal = await Assert.ThrowsAsync<ApiException>(read);
            Assert.Equal(("InternalFailure", 500), (refusal.Code, refusal.HttpStatus));
            Assert.Contains($"'{arn}' was set aside", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Dispatch_MoreTasksThanMayRun_LetsTheOthersWait()
    {
        await using var world = await World.StartAsync(
            new EngineOptions { TokenKey = new byte[32], RunningTasksMax = 3 });
        world.Handler.Does = _ => null;
        var machine = await world.CreateAsync("m", Definitions.Task);
        var started = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => world.StartAsync(machine, null)));
        await World.UntilAsync(() => world.Handler.Given.Count == 3, "three tasks run");
        world.Handler.Does = _ => new TaskCompleted(JsonValue.True);

        // One of those that run is stopped: its place goes to the others, one after the other.
        var running = world.Handler.Given.First().Execution.ExecutionArn;
        _ = await world.Executions.StopAsync(running, null, null, World.Cancelled);
        await World.UntilAsync(() => world.Handler.Given.Count == 10, "the others had their turn");

        foreach (var execution in started.Where(e => world.Handler.Given.Take(3)
            .All(given => given.Execution.ExecutionArn != e.ExecutionArn)))
        {
            Assert.Equal(ExecutionStatus.Succeeded, (await world.WaitAsync(execution)).Summary.Status);
        }
    }

    [Fact]
    public async Task Cache_MoreExecutionsThanItHolds_AllStillEnd()
    {
        await using var world = await World.StartAsync(
            new EngineOptions { TokenKey = new byte[32], RestingExecutionsMax = 8, PartitionCount = 2 });
        var machine = await world.CreateAsync("m", Definitions.Callback);
        var started = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => world.StartAsync(machine, null, $"{i}")));
        await World.UntilAsync(
            () =>
            {
                world.Time.Advance(TimeSpan.FromMilliseconds(10));
                return world.Store.CountParked() == 100;
            },
            "all are handed over");

        foreach (var assignment in world.Handler.Given)
        {
            await world.Executions.SucceedTaskAsync(assignment.Token ?? "", JsonValue.True, World.Cancelled);
        }

        foreach (var execution in started)
        {
            Assert.Equal("true", (await world.WaitAsync(execution)).Output);
        }

        Assert.True(world.Store.FindExecutionCount > 0, "Some had to be loaded again.");
    }

    [Fact]
    public async Task LongChain_MoreStatesThanOneTurn_Ends()
    {
        await using var world = await World.StartAsync();
        var states = Enumerable.Range(1, 1_200).Select(i => i == 1_200
            ? $"\"P{i}\":{{\"Type\":\"Pass\",\"End\":true}}"
            : $"\"P{i}\":{{\"Type\":\"Pass\",\"Next\":\"P{i + 1}\"}}");
        var machine = await world.CreateAsync(
            "m", $"{{\"StartAt\":\"P1\",\"States\":{{{string.Join(',', states)}}}}}");

        var ended = await world.WaitAsync(await world.StartAsync(machine, "e"));

        Assert.Equal(ExecutionStatus.Succeeded, ended.Summary.Status);
        Assert.Equal(2_402, world.Store.EventsOf("e").Count);
    }
}

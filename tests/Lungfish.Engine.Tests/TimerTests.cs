using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Storage;
using Lungfish.Engine.Tests.Support;
using Lungfish.Engine.Timing;
using Lungfish.Json;
using Lungfish.States.Deciding;

namespace Lungfish.Engine.Tests;

public sealed class TimerTests
{
    [Fact]
    public async Task Wait_OneMillisecondBeforeItIsDue_StillWaits()
    {
        await using var world = await World.StartAsync();
        var started = await StartWaitAsync(world, seconds: 10);

        world.Time.Advance(TimeSpan.FromMilliseconds(9_999));
        await PassAsync(world);
        Assert.Equal(ExecutionStatus.Running, await StatusAsync(world, started));
        world.Time.Advance(TimeSpan.FromMilliseconds(1));

        var ended = await world.WaitAsync(started);
        Assert.Equal(FakeTime.Noon.AddSeconds(10), ended.Summary.StopDate);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(600)]
    [InlineData(40_000_000)]
    public async Task Wait_AcrossARestart_EndsWhenItIsDue(long seconds)
    {
        await using var world = await World.StartAsync();
        var started = await StartWaitAsync(world, seconds);
        await world.RestartAsync();

        world.Time.Advance(TimeSpan.FromSeconds(seconds - 1));
        await PassAsync(world);
        Assert.Equal(ExecutionStatus.Running, await StatusAsync(world, started));
        world.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(ExecutionStatus.Succeeded, (await world.WaitAsync(started)).Summary.Status);
    }

    [Fact]
    public async Task Wait_DueWhileTheServerWasDown_EndsAfterTheStart()
    {
        await using var world = await World.StartAsync();
        var started = await StartWaitAsync(world, seconds: 10);
        await world.Engine.DisposeAsync();
        world.Time.Advance(TimeSpan.FromHours(1));

        await world.StartEngineAsync();

        Assert.Equal(ExecutionStatus.Succeeded, (await world.WaitAsync(started)).Summary.Status);
    }

    [Fact]
    public async Task Wait_BeyondTheHorizon_IsWokenFromTheStore()
    {
        await using var world = await World.StartAsync();
        var started = await StartWaitAsync(world, seconds: 600);
        await World.UntilAsync(() => world.Store.RestOf("e") is Parked, "the execution rests");

        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(ExecutionStatus.Running, await StatusAsync(world, started));
            world.Time.Advance(TimeSpan.FromMinutes(1));
            await PassAsync(world);
        }

        Assert.Equal(ExecutionStatus.Succeeded, (await world.WaitAsync(started)).Summary.Status);
    }

    [Fact]
    public async Task Wait_ClockSetBack_IsNotDelayed()
    {
        await using var world = await World.StartAsync();
        var started = await StartWaitAsync(world, seconds: 10);
        world.Time.SetWallClock(TimeSpan.FromHours(-1));

        world.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(ExecutionStatus.Succeeded, (await world.WaitAsync(started)).Summary.Status);
    }

    /// <summary>The second is more than one read of the store brings.</summary>
    [Theory]
    [InlineData(3_000, 8)]
    [InlineData(20_100, 1)]
    public async Task Wait_ManyDueAtOnce_AllEnd(int count, int partitionCount)
    {
        await using var world = await World.StartAsync(
            new EngineOptions { TokenKey = new byte[32], PartitionCount = partitionCount, InboxItemsMax = 2 * count });
        var machine = await world.CreateAsync("m", Definitions.Wait(30));
        var started = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => world.StartAsync(machine, null)));
        await world.RestartAsync(); // So that all of them have to be read from the store.

        world.Time.Advance(TimeSpan.FromSeconds(30));
        await World.UntilAsync(
            () =>
            {
                world.Time.Advance(TimeSpan.FromMilliseconds(1)); // Wake-ups are dispatched in bounded numbers.
                return world.Store.CountRunning() == 0;
            },
            "all of them have ended");

        var ended = await world.Executions.DescribeAsync(started[0].ExecutionArn, World.Cancelled);
        Assert.Equal(ExecutionStatus.Succeeded, ended.Summary.Status);
    }

    [Fact]
    public async Task TaskTimeout_HandlerStillRuns_FailsTheTaskAndCancelsTheHandler()
    {
        await using var world = await World.StartAsync();
        world.Handler.Does = _ => null;
        var machine = await world.CreateAsync("m", """
            {"StartAt":"T","States":{"T":{"Type":"Task","End":true,"TimeoutSeconds":5,
            "Resource":"arn:aws:lambda:us-east-1:000000000000:function:f"}}}
            """);
        var started = await world.StartAsync(machine, "e");
        await World.UntilAsync(() => world.Handler.Given.Count == 1, "the task is handed out");

        world.Time.Advance(TimeSpan.FromSeconds(5));
        var ended = await world.WaitAsync(started);

        Assert.Equal("States.Timeout", ended.Error);
        await World.UntilAsync(
            () => world.Handler.Tokens.Single().IsCancellationRequested, "the handler is told to give up");
    }

    [Fact]
    public async Task Heartbeat_SentInTime_KeepsTheTaskAlive()
    {
        await using var world = await World.StartAsync();
        var machine = await world.CreateAsync("m", """
            {"StartAt":"T","States":{"T":{"Type":"Task","End":true,"HeartbeatSeconds":10,
            "Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken",
            "Parameters":{"FunctionName":"f","Payload":{"token.$":"$$.Task.Token"}}}}}
            """);
        var started = await world.StartAsync(machine, "e");
        await World.UntilAsync(() => world.Store.RestOf("e") is Parked, "the execution rests");
        var token = Assert.Single(world.Handler.Given).Token ?? "";

        world.Time.Advance(TimeSpan.FromSeconds(9));
        await world.Executions.HeartbeatTaskAsync(token, World.Cancelled);
        world.Time.Advance(TimeSpan.FromSeconds(9));
        await PassAsync(world);
        Assert.Equal(ExecutionStatus.Running, await StatusAsync(world, started));
        world.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(ExecutionStatus.Failed, (await world.WaitAsync(started)).Summary.Status);
        await Assert.ThrowsAsync<ApiException>(
            () => world.Executions.SucceedTaskAsync(token, JsonValue.True, World.Cancelled));
    }

    [Fact]
    public void EngineClock_ClockSetBackAndForth_NeverRunsBackwards()
    {
        var time = new FakeTime();
        var clock = new EngineClock(time);
        var seen = clock.Now;
        foreach (var jump in new[] { 5, -100, 3, 200, -150, 0 })
        {
            time.SetWallClock(TimeSpan.FromSeconds(jump));
            time.Advance(TimeSpan.FromSeconds(1));
            var now = clock.Now;
            Assert.True(now >= seen, $"{now:O} after {seen:O}");
            seen = now;
        }
    }

    [Fact]
    public void EngineClock_ClockSetAheadAndRightAgain_GoesOn()
    {
        var time = new FakeTime();
        var clock = new EngineClock(time);
        time.SetWallClock(TimeSpan.FromHours(1));
        var ahead = clock.Now;
        time.SetWallClock(TimeSpan.FromHours(-1));
        time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(FakeTime.Noon + TimeSpan.FromHours(1), ahead);
        Assert.Equal(ahead + TimeSpan.FromSeconds(2), clock.Now);
    }

    [Fact]
    public async Task Wait_MoreDueAtOneMomentThanAreReadAtOnce_AreNotReadBeforeOthersAreTakenAndAllEnd()
    {
        await using var world = await World.StartAsync(
            new EngineOptions { TokenKey = new byte[32], PartitionCount = 1 });
        var machine = await world.CreateAsync("m", Definitions.Wait(60));
        var started = await Task.WhenAll(Enumerable.Range(0, 5_500).Select(_ => world.StartAsync(machine, null)));
        await world.RestartAsync();

        await PassAsync(world).WaitAsync(TimeSpan.FromSeconds(60), World.Cancelled);
        Assert.Equal(2, world.Store.WakeupsReadCount); // One by each of the two engines.

        world.Time.Advance(TimeSpan.FromSeconds(60));
        foreach (var execution in started)
        {
            Assert.Equal(ExecutionStatus.Succeeded, (await world.WaitAsync(execution)).Summary.Status);
        }
    }

    [Fact]
    public async Task Wait_ClockSetAheadOfIt_EndsSoonThoughNothingElseHappens()
    {
        await using var world = await World.StartAsync();
        var machine = await world.CreateAsync("m", Definitions.Wait(1_800));
        var execution = await world.StartAsync(machine, "e");
        await World.UntilAsync(() => world.Store.RestOf("e") is Parked, "it waits");

        world.Time.SetWallClock(TimeSpan.FromHours(1));
        world.Time.Advance(TimeSpan.FromSeconds(15));

        Assert.Equal(ExecutionStatus.Succeeded, (await world.WaitAsync(execution)).Summary.Status);
    }

    [Fact]
    public void WakeIndex_AgainstAModel_TakesWhatIsFoundDueTogetherByIds()
    {
        var random = new Random(7);
        var index = new WakeIndex();
        var model = new Dictionary<Guid, long>();
        var found = new HashSet<Guid>();
        var ids = Enumerable.Range(0, 50).Select(_ => new ExecutionId(new Slot(0), Guid.NewGuid())).ToList();
        for (var i = 0; i < 20_000; i++)
        {
            var now = i / 20L;
            var id = ids[random.Next(ids.Count)];
            var due = now + random.Next(-2, 10);
            switch (random.Next(4))
            {
                case 0:
                    index.Remove(id.Uuid);
                    _ = model.Remove(id.Uuid);
                    _ = found.Remove(id.Uuid);
                    break;
                case 1:
                    index.SetEarlier(id, due);
                    model[id.Uuid] = found.Contains(id.Uuid)
                        ? model[id.Uuid]
                        : Math.Min(due, model.GetValueOrDefault(id.Uuid, long.MaxValue));
                    break;
                case 2:
                    index.Set(id, due);
                    model[id.Uuid] = due;
                    _ = found.Remove(id.Uuid);
                    break;
                default:
                    var taken = index.TryTakeDue(now, out var woken);
                    if (found.Count == 0)
                    {
                        found.UnionWith(model.Where(entry => entry.Value <= now).Select(entry => entry.Key));
                    }

                    Assert.Equal(found.Count > 0, taken);
                    if (taken)
                    {
                        Assert.Equal(found.Min(), woken.Uuid);
                        _ = found.Remove(woken.Uuid);
                        _ = model.Remove(woken.Uuid);
                    }

                    break;
            }

            Assert.Equal(model.Count, index.Count);
            if (found.Count > 0)
            {
                Assert.InRange(index.NextDueMs, long.MinValue, now);
            }
            else
            {
                Assert.Equal(model.Count == 0 ? WakeIndex.Never : model.Values.Min(), index.NextDueMs);
            }
        }
    }

    private static async Task<Api.StartedExecution> StartWaitAsync(World world, long seconds) =>
        await world.StartAsync(await world.CreateAsync("m", Definitions.Wait(seconds)), "e");

    private static async Task<ExecutionStatus> StatusAsync(World world, Api.StartedExecution started) =>
        (await world.Executions.DescribeAsync(started.ExecutionArn, World.Cancelled)).Summary.Status;

    /// <summary>Lets everything that was set off by a timer become durable.</summary>
    private static async Task PassAsync(World world)
    {
        var machine = await world.CreateAsync("passing", Definitions.Pass);
        for (var i = 0; i < 24; i++)
        {
            _ = await world.WaitAsync(await world.StartAsync(machine, null));
        }
    }
}

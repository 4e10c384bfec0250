using Lungfish.Engine.Storage;
using Lungfish.Engine.Tests.Support;
using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Journal;

namespace Lungfish.Engine.Tests;

public sealed class ActivityTests
{
    private const string Arn = "arn:aws:states:us-east-1:000000000000:activity:work";
    private static readonly TimeSpan AMinute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task GetTask_TaskWaits_GivesItsInputAndItsTokenCompletesIt()
    {
        await using var world = await StartAsync();
        var machine = await world.CreateAsync("m", Definitions.Activity);
        var started = await world.StartAsync(machine, "e", """{"a":1}""");

        var task = await GetAsync(world, "me");
        Assert.NotNull(task);
        await world.Executions.SucceedTaskAsync(task.TaskToken, JsonValue.True, World.Cancelled);

        Assert.Equal("""{"a":1}""", task.Input);
        Assert.Equal("true", (await world.WaitAsync(started)).Output);
        Assert.Equal(
            [HistoryEventType.ActivityScheduled, HistoryEventType.ActivityStarted, HistoryEventType.ActivitySucceeded],
            world.Store.EventsOf(
                "e").Select(e => e.Type).Where(type => $"{type}".StartsWith("Activity", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task GetTask_PollBeforeTheTask_IsAnsweredWhenItComes()
    {
        await using var world = await StartAsync();
        var poll = GetAsync(world);
        var machine = await world.CreateAsync("m", Definitions.Activity);
        Assert.False(poll.IsCompleted);

        _ = await world.StartAsync(machine, "e");

        Assert.NotNull(await poll);
    }

    [Fact]
    public async Task GetTask_StartNotYetDurable_GivesNoToken()
    {
        await using var world = await StartAsync();
        var machine = await world.CreateAsync("m", Definitions.Activity);
        _ = await world.StartAsync(machine, "e");
        var arrived = world.Store.HoldCommits();

        var poll = GetAsync(world);
        _ = await arrived;

        Assert.False(poll.IsCompleted);
        world.Store.ReleaseCommits();
        Assert.NotNull(await poll);
    }

    [Fact]
    public async Task GetTask_NothingComes_AnswersNullAfterTheTime()
    {
        await using var world = await StartAsync();

        var poll = GetAsync(world);
        world.Time.Advance(AMinute);

        Assert.Null(await poll);
    }

    [Fact]
    public async Task GetTask_EngineStops_AnswersNull()
    {
        await using var world = await StartAsync();
        var poll = GetAsync(world);

        await world.Engine.DisposeAsync();

        Assert.Null(await poll);
    }

    [Fact]
    public async Task GetTask_ClientThatWentAway_TakesNothing()
    {
        await using var world = await StartAsync();
        using var gone = new CancellationTokenSource();
        var left = world.Engine.Activities.GetTaskAsync(Arn, "gone", AMinute, gone.Token);
        await gone.CancelAsync();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);

        var machine = await world.CreateAsync("m", Definitions.Activity);
        _ = await world.StartAsync(machine, "e");

        Assert.NotNull(await GetAsync(world));
        Assert.Equal(1, world.Store.EventsOf("e").Count(e => e.Type == HistoryEventType.ActivityStarted));
    }

    [Fact]
    public async Task GetTask_SeveralTasksAndWorkers_FirstComeFirstServed()
    {
        await using var world = await StartAsync();
        var machine = await world.CreateAsync("m", Definitions.Activity);
        for (var i = 0; i < 5; i++)
        {
            _ = await world.StartAsync(machine, $"e{i}", $"{i}");
        }

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal($"{i}", (await GetAsync(world))?.Input);
        }
    }

    [Fact]
    public async Task GetTask_ManyWorkers_EachTaskGoesToOne()
    {
        await using var world = await StartAsync();
        var machine = await world.CreateAsync("m", Definitions.Activity);
        var polls = Enumerable.Range(0, 100).Select(_ => Task.Run(() => GetAsync(world))).ToList();
        _ = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => world.StartAsync(machine, null, $"{i}")));

        var tasks = await Task.WhenAll(polls);

        Assert.Equal(100, tasks.Select(task => task?.Input).Distinct().Count());
        Assert.Equal(100, tasks.Select(task => task?.TaskToken).Distinct().Count());
    }

    [Fact]
    public async Task GetTask_AfterARestart_StillFindsTheTask()
    {
        await using var world = await StartAsync();
        var machine = await world.CreateAsync("m", Definitions.Activity);
        var started = await world.StartAsync(machine, "e");
        await world.RestartAsync();

        var task = await GetAsync(world);
        Assert.NotNull(task);
        await world.Executions.FailTaskAsync(task.TaskToken, "E", null, World.Cancelled);

        Assert.Equal("E", (await world.WaitAsync(started)).Error);
    }

    [Fact]
    public async Task GetTask_ExecutionStoppedBefore_GivesTheNextTask()
    {
        await using var world = await StartAsync();
        var machine = await world.CreateAsync("m", Definitions.Activity);
        var first = await world.StartAsync(machine, "e1", "1");
        _ = await world.StartAsync(machine, "e2", "2");
        _ = await world.Executions.StopAsync(first.ExecutionArn, null, null, World.Cancelled);

        Assert.Equal("2", (await GetAsync(world))?.Input);
    }

    [Fact]
    public async Task GetTask_WorkerTookItAndTheCommitWasLost_TaskWaitsAgain()
    {
        await using var world = await StartAsync();
        var machine = await world.CreateAsync("m", Definitions.Activity);
        _ = await world.StartAsync(machine, "e");
        world.Store.Expect(Fate.LostBeforeCommit);

        var refusal = await Assert.ThrowsAsync<ApiException>(() => GetAsync(world));

        Assert.Equal(503, refusal.HttpStatus);
        Assert.NotNull(await GetAsync(world));
    }

    [Fact]
    public async Task GetTask_UnknownActivity_IsRefused()
    {
        await using var world = await World.StartAsync();

        var refusal = await Assert.ThrowsAsync<ApiException>(() => GetAsync(world));

        Assert.Equal($"Activity Does Not Exist: '{Arn}'", refusal.Message);
    }

    [Fact]
    public async Task Start_ActivityDeleted_FailsAtRunTime()
    {
        await using var world = await StartAsync();
        var machine = await world.CreateAsync("m", Definitions.Activity);
        await world.Engine.Activities.DeleteAsync(Arn, World.Cancelled);
        await world.Engine.Activities.DeleteAsync(Arn, World.Cancelled); // Of an unknown one: no error.

        var ended = await world.WaitAsync(await world.StartAsync(machine, "e"));

        Assert.Equal((ExecutionStatus.Failed, "States.Runtime"), (ended.Summary.Status, ended.Error));
    }

    [Fact]
    public async Task Create_TwiceAndAfterARestart_KeepsTheFirstCreationDate()
    {
        await using var world = await StartAsync();
        world.Time.Advance(AMinute);

        var again = await world.Engine.Activities.CreateAsync("work", [], World.Cancelled);
        await world.RestartAsync();
        var described = await world.Engine.Activities.DescribeAsync(Arn, World.Cancelled);

        Assert.Equal(FakeTime.Noon, again.CreatedAt);
        Assert.Equal(again, described);
    }

    [Fact]
    public async Task List_Pages_GivesEachOnceInOrderOfTheName()
    {
        await using var world = await World.StartAsync();
        foreach (var name in new[] { "c", "a", "d", "b" })
        {
            _ = await world.Engine.Activities.CreateAsync(name, [], World.Cancelled);
        }

        var first = await world.Engine.Activities.ListAsync(3, null, World.Cancelled);
        var second = await world.Engine.Activities.ListAsync(3, first.NextToken, World.Cancelled);

        Assert.Equal(["a", "b", "c"], first.Items.Select(activity => activity.Name));
        Assert.Equal("d", Assert.Single(second.Items).Name);
        Assert.Null(second.NextToken);
    }

    [Fact]
    public async Task Parked_ActivityTaskTaken_RestsInTheStore()
    {
        await using var world = await StartAsync();
        var machine = await world.CreateAsync("m", Definitions.Activity);
        _ = await world.StartAsync(machine, "e");
        Assert.IsType<Active>(world.Store.RestOf("e"));

        _ = await GetAsync(world);

        Assert.IsType<Parked>(world.Store.RestOf("e"));
    }

    private static Task<Api.ActivityTask?> GetAsync(World world, string? worker = null) =>
        world.Engine.Activities.GetTaskAsync(Arn, worker, AMinute, World.Cancelled);

    private static async Task<World> StartAsync()
    {
        var world = await World.StartAsync();
        _ = await world.Engine.Activities.CreateAsync("work", [], World.Cancelled);
        return world;
    }
}

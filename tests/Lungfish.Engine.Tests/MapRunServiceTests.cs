using Lungfish.Engine.Api;
using Lungfish.Engine.Tasks;
using Lungfish.Engine.Tests.Support;
using Lungfish.Json;
using Lungfish.States.Deciding;

namespace Lungfish.Engine.Tests;

/// <summary>What can be asked of map runs, and changed, while they run and after.</summary>
public sealed class MapRunServiceTests
{
    [Fact]
    public async Task Describe_ChildrenRun_CountsWhereEachItemIs()
    {
        await using var world = await World.StartAsync();
        world.Handler.Does = ThreeGoodOneBad;
        var started = await StartAsync(world, "\"MaxConcurrency\":5,\"ToleratedFailureCount\":2", 12);
        await World.UntilAsync(() => world.Handler.Given.Count == 9, "four children closed, five more run");

        var run = await OnlyRunAsync(world, started);

        Assert.Equal((MapRunStatus.Running, null), (run.Status, run.StoppedAt));
        Assert.Equal((started.ExecutionArn, FakeTime.Noon), (run.ExecutionArn, run.StartedAt));
        Assert.EndsWith(":stateMachine:m/each", run.StateMachineArn, StringComparison.Ordinal);
        Assert.Equal(new MapRunLimits(5, 2, 0), run.Limits);
        Assert.Equal(new MapRunCounts { Pending = 3, Running = 5, Succeeded = 3, Failed = 1 }, run.Items);
        Assert.Equal(new MapRunCounts { Running = 5, Succeeded = 3, Failed = 1 }, run.Executions);
    }

    [Fact]
    public async Task Describe_AfterTheEnd_TellsWhatBecameOfAll()
    {
        await using var world = await World.StartAsync();
        world.Handler.Does = given => ThreeGoodOneBad(given) ?? new TaskCompleted(given.Task.Input);
        var started = await StartAsync(world, "\"ToleratedFailureCount\":1", 12);
        _ = await world.WaitAsync(started);

        var run = await OnlyRunAsync(world, started);
        await world.RestartAsync();

        Assert.Equal((MapRunStatus.Succeeded, FakeTime.Noon), (run.Status, run.StoppedAt));
        Assert.Equal(new MapRunCounts { Succeeded = 11, Failed = 1 }, run.Items);
        Assert.Equal(new MapRunCounts { Succeeded = 11, Failed = 1 }, run.Executions);
        Assert.Equal(run, await OnlyRunAsync(world, started));
    }

    [Fact]
    public async Task Describe_ExecutionWasStopped_CountsItsChildrenAsAborted()
    {
        await using var world = await World.StartAsync();
        world.Handler.Does = _ => null;
        var started = await StartAsync(world, "\"MaxConcurrency\":0", 4);
        await World.UntilAsync(() => world.Handler.Given.Count == 4, "the children run");
        _ = await world.Executions.StopAsync(started.ExecutionArn, null, null, World.Cancelled);

        var run = await OnlyRunAsync(world, started);

        Assert.Equal((MapRunStatus.Aborted, 4), (run.Status, run.Executions.Aborted));
    }

    [Fact]
    public async Task Describe_UnknownRun_IsNotFound()
    {
        await using var world = await World.StartAsync();
        var arn = $"arn:aws:states:us-east-1:000000000000:mapRun:m/each:{Guid.Empty}";

        var refused = await Assert.ThrowsAsync<ApiException>(
            () => world.Engine.MapRuns.DescribeAsync(arn, World.Cancelled));

        Assert.Equal("ResourceNotFound", refused.Code);
    }

    [Fact]
    public async Task List_ThreeRuns_GivesPagesNewestFirst()
    {
        await using var world = await World.StartAsync();
        world.Handler.Does = given =>
        {
            world.Time.Advance(TimeSpan.FromSeconds(1)); // The next run begins later than this one.
            return new TaskCompleted(given.Task.Input);
        };
        var machine = await world.CreateAsync("m", MapDefinitions.OneAfterTheOther("a", "b", "c"));
        var started = await world.StartAsync(machine, "e", "[7]");
        _ = await world.WaitAsync(started);

        var first = await world.Engine.MapRuns.ListAsync(started.ExecutionArn, 2, null, World.Cancelled);
        var second = await world.Engine.MapRuns.ListAsync(
            started.ExecutionArn, 2, first.NextToken, World.Cancelled);

        Assert.Equal(["m/c", "m/b"], first.Items.Select(MachineOf));
        Assert.Equal(["m/a"], second.Items.Select(MachineOf));
        Assert.NotNull(first.NextToken);
        Assert.Null(second.NextToken);
    }

    [Fact]
    public async Task Update_HigherConcurrency_StartsMoreChildrenAtOnce()
    {
        await using var world = await World.StartAsync();
        world.Handler.Does = _ => null;
        var started = await StartAsync(world, "\"MaxConcurrency\":2", 10);
        await World.UntilAsync(() => world.Handler.Given.Count == 2, "two children run");
        var run = await OnlyRunAsync(world, started);

        await world.Engine.MapRuns.UpdateAsync(run.Arn, new MapRunChange(6, null, null), World.Cancelled);
        await World.UntilAsync(() => world.Handler.Given.Count == 6, "six children run");

        run = await OnlyRunAsync(world, started);
        Assert.Equal(new MapRunLimits(6, 0, 0), run.Limits);
        Assert.Equal(new MapRunCounts { Pending = 4, Running = 6 }, run.Items);
        Assert.Equal(6, world.Handler.Given.Count);
    }

    [Fact]
    public async Task Update_HigherTolerance_HoldsAfterARestart()
    {
        await using var world = await World.StartAsync();
        world.Handler.Does = _ => null;
        var started = await StartAsync(world, "\"ToleratedFailureCount\":1", 8);
        await World.UntilAsync(() => world.Handler.Given.Count == 8, "the children run");
        var run = await OnlyRunAsync(world, started);

        await world.Engine.MapRuns.UpdateAsync(run.Arn, new MapRunChange(null, 3, 50), World.Cancelled);
        world.Handler.Does = given => NumberOf(given) < 3
            ? new TaskFaulted("E", "because")
            : new TaskCompleted(given.Task.Input);
        await world.RestartAsync();
        var ended = await world.WaitAsync(started);

        run = await OnlyRunAsync(world, started);
        Assert.Equal(ExecutionStatus.Succeeded, ended.Summary.Status);
        Assert.Equal(new MapRunLimits(0, 3, 50), run.Limits);
        Assert.Equal(new MapRunCounts { Succeeded = 5, Failed = 3 }, run.Items);
    }

    [Fact]
    public async Task Update_ToleranceBelowWhatHasFailed_FailsTheRun()
    {
        await using var world = await World.StartAsync();
        world.Handler.Does = given => NumberOf(given) < 2 ? new TaskFaulted("E", "because") : null;
        var started = await StartAsync(world, "\"MaxConcurrency\":3,\"ToleratedFailureCount\":5", 6);
        await World.UntilAsync(() => world.Handler.Given.Count == 5, "two have failed, three run");
        var run = await OnlyRunAsync(world, started);

        await world.Engine.MapRuns.UpdateAsync(run.Arn, new MapRunChange(null, 1, null), World.Cancelled);
        var ended = await world.WaitAsync(started);

        Assert.Equal("States.ExceedToleratedFailureThreshold", ended.Error);
        Assert.Equal(MapRunStatus.Failed, (await OnlyRunAsync(world, started)).Status);
    }

    [Fact]
    public async Task Update_RunIsOver_IsRefused()
    {
        await using var world = await World.StartAsync();
        var started = await StartAsync(world, "\"MaxConcurrency\":2", 3);
        _ = await world.WaitAsync(started);
        var run = await OnlyRunAsync(world, started);

        var refused = await Assert.ThrowsAsync<ApiException>(() => world.Engine.MapRuns.UpdateAsync(
            run.Arn, new MapRunChange(6, null, null), World.Cancelled));

        Assert.Equal("ValidationException", refused.Code);
        Assert.Contains(("reason", "CANNOT_UPDATE_COMPLETED_MAP_RUN"), refused.Members);
        Assert.Equal(2, (await OnlyRunAsync(world, started)).Limits.ConcurrencyMax);
    }

    [Fact]
    public async Task ListExecutions_ByStatus_GivesTheChildrenThatHaveIt()
    {
        await using var world = await World.StartAsync();
        world.Handler.Does = ThreeGoodOneBad;
        var started = await StartAsync(world, "\"ToleratedFailureCount\":2", 8);
        await World.UntilAsync(
            () => world.Handler.Given.Count == 8 && world.Store.CountRunning() == 5,
            "four children and their parent run");
        var run = (await OnlyRunAsync(world, started)).Arn;

        Assert.Equal(3, (await ChildrenAsync(world, run, ExecutionStatus.Succeeded)).Count);
        Assert.Equal(4, (await ChildrenAsync(world, run, ExecutionStatus.Running)).Count);
        var failed = Assert.Single(await ChildrenAsync(world, run, ExecutionStatus.Failed));
        Assert.Equal((run, 1), (failed.MapRunArn, failed.ItemCount));
        Assert.Equal("3", (await world.Executions.DescribeAsync(failed.ExecutionArn, World.Cancelled)).Input);
        Assert.Equal(8, (await ChildrenAsync(world, run, null)).DistinctBy(child => child.ExecutionArn).Count());
    }

    [Fact]
    public async Task ListExecutions_ChildrenAreExpress_IsRefused()
    {
        await using var world = await World.StartAsync();
        var machine = await world.CreateAsync("m", MapDefinitions.OfTasks(type: "EXPRESS"));
        var started = await world.StartAsync(machine, "e", MapDefinitions.Items(3));
        _ = await world.WaitAsync(started);
        var run = await OnlyRunAsync(world, started);

        var refused = await Assert.ThrowsAsync<ApiException>(() => ChildrenAsync(world, run.Arn, null));

        Assert.Equal("StateMachineTypeNotSupported", refused.Code);
        Assert.Equal(3, run.Executions.Succeeded);
    }

    private static async Task<StartedExecution> StartAsync(World world, string more, int items) =>
        await world.StartAsync(
            await world.CreateAsync("m", MapDefinitions.OfTasks(more)), "e", MapDefinitions.Items(items));

    private static async Task<MapRunSnapshot> OnlyRunAsync(World world, StartedExecution started)
    {
        var runs = await world.Engine.MapRuns.ListAsync(started.ExecutionArn, 10, null, World.Cancelled);
        return await world.Engine.MapRuns.DescribeAsync(Assert.Single(runs.Items).Arn, World.Cancelled);
    }

    /// <summary>All of them, three a page.</summary>
    private static async Task<List<ExecutionSummary>> ChildrenAsync(World world, string run, ExecutionStatus? status)
    {
        var all = new List<ExecutionSummary>();
        string? nextToken = null;
        do
        {
            var page = await world.Engine.MapRuns.ListExecutionsAsync(run, status, 3, nextToken, World.Cancelled);
            Assert.InRange(page.Items.Count, 0, 3);
            all.AddRange(page.Items);
            nextToken = page.NextToken;
        }
        while (nextToken is not null);

        return all;
    }

    private static TaskOutcome? ThreeGoodOneBad(TaskAssignment given) => NumberOf(given) switch
    {
        < 3 => new TaskCompleted(given.Task.Input),
        3 => new TaskFaulted("E", "because"),
        _ => null,
    };

    private static double NumberOf(TaskAssignment given) => ((JsonNumber)given.Task.Input).Value;

    private static string MachineOf(MapRunSnapshot run) => run.StateMachineArn.Split(':')[^1];
}

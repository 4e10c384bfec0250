using Lungfish.Engine.Tasks;
using Lungfish.Engine.Tests.Support;
using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Journal;

namespace Lungfish.Engine.Tests;

/// <summary>Distributed Map states: their children are executions of their own, each started once.</summary>
public sealed class MapRunTests
{
    [Fact]
    public async Task Map_ManyItems_EachHasOneChildAndItsResultInOrder()
    {
        await using var world = await World.StartAsync();
        var machine = await world.CreateAsync("m", MapDefinitions.OfTasks("\"MaxConcurrency\":10"));

        var ended = await world.WaitAsync(await world.StartAsync(machine, "e", MapDefinitions.Items(100)));

        Assert.Equal(MapDefinitions.Items(100), ended.Output);
        Assert.Equal(101, world.Store.ExecutionCount);
        Assert.Equal(100, world.Handler.Given.Select(given => given.Task.Input.ToText()).Distinct().Count());
    }

    [Theory]
    [InlineData("FLATTEN", "[1,2,3]")]
    [InlineData("COMPACT", "[[1,2],3]")]
    public async Task Map_ResultWriterWithoutBucket_FormatsTheOutput(string transformation, string output)
    {
        await using var world = await World.StartAsync();
        var machine = await world.CreateAsync("m", MapDefinitions.OfTasks(
            $$"""
            "ResultWriter": { "WriterConfig": { "Transformation": "{{transformation}}", "OutputType": "JSON" } }
            """));

        var ended = await world.WaitAsync(await world.StartAsync(machine, "e", "[[1,2],3]"));

        Assert.Equal(output, ended.Output);
    }

    [Theory] // Numbers below 10 take a byte each; an array of three takes seven.
    [InlineData("\"MaxItemsPerBatch\":3", "[0,1,2] [3,4,5] [6,7]")]
    [InlineData("\"MaxItemsPerBatch\":9", "[0,1,2,3,4,5,6,7]")]
    [InlineData("\"MaxItemsPerBatch\":5,\"MaxInputBytesPerBatch\":50", "[0,1,2,3,4] [5,6,7]")]
    public async Task Map_WithAnItemBatcher_GivesEachChildABatchAndTheBatchInput(string limits, string batches)
    {
        await using var world = await World.StartAsync();
        var batcher = "\"MaxConcurrency\":1,\"ItemBatcher\":{" + limits + ",\"BatchInput\":{\"k\":1}}";
        var machine = await world.CreateAsync("m", MapDefinitions.OfTasks(batcher));

        _ = await world.WaitAsync(await world.StartAsync(machine, "e", MapDefinitions.Items(8)));

        var inputs = world.Handler.Given.Select(given => given.Task.Input.ToText());
        Assert.Equal(
            batches.Split(' ').Select(items => "{\"BatchInput\":{\"k\":1},\"Items\":" + items + "}"), inputs);
    }

    [Fact]
    public async Task Map_BatchesOfSoManyBytes_AreAsLargeAsTheyMayBe()
    {
        await using var world = await World.StartAsync();
        const int BytesMax = 25;
        var machine = await world.CreateAsync(
            "m", MapDefinitions.OfTasks("\"MaxConcurrency\":1,\"ItemBatcher\":{\"MaxInputBytesPerBatch\":25}"));

        _ = await world.WaitAsync(await world.StartAsync(machine, "e", MapDefinitions.Items(10)));

        var inputs = world.Handler.Given.Select(given => given.Task.Input).ToList();
        Assert.True(inputs.Count > 1);
        Assert.All(inputs, input => Assert.InRange(input.Utf8Length, 1, BytesMax));
        Assert.All(inputs.SkipLast(1), input => Assert.True(input.Utf8Length + 2 > BytesMax)); // No room for one more.
        var items = inputs.Cast<JsonObject>().SelectMany(input => (JsonArray)(input["Items"] ?? JsonArray.Empty));
        Assert.Equal(MapDefinitions.Items(10), JsonArray.Of(items).ToText());
    }

    [Fact]
    public async Task Map_ChildFails_FailsTheMapAndAbortsTheOtherChildren()
    {
        await using var world = await World.StartAsync();
        world.Handler.Does = given =>
            given.Task.Input.Equals(new JsonNumber(3)) ? new TaskFaulted("E", "because") : null;
        var machine = await world.CreateAsync("m", MapDefinitions.OfTasks());

        var ended = await world.WaitAsync(await world.StartAsync(machine, "e", MapDefinitions.Items(8)));

        Assert.Equal("States.ExceedToleratedFailureThreshold", ended.Error);
        await World.UntilAsync(() => world.Store.CountRunning() == 0, "the other children are aborted");
    }

    [Fact]
    public async Task Map_CommitsFailAtRandom_StartsEachChildOnceAndTakesEachResultOnce()
    {
        await using var world = await World.StartAsync();
        var machine = await world.CreateAsync("m", MapDefinitions.OfTasks("\"MaxConcurrency\":20"));
        var dice = new Random(20_260_131);
        world.Store.Dice = () => dice.Next(8) switch
        {
            0 => Fate.LostBeforeCommit,
            1 => Fate.CommittedButReplyLost,
            _ => Fate.Ok,
        };

        var started = await StartInspiteOfFailuresAsync(world, machine, MapDefinitions.Items(60));
        var waiting = world.WaitAsync(started);
        await World.UntilAsync(
            () =>
            {
                // The engine waits before it tries the store again, also after the commit that ended everything.
                world.Time.Advance(TimeSpan.FromSeconds(1));
                return waiting.IsCompleted && world.Store.CountRunning() == 0;
            },
            "everything ends");
        var ended = await waiting;

        Assert.Equal(MapDefinitions.Items(60), ended.Output);
        Assert.Equal(61, world.Store.ExecutionCount); // The store refuses two executions of one name.
    }

    [Fact]
    public async Task Map_ServerStopsWhileChildrenRun_GoesOnWithTheSameChildren()
    {
        await using var world = await World.StartAsync();
        world.Handler.Does = _ => null;
        var machine = await world.CreateAsync("m", MapDefinitions.OfTasks("\"MaxConcurrency\":5"));
        var started = await world.StartAsync(machine, "e", MapDefinitions.Items(12));
        await World.UntilAsync(() => world.Handler.Given.Count == 5, "five children run");
        var before = world.Handler.Given.Select(given => given.Execution.ExecutionArn).Order().ToList();
        world.Handler.Given.Clear();
        world.Handler.Does = given => new TaskCompleted(given.Task.Input);

        await world.RestartAsync();
        var ended = await world.WaitAsync(started);

        Assert.Equal(MapDefinitions.Items(12), ended.Output);
        Assert.Equal(13, world.Store.ExecutionCount);
        var after = world.Handler.Given.Select(given => given.Execution.ExecutionArn).ToHashSet();
        Assert.Subset(after, before.ToHashSet());
    }

    [Fact]
    public async Task Map_LookUpsOfItsChildrenFailAfterARestart_AsksAgain()
    {
        await using var world = await World.StartAsync();
        var machine = await world.CreateAsync("m", MapDefinitions.OfWaits);
        var started = await world.StartAsync(machine, "e", MapDefinitions.Items(3));
        await World.UntilAsync(() => world.Store.CountRunning() == 4, "the children wait");

        world.Store.LookupsToFail = 2;
        await world.RestartAsync();
        await World.UntilAsync(
            () =>
            {
                world.Time.Advance(TimeSpan.FromSeconds(1));
                return world.Store.CountRunning() == 0;
            },
            "everything ends");

        Assert.Equal(0, world.Store.LookupsToFail);
        Assert.Equal(MapDefinitions.Items(3), (await world.WaitAsync(started)).Output);
        Assert.Equal(4, world.Store.ExecutionCount);
    }

    [Fact]
    public async Task Stop_ChildrenRun_AbortsThemToo()
    {
        await using var world = await World.StartAsync();
        world.Handler.Does = _ => null;
        var machine = await world.CreateAsync("m", MapDefinitions.OfTasks());
        var started = await world.StartAsync(machine, "e", MapDefinitions.Items(30));
        await World.UntilAsync(() => world.Handler.Given.Count == 30, "the children run");

        _ = await world.Executions.StopAsync(started.ExecutionArn, null, null, World.Cancelled);
        await World.UntilAsync(() => world.Store.CountRunning() == 0, "all are aborted");

        await World.UntilAsync(
            () => world.Handler.Tokens.All(token => token.IsCancellationRequested), "their tasks are called off");
    }

    [Fact]
    public async Task Stop_ServerDiesBeforeTheChildrenAreAborted_TheNextStartAbortsThem()
    {
        await using var world = await World.StartAsync();
        world.Handler.Does = _ => null;
        var machine = await world.CreateAsync("m", MapDefinitions.OfTasks());
        var started = await world.StartAsync(machine, "e", MapDefinitions.Items(30));
        await World.UntilAsync(() => world.Handler.Given.Count == 30, "the children run");
        var arrived = world.Store.HoldCommits();
        var stop = world.Executions.StopAsync(started.ExecutionArn, null, null, World.Cancelled);
        _ = await arrived;
        world.Store.Expect(Fate.CommittedButReplyLost);
        world.Store.ReleaseCommits();
        _ = await Assert.ThrowsAsync<ApiException>(() => stop);

        await world.RestartAsync();
        await World.UntilAsync(() => world.Store.CountRunning() == 0, "all are aborted");

        Assert.Equal(
            ExecutionStatus.Aborted,
            (await world.Executions.DescribeAsync(started.ExecutionArn, World.Cancelled)).Summary.Status);
    }

    [Fact]
    public async Task Map_ChildrenAreExpress_NobodySeesThem()
    {
        await using var world = await World.StartAsync();
        var machine = await world.CreateAsync("m", MapDefinitions.OfTasks(type: "EXPRESS"));

        var ended = await world.WaitAsync(await world.StartAsync(machine, "e", MapDefinitions.Items(3)));

        Assert.Equal("[0,1,2]", ended.Output);
        Assert.All(
            world.Handler.Given,
            given => Assert.Contains(":express:m/each:", given.Execution.ExecutionArn, StringComparison.Ordinal));
    }

    [Fact]
    public async Task History_OfAMap_HasTheRecordedEvents()
    {
        await using var world = await World.StartAsync();
        var machine = await world.CreateAsync("m", MapDefinitions.OfTasks());

        var started = await world.StartAsync(machine, "e", "[1]");
        _ = await world.WaitAsync(started);

        Assert.Equal(
            [
                "1<0 ExecutionStarted", "2<0 MapStateEntered", "3<2 MapStateStarted", "4<3 MapRunStarted",
                "5<4 MapRunSucceeded", "6<5 MapStateSucceeded", "7<4 MapStateExited", "8<7 ExecutionSucceeded",
            ],
            world.Store.EventsOf("e").Select(e => $"{e.Id}<{e.PreviousEventId} {e.Type}"));
    }

    private static async Task<Api.StartedExecution> StartInspiteOfFailuresAsync(
        World world, string machine, string input)
    {
        while (true)
        {
            try
            {
                return await world.StartAsync(machine, "e", input);
            }
            catch (ApiException e) when (e.HttpStatus == 503)
            {
                world.Time.Advance(TimeSpan.FromSeconds(1));
                // Nobody knows whether it has begun: the same name and input find it.
            }
        }
    }
}

using Lungfish.Engine.Tests.Support;
using Lungfish.Json;
using Lungfish.States.Deciding;

namespace Lungfish.Engine.Tests;

public sealed class ExecutionQueryTests
{
    private static string Chain(int length)
    {
        var states = Enumerable.Range(1, length).Select(i => i == length
            ? $"\"P{i}\":{{\"Type\":\"Pass\",\"End\":true}}"
            : $"\"P{i}\":{{\"Type\":\"Pass\",\"Next\":\"P{i + 1}\"}}");
        return $"{{\"StartAt\":\"P1\",\"States\":{{{string.Join(',', states)}}}}}";
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 3)]
    [InlineData(false, 1000)]
    [InlineData(true, 1)]
    [InlineData(true, 3)]
    [InlineData(true, 1000)]
    public async Task History_PageByPage_GivesEachEventOnceInOrder(bool reverse, int pageSize)
    {
        await using var world = await World.StartAsync();
        var started = await world.StartAsync(await world.CreateAsync("m", Chain(10)), "e");
        _ = await world.WaitAsync(started);
        var ids = new List<long>();
        string? token = null;
        do
        {
            var page = await world.Executions.ReadHistoryAsync(
                started.ExecutionArn, pageSize, reverse, token, World.Cancelled);
            Assert.InRange(page.Items.Count, 1, pageSize);
            ids.AddRange(page.Items.Select(e => e.Id));
            token = page.NextToken;
        }
        while (token is not null);

        // Start, two events for each Pass, success.
        var all = Enumerable.Range(1, 22).Select(id => (long)id);
        Assert.Equal(reverse ? all.Reverse() : all, ids);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task History_OverSeveralSegments_GivesEachEventOnce(bool reverse)
    {
        await using var world = await World.StartAsync();
        var started = await world.StartAsync(await world.CreateAsync("m", Definitions.Callback), "e");
        await world.RestsAsync("e");
        await world.Executions.SucceedTaskAsync(
            Assert.Single(world.Handler.Given).Token ?? "", JsonValue.True, World.Cancelled);
        var ids = new List<long>();
        string? token = null;
        do
        {
            var page = await world.Executions.ReadHistoryAsync(
                started.ExecutionArn, 3, reverse, token, World.Cancelled);
            ids.AddRange(page.Items.Select(e => e.Id));
            token = page.NextToken;
        }
        while (token is not null);

        // Recorded: a callback has eight events.
        var all = Enumerable.Range(1, 8).Select(id => (long)id);
        Assert.Equal(reverse ? all.Reverse() : all, ids);
    }

    [Fact]
    public async Task History_FirstPageThenTokenWithoutMaximum_GivesTheRest()
    {
        await using var world = await World.StartAsync();
        var started = await world.StartAsync(await world.CreateAsync("m", Definitions.Pass), "e");
        _ = await world.WaitAsync(started);

        var first = await world.Executions.ReadHistoryAsync(started.ExecutionArn, 1, false, null, World.Cancelled);
        var rest = await world.Executions.ReadHistoryAsync(
            started.ExecutionArn, 100, false, first.NextToken, World.Cancelled);

        Assert.Equal([2, 3, 4], rest.Items.Select(e => e.Id));
        Assert.Null(rest.NextToken);
    }

    [Fact]
    public async Task History_TokenOfAnotherQuery_IsRefused()
    {
        await using var world = await World.StartAsync();
        var machine = await world.CreateAsync("m", Definitions.Pass);
        var one = await world.StartAsync(machine, "one");
        var two = await world.StartAsync(machine, "two");
        _ = await world.WaitAsync(one);
        var page = await world.Executions.ReadHistoryAsync(one.ExecutionArn, 1, false, null, World.Cancelled);

        foreach (var (arn, reverse, token) in new[]
        {
            (two.ExecutionArn, false, page.NextToken),
            (one.ExecutionArn, true, page.NextToken),
            (one.ExecutionArn, false, "garbage"),
            (one.ExecutionArn, false, page.NextToken?[..^2] + "AA"),
            (one.ExecutionArn, false, ""),
        })
        {
            var refusal = await Assert.ThrowsAsync<ApiException>(
                () => world.Executions.ReadHistoryAsync(arn, 1, reverse, token, World.Cancelled));
            Assert.Equal(("InvalidToken", "Invalid Token: 'Invalid token'"), (refusal.Code, refusal.Message));
        }

        world.Time.Advance(TimeSpan.FromHours(25));
        _ = await Assert.ThrowsAsync<ApiException>(() => world.Executions.ReadHistoryAsync(
            one.ExecutionArn, 1, false, page.NextToken, World.Cancelled));
    }

    [Fact]
    public async Task List_PageByPage_IsNewestFirstAndFiltersByStatus()
    {
        await using var world = await World.StartAsync();
        var machine = await world.CreateAsync("m", Definitions.Wait(60));
        for (var i = 0; i < 7; i++)
        {
            _ = await world.StartAsync(machine, $"e{i}");
            world.Time.Advance(TimeSpan.FromSeconds(i % 2)); // Some of them in the same millisecond.
        }

        var stopped = await world.Executions.ListAsync(machine, null, 2, null, World.Cancelled);
        foreach (var execution in stopped.Items)
        {
            _ = await world.Executions.StopAsync(execution.ExecutionArn, null, null, World.Cancelled);
        }

        var names = new List<string>();
        string? token = null;
        do
        {
            var page = await world.Executions.ListAsync(
                machine, ExecutionStatus.Running, 2, token, World.Cancelled);
            names.AddRange(page.Items.Select(execution => execution.Name));
            token = page.NextToken;
        }
        while (token is not null);

        Assert.Equal(7, names.Concat(stopped.Items.Select(execution => execution.Name)).Distinct().Count());
        Assert.Equal(5, names.Count);
        var all = await world.Executions.ListAsync(machine, null, 100, null, World.Cancelled);
        Assert.Equal(all.Items.OrderByDescending(execution => execution.StartDate), all.Items);
    }

    [Fact]
    public async Task Describe_ClosedExecution_FoldsNothing()
    {
        await using var world = await World.StartAsync();
        var machine = await world.CreateAsync("m", Definitions.Pass);
        var started = await world.StartAsync(machine, "e", """{"a" : 1}""");
        _ = await world.WaitAsync(started);
        await world.RestartAsync();

        var described = await world.Executions.DescribeAsync(started.ExecutionArn, World.Cancelled);

        Assert.Equal(("""{"a" : 1}""", """{"a":1}"""), (described.Input, described.Output));
        Assert.Equal(FakeTime.Noon, described.Summary.StopDate);
        Assert.Equal(0, world.Store.FindExecutionCount);
    }

    [Fact]
    public async Task Describe_UnknownExecution_IsRefused()
    {
        await using var world = await World.StartAsync();
        const string Arn = "arn:aws:states:us-east-1:000000000000:execution:m:none";

        foreach (var call in new Func<Task>[]
        {
            () => world.Executions.DescribeAsync(Arn, World.Cancelled),
            () => world.Executions.StopAsync(Arn, null, null, World.Cancelled),
            () => world.Executions.ReadHistoryAsync(Arn, 10, false, null, World.Cancelled),
            () => world.Executions.DescribeStateMachineAsync(Arn, World.Cancelled),
            () => world.Executions.WaitAsync(Arn, TimeSpan.Zero, World.Cancelled),
        })
        {
            Assert.Equal($"Execution Does Not Exist: '{Arn}'", (await Assert.ThrowsAsync<ApiException>(call)).Message);
        }
    }

    [Theory]
    [InlineData("arn:aws:states:us-east-1:000000000000:express:m:e:id", "express")]
    [InlineData("arn:aws:states:us-east-1:000000000000:stateMachine:m", "stateMachine")]
    public async Task Describe_OtherKindOfArn_IsRefused(string arn, string kind)
    {
        await using var world = await World.StartAsync();

        var refusal = await Assert.ThrowsAsync<ApiException>(() =>
            world.Executions.DescribeAsync(arn, World.Cancelled));

        Assert.Equal($"Invalid Arn: 'Resource type not valid in this context: {kind}'", refusal.Message);
    }

    [Fact]
    public async Task Stop_RunningThenClosed_KeepsTheFirstStopDate()
    {
        await using var world = await World.StartAsync();
        var started = await world.StartAsync(await world.CreateAsync("m", Definitions.Wait(60)), "e");

        var first = await world.Executions.StopAsync(started.ExecutionArn, "E", "why", World.Cancelled);
        world.Time.Advance(TimeSpan.FromSeconds(5));
        var again = await world.Executions.StopAsync(started.ExecutionArn, "F", null, World.Cancelled);
        var described = await world.Executions.DescribeAsync(started.ExecutionArn, World.Cancelled);

        Assert.Equal((FakeTime.Noon, FakeTime.Noon), (first, again));
        Assert.Equal(
            (ExecutionStatus.Aborted, "E", "why"), (described.Summary.Status, described.Error, described.Cause));
    }

    [Fact]
    public async Task Stop_TaskRuns_CancelsIt()
    {
        await using var world = await World.StartAsync();
        world.Handler.Does = _ => null;
        var started = await world.StartAsync(await world.CreateAsync("m", Definitions.Task), "e");
        await World.UntilAsync(() => world.Handler.Given.Count == 1, "the task is handed out");

        _ = await world.Executions.StopAsync(started.ExecutionArn, null, null, World.Cancelled);

        await World.UntilAsync(
            () => world.Handler.Tokens.Single().IsCancellationRequested, "the handler is told to give up");
    }

    [Fact]
    public async Task Wait_TimeIsUp_DescribesTheRunningExecution()
    {
        await using var world = await World.StartAsync();
        var started = await world.StartAsync(await world.CreateAsync("m", Definitions.Wait(60)), "e");

        var wait = world.Executions.WaitAsync(started.ExecutionArn, TimeSpan.FromSeconds(5), World.Cancelled);
        world.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(ExecutionStatus.Running, (await wait).Summary.Status);
    }

    [Fact]
    public async Task Wait_ExecutionNotInMemory_IsToldWhenItEnds()
    {
        await using var world = await World.StartAsync();
        var started = await world.StartAsync(await world.CreateAsync("m", Definitions.Wait(60)), "e");
        await world.RestartAsync();

        var wait = world.WaitAsync(started);
        world.Time.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal(ExecutionStatus.Succeeded, (await wait).Summary.Status);
    }

    [Fact]
    public async Task WatchClosed_ExecutionsEnd_TellsThoseOfTheMachine()
    {
        await using var world = await World.StartAsync();
        var machine = await world.CreateAsync("m", Definitions.Pass);
        var other = await world.CreateAsync("other", Definitions.Pass);
        await using var watch = world.Executions.WatchClosedAsync(machine, World.Cancelled)
            .GetAsyncEnumerator(World.Cancelled);
        var next = watch.MoveNextAsync();

        _ = await world.StartAsync(other, "x");
        _ = await world.StartAsync(machine, "e");

        Assert.True(await next);
        Assert.Equal(("e", ExecutionStatus.Succeeded), (watch.Current.Name, watch.Current.Status));
    }

    [Fact]
    public async Task Retention_ClosedLongAgo_IsRemovedAndTheNameIsFree()
    {
        await using var world = await World.StartAsync(
            new EngineOptions { TokenKey = new byte[32], Retention = TimeSpan.FromDays(1) });
        var machine = await world.CreateAsync("m", Definitions.Pass);
        _ = await world.WaitAsync(await world.StartAsync(machine, "e"));

        world.Time.Advance(TimeSpan.FromHours(23));
        _ = await Assert.ThrowsAsync<ApiException>(() => world.StartAsync(machine, "e"));
        await World.UntilAsync(
            () =>
            {
                world.Time.Advance(TimeSpan.FromMinutes(30));
                return world.Store.ExecutionCount == 0;
            },
            "the execution is removed");

        _ = await world.StartAsync(machine, "e");
    }
}

using Lungfish.Durable;
using Lungfish.Durable.Deciding;
using Lungfish.Durable.Journal;
using Lungfish.Engine.Api;
using Lungfish.Engine.Storage;
using Lungfish.Engine.Tests.Support;

namespace Lungfish.Engine.Tests;

public sealed class DurableQueryTests
{
    private static readonly DurableQuery All = new() { CountMax = 100 };

    [Fact]
    public async Task List_ByFunctionVersionStatusesAndTime_OnlyThose()
    {
        await using var world = await DurableWorld.StartAsync();
        await FillAsync(world);
        var f = DurableWorld.ArnOf("f", "")[..^1];

        Assert.Equal("a b c d", await NamesAsync(world, All));
        Assert.Equal("d c b a", await NamesAsync(world, All with { Reverse = true }));
        Assert.Equal("a b d", await NamesAsync(world, All with { FunctionArn = f }));
        Assert.Equal("b d", await NamesAsync(world, All with { FunctionArn = f, Version = "2" }));
        Assert.Equal("b", await NamesAsync(world, All with { Name = "b" }));
        Assert.Equal("a d", await NamesAsync(world, All with
        {
            FunctionArn = f,
            Statuses = [DurableStatus.Succeeded, DurableStatus.Stopped],
        }));
        Assert.Equal("b c", await NamesAsync(world, All with
        {
            StartedAfter = FakeTime.Noon,
            StartedBefore = FakeTime.Noon.AddMinutes(3),
        }));
        Assert.Equal("", await NamesAsync(world, All with { FunctionArn = f, Version = "9" }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task List_PageByPage_EachOnceInOrder(bool reverse)
    {
        await using var world = await DurableWorld.StartAsync();
        await FillAsync(world);
        var query = All with { CountMax = 1, Reverse = reverse };
        var names = new List<string>();
        do
        {
            var page = await world.Executions.ListAsync(query, DurableWorld.Cancelled);
            names.Add(Assert.Single(page.Items).Name);
            query = query with { Marker = page.NextToken };
        }
        while (query.Marker is not null);

        Assert.Equal(reverse ? ["d", "c", "b", "a"] : ["a", "b", "c", "d"], names);
    }

    [Fact]
    public async Task List_MarkerOfAnotherQuery_IsRefused()
    {
        await using var world = await DurableWorld.StartAsync();
        await FillAsync(world);
        var page = await world.Executions.ListAsync(All with { CountMax = 1 }, DurableWorld.Cancelled);

        foreach (var query in new[]
        {
            All with { Marker = page.NextToken, Reverse = true },
            All with { Marker = page.NextToken, Statuses = [DurableStatus.Failed] },
            All with { Marker = "garbage" },
        })
        {
            var refusal = await Assert.ThrowsAsync<ApiException>(
                () => world.Executions.ListAsync(query, DurableWorld.Cancelled));
            Assert.Equal(("InvalidParameterValueException", 400), (refusal.Code, refusal.HttpStatus));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(100)]
    public async Task History_PageByPageBothWays_EachEventOnce(int countMax)
    {
        await using var world = await DurableWorld.StartAsync();
        var arn = await world.StartPendingAsync(
            Updates.StepStart("s"), Updates.StepSucceed("s", "1"), Updates.Wait("w", 600));

        foreach (var reverse in new[] { false, true })
        {
            var ids = new List<long>();
            string? marker = null;
            do
            {
                var page = await world.Executions.ReadHistoryAsync(
                    arn, countMax, reverse, marker, DurableWorld.Cancelled);
                ids.AddRange(page.Items.Select(e => e.EventId));
                marker = page.NextToken;
            }
            while (marker is not null);

            Assert.Equal(reverse ? [5L, 4, 3, 2, 1] : [1L, 2, 3, 4, 5], ids);
        }
    }

    [Fact]
    public async Task FollowHistory_WhileItRuns_GivesEachEventUntilTheEnd()
    {
        await using var world = await DurableWorld.StartAsync();
        var arn = await world.StartPendingAsync(Updates.Wait("w", 60));
        world.Functions.Does = (_, _) => Task.FromResult<InvocationOutcome>(new ReturnedSuccess("1"));
        var types = new List<HistoryEventType>();

        await foreach (var e in world.Executions.FollowHistoryAsync(arn, 1, DurableWorld.Cancelled))
        {
            types.Add(e.Type);
            if (e.Type == HistoryEventType.InvocationCompleted && types.Count == 2)
            {
                world.Time.Advance(TimeSpan.FromSeconds(60));
            }
        }

        Assert.Equal(
            [
                HistoryEventType.WaitStarted,
                HistoryEventType.InvocationCompleted,
                HistoryEventType.WaitSucceeded,
                HistoryEventType.InvocationCompleted,
                HistoryEventType.ExecutionSucceeded,
            ],
            types);
    }

    [Fact]
    public async Task WatchStatus_StartsRedrivesAndEnds_InTheirOrder()
    {
        await using var world = await DurableWorld.StartAsync();
        var watch = world.Executions.WatchStatusAsync(DurableWorld.Cancelled)
            .GetAsyncEnumerator(DurableWorld.Cancelled);
        var next = watch.MoveNextAsync();
        world.Functions.Does = (_, _) => Task.FromResult<InvocationOutcome>(new ReturnedFailure(ErrorObject.Empty));
        var seen = new List<(DurableStatus, bool)>();

        var started = await world.StartAsync("e");
        await SeeAsync();
        await SeeAsync();
        world.Functions.Does = (_, _) => Task.FromResult<InvocationOutcome>(new ReturnedSuccess("1"));
        _ = await world.Executions.RedriveAsync(started.ExecutionArn, DurableWorld.Cancelled);
        await SeeAsync();
        await SeeAsync();

        Assert.Equal(
            [
                (DurableStatus.Running, false),
                (DurableStatus.Failed, true),
                (DurableStatus.Running, false),
                (DurableStatus.Succeeded, true),
            ],
            seen);

        async Task SeeAsync()
        {
            Assert.True(await next);
            Assert.Equal(started.ExecutionArn, watch.Current.ExecutionArn);
            seen.Add((watch.Current.Status, watch.Current.EndedAt is not null));
            next = watch.MoveNextAsync();
        }
    }

    [Fact]
    public async Task ReadState_PageByPage_IsWhatTheInvocationIsToSee()
    {
        await using var world = await DurableWorld.StartAsync();
        var pages = new List<string>();
        world.Functions.Does = async (invocation, _) =>
        {
            if (invocation.Operations.Count == 1)
            {
                var steps = Enumerable.Range(0, 5).SelectMany(i => new[]
                {
                    Updates.StepStart($"s{i}"), Updates.StepSucceed($"s{i}", $"{i}"),
                });
                var answer = await world.CheckpointAsync(invocation, [.. steps, Updates.Wait("w", 60)]);
                return answer.CheckpointToken is null ? new ReturnedSuccess(null) : new ReturnedPending();
            }

            var marker = invocation.MarkerAt(2);
            while (marker is not null)
            {
                var page = await world.Executions.ReadStateAsync(
                    invocation.Execution.Arn, invocation.CheckpointToken, marker, 3, DurableWorld.Cancelled);
                pages.Add(string.Join(' ', page.Items.Select(operation => operation.Id)));
                marker = page.NextToken;
            }

            var first = await world.Executions.ReadStateAsync(
                invocation.Execution.Arn, invocation.CheckpointToken, null, 1_000, DurableWorld.Cancelled);
            Assert.Equal(invocation.Operations, first.Items);
            var poll = await world.CheckpointAsync(invocation); // Reading does not spend the token; this does.
            Assert.NotNull(poll.CheckpointToken);
            var refusal = await Assert.ThrowsAsync<ApiException>(() => world.Executions.ReadStateAsync(
                invocation.Execution.Arn, invocation.CheckpointToken, null, 1_000, DurableWorld.Cancelled));
            return new ReturnedFailure(new ErrorObject { ErrorMessage = refusal.Message });
        };
        var started = await world.StartAsync("e");
        await world.RestsAsync("e");
        world.Time.Advance(TimeSpan.FromSeconds(60));

        var ended = await world.WaitAsync(started);

        Assert.Equal(["s1 s2 s3", "s4 w"], pages);
        Assert.StartsWith("Invalid Checkpoint Token", ended.Error?.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadState_AfterACheckpoint_ShowsWhatItChanged()
    {
        await using var world = await DurableWorld.StartAsync();
        world.Functions.Does = async (invocation, _) =>
        {
            var arn = invocation.Execution.Arn;
            var answer = await world.CheckpointAsync(invocation, Updates.StepStart("s"), Updates.StepSucceed("s", "1"));
            var page = await world.Executions.ReadStateAsync(
                arn, answer.CheckpointToken ?? "", null, 10, DurableWorld.Cancelled);
            return new ReturnedSuccess(string.Join(' ', page.Items.Select(o => $"{o.Type} {o.Status} {o.Payload}")));
        };

        var ended = await world.WaitAsync(await world.StartAsync("e", "7"));

        Assert.Equal("Execution Started 7 Step Succeeded 1", ended.Result);
    }

    [Fact]
    public async Task Retention_OfItsOwn_RemovesItThatLongAfterItsEnd()
    {
        await using var world = await DurableWorld.StartAsync();
        _ = await world.WaitAsync(await world.StartAsync("short", retentionDays: 1));
        var kept = await world.StartAsync("long", retentionDays: 3);
        _ = await world.WaitAsync(kept);

        world.Time.Advance(TimeSpan.FromHours(23.9));
        Assert.Equal(2, world.Store.ExecutionCount);
        await World.UntilAsync(
            () =>
            {
                world.Time.Advance(TimeSpan.FromMinutes(10));
                return world.Store.ExecutionCount == 1;
            },
            "the first is removed");

        Assert.Equal("long", Assert.Single((await world.Executions.ListAsync(All, DurableWorld.Cancelled)).Items).Name);
        Assert.True((await world.StartAsync("short", "\"anew\"")).IsNew); // Its name is free again.
    }

    [Fact]
    public async Task StateMachines_ListsAndWatches_TellNothingOfDurableExecutions()
    {
        await using var world = await DurableWorld.StartAsync();
        await FillAsync(world);

        var headers = await world.Store.ListExecutionsAsync(
            new ExecutionQuery { CountMax = 100 }, DurableWorld.Cancelled);

        Assert.Empty(headers);
    }

    /// <summary>a: succeeded on version 1; b: runs on version 2; c: of another function; d: stopped. One a
    /// minute.</summary>
    private static async Task FillAsync(DurableWorld world)
    {
        _ = await world.WaitAsync(await world.StartAsync("a", version: "1"));
        world.Functions.Does = (_, cancelled) => world.Functions.ForeverAsync<InvocationOutcome>(cancelled);
        world.Time.Advance(TimeSpan.FromMinutes(1));
        _ = await world.StartAsync("b", version: "2");
        world.Time.Advance(TimeSpan.FromMinutes(1));
        _ = await world.StartAsync("c", function: "fg");
        world.Time.Advance(TimeSpan.FromMinutes(1));
        var last = await world.StartAsync("d", version: "2");
        _ = await world.Executions.StopAsync(last.ExecutionArn, null, DurableWorld.Cancelled);
    }

    private static async Task<string> NamesAsync(DurableWorld world, DurableQuery query) => string.Join(
        ' ', (await world.Executions.ListAsync(query, DurableWorld.Cancelled)).Items.Select(item => item.Name));
}

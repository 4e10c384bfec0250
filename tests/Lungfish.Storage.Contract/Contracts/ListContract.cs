using Lungfish.Engine.Storage;
using Lungfish.States.Deciding;

namespace Lungfish.Storage.Contract.Contracts;

public abstract class ListContract(IStoreHost host) : StoreContract(host)
{
    private static readonly ExecutionQuery OfOrders = new() { StateMachineArn = Given.Orders, CountMax = 100 };

    private async Task<List<string>> NamesAsync(ExecutionQuery query) =>
        (await Store.ListExecutionsAsync(query, Cancellation)).Select(header => header.Key.Name).ToList();

    [Fact]
    public async Task ListNames_PageByPage_AreAllOfThatOwner()
    {
        string[] names = [.. Enumerable.Range(0, 25).Select(i => $"näme-{i}")];
        await (await OwnAsync()).CommitAsync(
            [.. names.Select(name => Given.Birth(name)), Given.Birth("other", Given.Refunds)]);

        var listed = new List<string>();
        IReadOnlyList<string>? page;
        do
        {
            page = await Store.ListNamesAsync(Given.Orders, listed.LastOrDefault(), 10, Cancellation);
            listed.AddRange(page ?? []);
        }
        while (page is { Count: 10 });

        Assert.Equal(names.Order(), listed.Order());
    }

    [Fact]
    public async Task ListNames_OfAnOwnerWithoutExecutions_AreNone()
    {
        await (await OwnAsync()).CommitAsync(Given.Birth("a"));

        Assert.Equal([], await Store.ListNamesAsync(Given.Refunds, null, 10, Cancellation));
    }

    [Fact]
    public async Task ListExecutions_OfAMachine_NewestFirst()
    {
        await (await OwnAsync()).CommitAsync(
            Given.Birth("b", second: 2), Given.Birth("a", second: 1), Given.Birth("c", second: 3),
            Given.Birth("other", Given.Refunds, second: 2));

        Assert.Equal(["c", "b", "a"], await NamesAsync(OfOrders));
    }

    [Fact]
    public async Task ListExecutions_OfAllMachines_NewestFirst()
    {
        await (await OwnAsync()).CommitAsync(
            Given.Birth("a", second: 1), Given.Birth("b", Given.Refunds, second: 2), Given.Birth("c", second: 3));

        Assert.Equal(["c", "b", "a"], await NamesAsync(OfOrders with { StateMachineArn = null }));
    }

    [Fact]
    public async Task ListExecutions_OpenAndClosed_InOneOrder()
    {
        await (await OwnAsync()).CommitAsync(
            Given.Birth("a", second: 1), Given.Birth("b", second: 2) with { Resting = Given.Closed() },
            Given.Birth("c", second: 3) with { Resting = new Parked(null) },
            Given.Birth("d", second: 4) with { Resting = Given.Closed(ExecutionStatus.Failed) });

        Assert.Equal(["d", "c", "b", "a"], await NamesAsync(OfOrders));
    }

    [Theory]
    [InlineData(ExecutionStatus.Running, "parked active")]
    [InlineData(ExecutionStatus.Succeeded, "succeeded")]
    [InlineData(ExecutionStatus.Failed, "failed")]
    [InlineData(ExecutionStatus.TimedOut, "timed-out")]
    [InlineData(ExecutionStatus.Aborted, "aborted")]
    public async Task ListExecutions_ByStatus_OnlyThose(ExecutionStatus status, string expected)
    {
        await (await OwnAsync()).CommitAsync(
            Given.Birth("active", second: 1),
            Given.Birth("parked", second: 2) with { Resting = new Parked(Given.Noon.AddDays(1)) },
            Given.Birth("succeeded", second: 3) with { Resting = Given.Closed() },
            Given.Birth("failed", second: 4) with { Resting = Given.Closed(ExecutionStatus.Failed) },
            Given.Birth("timed-out", second: 5) with { Resting = Given.Closed(ExecutionStatus.TimedOut) },
            Given.Birth("aborted", second: 6) with { Resting = Given.Closed(ExecutionStatus.Aborted) });

        var headers = await Store.ListExecutionsAsync(OfOrders with { Status = status }, Cancellation);

        Assert.Equal(expected, string.Join(' ', headers.Select(header => header.Key.Name)));
        Assert.All(headers, header => Assert.Equal(status, header.Status));
    }

    [Fact]
    public async Task ListExecutions_ExecutionThatMovesOn_IsListedOnceInItsNewStatus()
    {
        var owner = await OwnAsync();
        var birth = Given.Birth("a");
        await owner.CommitAsync(birth);
        await owner.CommitAsync(Given.After(birth) with { Resting = new Parked(Given.Noon.AddDays(1)) });
        await owner.CommitAsync(Given.After(birth) with { Resting = new Active() });
        await owner.CommitAsync(Given.After(birth) with { Resting = Given.Closed() });

        Assert.Equal(["a"], await NamesAsync(OfOrders));
        Assert.Empty(await NamesAsync(OfOrders with { Status = ExecutionStatus.Running }));
        Assert.Equal(["a"], await NamesAsync(OfOrders with { Status = ExecutionStatus.Succeeded }));
    }

    [Fact]
    public async Task ListExecutions_PageByPage_EachOnceInOrder()
    {
        // Several began at the same moment: the id decides, and the cursor must not lose or repeat one.
        var births = Enumerable.Range(0, 25).Select(i => Given.Birth($"order-{i}", second: i / 4) with
        {
            Resting = i % 3 == 0 ? Given.Closed() : i % 3 == 1 ? new Active() : new Parked(null),
        }).ToList();
        await (await OwnAsync()).CommitAsync([.. births]);

        var listed = new List<ExecutionHeader>();
        ExecutionCursor? after = null;
        while (await Store.ListExecutionsAsync(
            OfOrders with { After = after, CountMax = 4 }, Cancellation) is { Count: > 0 } page)
        {
            Assert.True(page.Count <= 4);
            listed.AddRange(page);
            after = new ExecutionCursor(page[^1].StartedAt, page[^1].Id.Uuid);
        }

        Assert.Equal(
            births.OrderByDescending(birth => birth.Birth?.StartedAt).ThenByDescending(birth => birth.Id.Uuid)
                .Select(birth => birth.Id),
            listed.Select(header => header.Id));
    }

    [Theory]
    [InlineData("or", "order-2 order-1")]
    [InlineData("order-1", "order-1")]
    [InlineData("x", "")]
    [InlineData("_", "_")]
    [InlineData("O", "")]
    public async Task ListExecutions_ByPrefix_OnlyThose(string prefix, string expected)
    {
        await (await OwnAsync()).CommitAsync(
            Given.Birth("order-1", second: 1), Given.Birth("order-2", second: 2), Given.Birth("o", second: 3),
            Given.Birth("_", second: 4), Given.Birth("p", second: 5));

        Assert.Equal(expected, string.Join(' ', await NamesAsync(OfOrders with { NamePrefix = prefix })));
    }

    [Fact]
    public async Task ListExecutions_PrefixOfMoreNamesThanAreLookedAt_FindsTheOneThatIsThePrefix()
    {
        var longer = Enumerable.Range(0, ExecutionQuery.PrefixedNamesMax)
            .Select(i => Given.Birth($"order-{i}", second: 2));
        await (await OwnAsync()).CommitAsync([Given.Birth("order", second: 1), .. longer]);

        Assert.Contains("order", await NamesAsync(OfOrders with { NamePrefix = "order", CountMax = 2_000 }));
    }

    [Fact]
    public async Task ListCallbacks_OldestFirst_WithAllTheyHold()
    {
        var order = Given.Birth("order-1");
        var refund = Given.Birth("refund-1", Given.Refunds);
        var oldest = Given.Callback(refund, 2, second: 1) with { Deadline = Given.Noon.AddHours(1) };
        var newest = Given.Callback(order, 7, second: 3) with { Kind = "activity" };
        var middle = Given.Callback(order, 5, second: 2);
        await (await OwnAsync()).CommitAsync(
            order with { CallbacksAdded = [newest, middle] }, refund with { CallbacksAdded = [oldest] });

        Assert.Equal([oldest, middle, newest], await CallbacksAsync(new() { CountMax = 10 }));
        Assert.Equal([oldest, middle], await CallbacksAsync(new() { CountMax = 2 }));
        Assert.Equal(
            [middle, newest], await CallbacksAsync(new() { StateMachineArn = Given.Orders, CountMax = 10 }));
        Assert.Equal([oldest], await CallbacksAsync(new() { ExecutionName = "refund-1", CountMax = 10 }));
        Assert.Empty(await CallbacksAsync(new() { ExecutionName = "refund-2", CountMax = 10 }));
    }

    private Task<IReadOnlyList<StoredCallback>> CallbacksAsync(CallbackQuery query) =>
        Store.ListCallbacksAsync(query, Cancellation);

    [Fact]
    public async Task Commit_CallbackRemoved_IsNotListed()
    {
        var owner = await OwnAsync();
        var birth = Given.Birth("order-1");
        await owner.CommitAsync(birth with { CallbacksAdded = [Given.Callback(birth, 1), Given.Callback(birth, 2)] });
        await owner.CommitAsync(Given.After(birth) with
        {
            CallbacksAdded = [Given.Callback(birth, 3)],
            CallbacksRemoved = [1, 3], // A task may come and go within one batch.
        });

        var left = Assert.Single(await Store.ListCallbacksAsync(new CallbackQuery { CountMax = 10 }, Cancellation));
        Assert.Equal(2, left.TaskId);
    }

    [Fact]
    public async Task Commit_Closed_TakesItsCallbacksWithIt()
    {
        var owner = await OwnAsync();
        var birth = Given.Birth("order-1");
        await owner.CommitAsync(birth with { CallbacksAdded = [Given.Callback(birth, 1)] });
        await owner.CommitAsync(Given.After(birth) with { Resting = Given.Closed(ExecutionStatus.Aborted) });

        Assert.Empty(await Store.ListCallbacksAsync(new CallbackQuery { CountMax = 10 }, Cancellation));
    }
}

using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Storage;
using Lungfish.States.Deciding;

namespace Lungfish.Storage.Contract.Contracts;

/// <summary>Lists of durable executions, beside those of state machines.</summary>
public abstract class DurableListContract(IStoreHost host) : StoreContract(host)
{
    private static readonly DurableFilter All = new();

    private static ExecutionDelta Birth(string name, string version, int second, string function = Given.Function) =>
        Given.Birth(name, $"{function}:{version}", second);

    private async Task<string> NamesAsync(DurableFilter filter, int countMax = 100) => string.Join(
        ' ',
        (await Store.ListExecutionsAsync(new() { Durable = filter, CountMax = countMax }, Cancellation))
            .Select(header => header.Key.Name));

    [Fact]
    public async Task ListExecutions_OfAllKinds_EachKindOnItsOwn()
    {
        await (await OwnAsync()).CommitAsync(Given.Birth("machine"), Birth("durable", "1", 1));

        Assert.Equal("durable", await NamesAsync(All));
        var machines = await Store.ListExecutionsAsync(new() { CountMax = 9 }, Cancellation);
        Assert.Equal("machine", Assert.Single(machines).Key.Name);
    }

    [Fact]
    public async Task ListExecutions_OfAFunction_AllItsVersionsAndNoOthers()
    {
        await (await OwnAsync()).CommitAsync(
            Birth("a", "$LATEST", 1), Birth("b", "1", 2), Birth("c", "12", 3),
            Birth("x", "1", 4, Given.Function + "-2"), Birth("y", "1", 5, Given.Function[..^1]));

        Assert.Equal("c b a", await NamesAsync(All with { FunctionArn = Given.Function }));
        Assert.Equal("b", await NamesAsync(All with { FunctionArn = Given.Function, Version = "1" }));
        Assert.Equal("", await NamesAsync(All with { FunctionArn = Given.Function, Version = "2" }));
        Assert.Equal("y x c b a", await NamesAsync(All));
    }

    [Theory]
    [InlineData(false, "f s r p a")]
    [InlineData(true, "a p r s f")]
    public async Task ListExecutions_ByStatuses_InTheOrderAskedFor(bool oldestFirst, string all)
    {
        await (await OwnAsync()).CommitAsync(
            Birth("a", "1", 1),
            Birth("p", "2", 2) with { Resting = new Parked(null) },
            Birth("r", "1", 3) with { Resting = Given.Closed() },
            Birth("s", "2", 4) with { Resting = Given.Closed(ExecutionStatus.Aborted) },
            Birth("f", "1", 5) with { Resting = Given.Closed(ExecutionStatus.Failed) });
        var filter = All with { OldestFirst = oldestFirst };

        Assert.Equal(all, await NamesAsync(filter));
        var some = await NamesAsync(filter with
        {
            Statuses = [ExecutionStatus.Failed, ExecutionStatus.Running, ExecutionStatus.Running],
        });
        Assert.Equal(oldestFirst ? "a p f" : "f p a", some);
        Assert.Equal(oldestFirst ? "a p" : "f s", await NamesAsync(filter, countMax: 2));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ListExecutions_ByTime_BetweenTheMomentsAndNotAtThem(bool oldestFirst)
    {
        await (await OwnAsync()).CommitAsync(
            [.. Enumerable.Range(1, 5).Select(i => Birth($"e{i}", $"{i % 2}", i))]);
        var filter = All with { OldestFirst = oldestFirst };
        var second = Given.Noon.AddSeconds(2);
        var fourth = Given.Noon.AddSeconds(4);

        Assert.Equal("e3", await NamesAsync(filter with { StartedAfter = second, StartedBefore = fourth }));
        Assert.Equal(
            oldestFirst ? "e3 e4 e5" : "e5 e4 e3", await NamesAsync(filter with { StartedAfter = second }));
        Assert.Equal("e1", await NamesAsync(filter with { StartedBefore = second }));
        Assert.Equal("", await NamesAsync(filter with { StartedAfter = fourth, StartedBefore = second }));
    }

    [Fact]
    public async Task ListExecutions_ByName_InEveryVersionIfTheRestFits()
    {
        await (await OwnAsync()).CommitAsync(
            Birth("a", "1", 1), Birth("a", "2", 2) with { Resting = Given.Closed() }, Birth("ab", "1", 3));
        var named = All with { Name = "a" };

        Assert.Equal("a a", await NamesAsync(named));
        Assert.Equal("a", await NamesAsync(named with { Statuses = [ExecutionStatus.Succeeded] }));
        Assert.Equal("a", await NamesAsync(named with { StartedAfter = Given.Noon.AddSeconds(1) }));
        Assert.Equal("", await NamesAsync(named with { StartedBefore = Given.Noon.AddSeconds(1) }));
        Assert.Equal("", await NamesAsync(named with { Version = "3", FunctionArn = Given.Function }));
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, null)]
    [InlineData(false, "same")]
    [InlineData(true, "same")]
    public async Task ListExecutions_PageByPage_EachOnceInOrder(bool oldestFirst, string? name)
    {
        // Several began at the same moment: the id decides, and the cursor must not lose or repeat one.
        var births = Enumerable.Range(0, 25)
            .Select(i => Birth(name ?? $"e{i}", version: $"{(name is null ? i % 3 : i)}", second: i / 4) with
            {
                Resting = i % 2 == 0 ? Given.Closed() : new Parked(null),
            })
            .ToList();
        await (await OwnAsync()).CommitAsync([.. births]);

        var query = new ExecutionQuery { Durable = All with { OldestFirst = oldestFirst, Name = name }, CountMax = 4 };
        var listed = new List<ExecutionId>();
        while (await Store.ListExecutionsAsync(query, Cancellation) is { Count: > 0 } page)
        {
            Assert.True(page.Count <= 4);
            listed.AddRange(page.Select(header => header.Id));
            query = query with { After = new ExecutionCursor(page[^1].StartedAt, page[^1].Id.Uuid) };
        }

        var expected = births.OrderBy(birth => birth.Birth?.StartedAt).ThenBy(birth => birth.Id.Uuid)
            .Select(birth => birth.Id).ToList();
        if (!oldestFirst)
        {
            expected.Reverse();
        }

        Assert.Equal(expected, listed);
    }

    [Fact]
    public async Task ListCallbacks_OfDurableExecutions_ByFunctionAndExecution()
    {
        var machine = Given.Birth("machine");
        var first = Birth("first", "1", 1);
        var second = Birth("second", "2", 2);
        var other = Birth("other", "1", 3, "arn:aws:lambda:us-east-1:000000000000:function:other");
        await (await OwnAsync()).CommitAsync(
            machine with { CallbacksAdded = [Given.Callback(machine, 1)] },
            first with { CallbacksAdded = [Given.Callback(first, 1, second: 2)] },
            second with { CallbacksAdded = [Given.Callback(second, 1, second: 1)] },
            other with { CallbacksAdded = [Given.Callback(other, 1, second: 3)] });
        var durable = new CallbackQuery { Durable = true, CountMax = 9 };

        Assert.Equal("second first other", await CallbacksAsync(durable));
        Assert.Equal("second", await CallbacksAsync(durable with { CountMax = 1 }));
        Assert.Equal("second first", await CallbacksAsync(durable with { FunctionArn = Given.Function }));
        Assert.Equal("first", await CallbacksAsync(durable with { Execution = first.Id }));
        Assert.Equal("machine", await CallbacksAsync(new() { CountMax = 9 }));
    }

    private async Task<string> CallbacksAsync(CallbackQuery query) => string.Join(
        ' ', (await Store.ListCallbacksAsync(query, Cancellation)).Select(callback => callback.Key.Name));
}

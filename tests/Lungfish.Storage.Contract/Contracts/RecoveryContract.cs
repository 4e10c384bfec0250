using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Storage;

namespace Lungfish.Storage.Contract.Contracts;

public abstract class RecoveryContract(IStoreHost host) : StoreContract(host)
{
    private static readonly DateTimeOffset Tomorrow = Given.Noon.AddDays(1);

    private async Task<IEnumerable<ExecutionId>> WakeupsAsync(DateTimeOffset before) =>
        (await ReadWakeupsAsync(before, 100)).Select(wakeup => wakeup.Id);

    private Task<IReadOnlyList<Wakeup>> ReadWakeupsAsync(DateTimeOffset before, int countMax) =>
        Store.ReadWakeupsAsync(Given.AllSlots, ExecutionKind.StateMachine, before, countMax, Cancellation);

    [Fact]
    public async Task ReadActive_OnlyWhatHasSomethingInFlight()
    {
        var active = Given.Birth("active");
        var woken = Given.Birth("woken") with { Resting = new Parked(Tomorrow) };
        var owner = await OwnAsync();
        await owner.CommitAsync(
            active, woken, Given.Birth("parked") with { Resting = new Parked(null) },
            Given.Birth("closed") with { Resting = Given.Closed() });
        await owner.CommitAsync(Given.After(woken) with { Resting = new Active() });

        await ReopenAsync();

        Assert.Equal(
            new[] { active.Id, woken.Id }.ToHashSet(),
            (await Store.ReadActiveAsync(Given.AllSlots, Cancellation)).ToHashSet());
    }

    [Fact]
    public async Task ReadActive_OfARange_OnlyItsSlots()
    {
        var birth = Given.Birth("order-1");
        await (await OwnAsync()).CommitAsync(birth);
        var slot = birth.Id.Slot.Number;

        Assert.Equal([birth.Id], await Store.ReadActiveAsync(new(slot, (short)(slot + 1)), Cancellation));
        Assert.Empty(await Store.ReadActiveAsync(new(0, slot), Cancellation));
        Assert.Empty(await Store.ReadActiveAsync(new((short)(slot + 1), Slot.Count), Cancellation));
    }

    [Fact]
    public async Task Commit_ActiveAgain_LeavesItActive()
    {
        var owner = await OwnAsync();
        var birth = Given.Birth("order-1");
        await owner.CommitAsync(birth);
        await owner.CommitAsync(Given.After(birth) with { Resting = new Active() });

        Assert.Equal([birth.Id], await Store.ReadActiveAsync(Given.AllSlots, Cancellation));
    }

    [Fact]
    public async Task ReadWakeups_EarliestFirst_BeforeTheMomentOnly()
    {
        var late = Given.Birth("late") with { Resting = new Parked(Tomorrow.AddSeconds(2)) };
        var early = Given.Birth("early") with { Resting = new Parked(Tomorrow) };
        var middle = Given.Birth("middle") with { Resting = new Parked(Tomorrow.AddSeconds(1)) };
        await (await OwnAsync()).CommitAsync(
            late, early, middle, Given.Birth("never") with { Resting = new Parked(null) }, Given.Birth("active"));

        await ReopenAsync();

        Assert.Equal([early.Id, middle.Id], await WakeupsAsync(Tomorrow.AddSeconds(2)));
        Assert.Equal([early.Id, middle.Id, late.Id], await WakeupsAsync(Tomorrow.AddSeconds(2).AddTicks(1)));
        var first = Assert.Single(await ReadWakeupsAsync(DateTimeOffset.MaxValue, 1));
        Assert.Equal(new Wakeup(early.Id, Tomorrow), first);
    }

    [Fact]
    public async Task ReadWakeups_OfOneSecond_InTheOrderOfTheirIds()
    {
        var second = DateTimeOffset.FromUnixTimeSeconds(Tomorrow.ToUnixTimeSeconds());
        ExecutionDelta[] inSecond =
        [
            .. Enumerable.Range(0, 3).Select(n => Given.Birth($"sleeper-{n}", second: n) with
            {
                Resting = new Parked(second.AddMilliseconds(999 - n)),
            }),
        ];
        var later = Given.Birth("later") with { Resting = new Parked(second.AddSeconds(1)) };
        await (await OwnAsync()).CommitAsync([later, inSecond[2], inSecond[0], inSecond[1]]);
        ExecutionId[] expected = [.. inSecond.Select(one => one.Id).OrderBy(id => id.Uuid), later.Id];

        Assert.Equal(expected, await WakeupsAsync(DateTimeOffset.MaxValue));
        Assert.Equal(expected[..2], (await ReadWakeupsAsync(DateTimeOffset.MaxValue, 2)).Select(one => one.Id));
    }

    [Fact]
    public async Task ReadWakeups_OfAKind_OnlyThose()
    {
        var machine = Given.Birth("m") with { Resting = new Parked(Tomorrow) };
        var durable = Given.Birth("d", $"{Given.Function}:$LATEST") with { Resting = new Parked(Tomorrow) };
        await (await OwnAsync()).CommitAsync(machine, durable);

        Assert.Equal([machine.Id], await WakeupsAsync(DateTimeOffset.MaxValue));
        Assert.Equal(
            new Wakeup(durable.Id, Tomorrow),
            Assert.Single(await Store.ReadWakeupsAsync(
                Given.AllSlots, ExecutionKind.Durable, DateTimeOffset.MaxValue, 9, Cancellation)));
    }

    [Fact]
    public async Task ReadWakeups_AfterTheRestChanged_IsAsOfTheLast()
    {
        var owner = await OwnAsync();
        var sooner = Given.Birth("sooner") with { Resting = new Parked(Tomorrow) };
        var called = Given.Birth("called") with { Resting = new Parked(Tomorrow) };
        var stopped = Given.Birth("stopped") with { Resting = new Parked(Tomorrow) };
        await owner.CommitAsync(sooner, called, stopped);
        await owner.CommitAsync(
            Given.After(sooner) with { Resting = new Parked(Given.Noon) },
            Given.After(called) with { Resting = new Active() },
            Given.After(stopped) with { Resting = Given.Closed() });

        var wakeup = Assert.Single(await ReadWakeupsAsync(DateTimeOffset.MaxValue, 9));
        Assert.Equal(new Wakeup(sooner.Id, Given.Noon), wakeup);
    }

    [Fact]
    public async Task ReadWakeups_OfARange_OnlyItsSlots()
    {
        var birth = Given.Birth("order-1") with { Resting = new Parked(Tomorrow) };
        await (await OwnAsync()).CommitAsync(birth);
        var slot = birth.Id.Slot.Number;

        Assert.Single(await Store.ReadWakeupsAsync(
            new(slot, (short)(slot + 1)), ExecutionKind.StateMachine, DateTimeOffset.MaxValue, 9, Cancellation));
        Assert.Empty(await Store.ReadWakeupsAsync(
            new(0, slot), ExecutionKind.StateMachine, DateTimeOffset.MaxValue, 9, Cancellation));
        Assert.Empty(await Store.ReadWakeupsAsync(
            new((short)(slot + 1), Slot.Count), ExecutionKind.StateMachine, DateTimeOffset.MaxValue, 9, Cancellation));
    }

    [Theory]
    [InlineData(1, 1, "0")]
    [InlineData(2, 3, "0 2")]
    [InlineData(3, 7, "2 3")]
    [InlineData(8, 100, "")]
    [InlineData(1, 100, "0 2 3")]
    public async Task ReadJournal_RangeOfEvents_OnlyTheSegmentsThatHoldThem(long first, long last, string expected)
    {
        // Events 1 and 2, none, 3 to 5, 6 and 7.
        var owner = await OwnAsync();
        var birth = Given.Birth("order-1");
        await owner.CommitAsync(birth);
        await owner.CommitAsync(Given.After(birth) with { Journal = Given.Segment(1, 3, 0) });
        await owner.CommitAsync(Given.After(birth) with { Journal = Given.Segment(2, 3, 3) });
        await owner.CommitAsync(Given.After(birth) with { Journal = Given.Segment(3, 6, 2, "large") });

        var segments = await Store.ReadJournalAsync(birth.Id, first, last, Cancellation);

        Assert.Equal(expected, string.Join(' ', segments.Select(segment => segment.Sequence)));
        Assert.All(segments.Where(segment => segment.Sequence == 3), segment => Assert.Single(segment.Content.Blobs));
    }

    [Fact]
    public async Task RemoveClosed_OldestFirstUpToTheCount_WithAllTheyOwn()
    {
        var owner = await OwnAsync();
        var oldest = Given.Birth("oldest") with
        {
            Resting = Given.Closed(second: 1),
            Journal = Given.Segment(0, 1, 1, "large"),
        };
        var older = Given.Birth("older") with { Resting = Given.Closed(second: 2) };
        var kept = Given.Birth("kept") with { Resting = Given.Closed(second: 3) };
        var open = Given.Birth("open");
        await owner.CommitAsync(kept, older, oldest, open);
        var closedBefore = Given.Noon.AddSeconds(3);

        Assert.Equal(1, await Store.RemoveClosedAsync(closedBefore, Given.Noon, 1, Cancellation));
        Assert.Null(await Store.FindExecutionAsync(oldest.Id, Cancellation));
        Assert.NotNull(await Store.FindExecutionAsync(older.Id, Cancellation));
        Assert.Equal(1, await Store.RemoveClosedAsync(closedBefore, Given.Noon, 10, Cancellation));
        Assert.Equal(0, await Store.RemoveClosedAsync(closedBefore, Given.Noon, 10, Cancellation));

        Assert.NotNull(await Store.FindExecutionAsync(kept.Id, Cancellation));
        Assert.NotNull(await Store.FindExecutionAsync(open.Id, Cancellation));
        Assert.Empty(await Store.ReadJournalAsync(oldest.Id, 1, 100, Cancellation));
    }

    [Fact]
    public async Task RemoveClosed_OfARetentionOfItsOwn_CountsFromItsEndAndNothingElse()
    {
        var owner = await OwnAsync();
        var early = Own("early", Given.Noon.AddSeconds(1));
        var late = Own("late", Given.Noon.AddSeconds(2));
        var without = Given.Birth("without") with { Resting = Given.Closed(second: 0) };
        await owner.CommitAsync(late, early, without);

        Assert.Equal(1, await Store.RemoveClosedAsync(Given.Noon, Given.Noon.AddSeconds(1), 10, Cancellation));
        Assert.Null(await Store.FindExecutionAsync(early.Id, Cancellation));
        Assert.Equal(1, await Store.RemoveClosedAsync(DateTimeOffset.MaxValue, Given.Noon, 10, Cancellation));
        Assert.Null(await Store.FindExecutionAsync(without.Id, Cancellation));
        Assert.NotNull(await Store.FindExecutionAsync(late.Id, Cancellation));

        static ExecutionDelta Own(string name, DateTimeOffset removeAt) => Given.Birth(name) with
        {
            Resting = Given.Closed(second: 0) with { RemoveAt = removeAt },
        };
    }

    [Fact]
    public async Task RemoveClosed_ThenTheSameName_IsFree()
    {
        var owner = await OwnAsync();
        await owner.CommitAsync(Given.Birth("order-1") with { Resting = Given.Closed() });
        await Store.RemoveClosedAsync(DateTimeOffset.MaxValue, Given.Noon, 10, Cancellation);
        var again = Given.Birth("order-1", second: 60);

        await owner.CommitAsync(again);

        Assert.Equal(again.Id, (await Store.FindByNameAsync(Given.Key(again), Cancellation))?.Id);
    }
}

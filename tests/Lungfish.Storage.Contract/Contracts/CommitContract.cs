using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Storage;
using Lungfish.States.Deciding;

namespace Lungfish.Storage.Contract.Contracts;

public abstract class CommitContract(IStoreHost host) : StoreContract(host)
{
    [Fact]
    public async Task FindExecution_Unknown_IsNull()
    {
        Assert.Null(await Store.FindExecutionAsync(Given.Birth("order-1").Id, Cancellation));
    }

    [Fact]
    public async Task Commit_Birth_ReadsBackAfterReopening()
    {
        var birth = Given.Birth("order-1");
        await (await OwnAsync()).CommitAsync(birth);

        await ReopenAsync();

        var stored = await GetAsync(birth);
        Assert.Equal(birth.Id, stored.Header.Id);
        Assert.Equal(Given.Key(birth), stored.Header.Key);
        Assert.Equal("revision-1", stored.Header.Revision);
        Assert.Equal(ExecutionStatus.Running, stored.Header.Status);
        Assert.Equal(Given.Noon, stored.Header.StartedAt);
        Assert.Null(stored.Header.StoppedAt);
        Assert.Null(stored.Header.Output);
        var segment = Assert.Single(stored.Journal);
        Assert.Equal((0, 1L, 2), (segment.Sequence, segment.FirstEventId, segment.EventCount));
        Assert.Equal("segment 0", Given.Text(segment.Content.Segment));
    }

    [Fact]
    public async Task ReadJournal_AnyRangeOfALongJournal_GivesTheSegmentsThatHoldIt()
    {
        var owner = await OwnAsync();
        var birth = Given.Birth("order-1");
        await owner.CommitAsync(birth);
        var segments = new List<NewSegment> { Given.Segment(0, 1, 2) };
        foreach (var count in (int[])[3, 0, 1, 5, 0, 0, 1, 1, 7, 0])
        {
            segments.Add(Given.Segment(segments.Count, segments[^1].FirstEventId + segments[^1].EventCount, count));
            await owner.CommitAsync(Given.After(birth) with { Journal = segments[^1] });
        }

        const int last = 20;
        Assert.Equal(last, await Store.FindLastEventIdAsync(birth.Id, Cancellation));
        for (var first = 1; first <= last + 1; first++)
        {
            for (var end = first; end <= last + 1; end++)
            {
                var holding = segments
                    .Where(segment => segment.EventCount > 0 && segment.FirstEventId <= end
                        && segment.FirstEventId + segment.EventCount > first)
                    .Select(segment => segment.Sequence);
                var read = await Store.ReadJournalAsync(birth.Id, first, end, Cancellation);
                Assert.Equal(holding, read.Select(segment => segment.Sequence));
            }
        }
    }

    [Fact]
    public async Task FindLastEventId_Unknown_IsZero() =>
        Assert.Equal(0, await Store.FindLastEventIdAsync(Given.Birth("order-1").Id, Cancellation));

    [Theory]
    [InlineData(ExecutionStatus.Succeeded)]
    [InlineData(ExecutionStatus.Failed)]
    [InlineData(ExecutionStatus.TimedOut)]
    [InlineData(ExecutionStatus.Aborted)]
    public async Task Commit_Closed_ReadsBackAfterReopening(ExecutionStatus status)
    {
        var owner = await OwnAsync();
        var birth = Given.Birth("order-1");
        await owner.CommitAsync(birth);
        var closed = new Closed(
            status, Given.Noon.AddHours(1), Given.Bytes("""{"total":7}"""), "Orders.Late", "Too late é");
        await owner.CommitAsync(Given.After(birth) with { Journal = Given.Segment(1, 3, 4), Resting = closed });

        await ReopenAsync();

        var stored = await GetAsync(birth);
        Assert.Equal(status, stored.Header.Status);
        Assert.Equal(closed.StoppedAt, stored.Header.StoppedAt);
        Assert.Equal("""{"total":7}""", Given.Text(stored.Header.Output ?? default));
        Assert.Equal(("Orders.Late", "Too late é"), (stored.Header.Error, stored.Header.Cause));
        Assert.Equal([0, 1], stored.Journal.Select(segment => segment.Sequence));
    }

    [Fact]
    public async Task Commit_BornAndClosedAtOnce_IsClosed()
    {
        var birth = Given.Birth("order-1") with { Resting = Given.Closed() };

        await (await OwnAsync()).CommitAsync(birth);

        Assert.Equal(ExecutionStatus.Succeeded, (await GetAsync(birth)).Header.Status);
        Assert.Empty(await Store.ReadActiveAsync(Given.AllSlots, Cancellation));
    }

    [Fact]
    public async Task Commit_EmptySegmentAndOutput_StayEmptyAndAreNotNull()
    {
        var birth = Given.Birth("order-1") with
        {
            Journal = new NewSegment(0, 1, 0, new(ReadOnlyMemory<byte>.Empty, [])),
            Resting = new Closed(ExecutionStatus.Failed, Given.Noon, ReadOnlyMemory<byte>.Empty, "", ""),
        };

        await (await OwnAsync()).CommitAsync(birth);

        var stored = await GetAsync(birth);
        Assert.Equal(0, stored.Header.Output?.Length);
        Assert.Equal(("", ""), (stored.Header.Error, stored.Header.Cause));
        Assert.Equal(0, stored.Journal[0].Content.Segment.Length);
    }

    [Fact]
    public async Task Commit_SegmentsWithPayloads_ReadBackInTheOrderOfTheirUse()
    {
        var owner = await OwnAsync();
        var birth = Given.Birth("order-1") with { Journal = Given.Segment(0, 1, 1, "large B", "large A") };
        await owner.CommitAsync(birth);
        await owner.CommitAsync(Given.After(birth) with { Journal = Given.Segment(1, 2, 1, "large A", "large C") });

        var journal = (await GetAsync(birth)).Journal;

        Assert.Equal(["large B", "large A"], journal[0].Content.Blobs.Select(blob => Given.Text(blob.Content)));
        Assert.Equal(
            [Given.Blob("large A").Id, Given.Blob("large C").Id], journal[1].Content.Blobs.Select(blob => blob.Id));
    }

    [Fact]
    public async Task Read_SegmentsThatNameOnePayload_HoldItOnce()
    {
        var owner = await OwnAsync();
        var birth = Given.Birth("order-1") with { Journal = Given.Segment(0, 1, 1, "large") };
        await owner.CommitAsync(birth);
        await owner.CommitAsync(Given.After(birth) with { Journal = Given.Segment(1, 2, 1, "large") });

        var whole = (await GetAsync(birth)).Journal;
        var page = await Store.ReadJournalAsync(birth.Id, 1, 2, Cancellation);

        // Equal memories are the same bytes at the same place.
        Assert.True(whole[0].Content.Blobs[0].Content.Equals(whole[1].Content.Blobs[0].Content));
        Assert.True(page[0].Content.Blobs[0].Content.Equals(page[1].Content.Blobs[0].Content));
    }

    [Fact]
    public async Task Commit_SegmentOfManyPages_ReadsBackWhole()
    {
        var content = new byte[1_000_000];
        new Random(7).NextBytes(content);
        var birth = Given.Birth("order-1") with { Journal = new NewSegment(0, 1, 900, new(content, [])) };

        await (await OwnAsync()).CommitAsync(birth);

        Assert.True((await GetAsync(birth)).Journal[0].Content.Segment.Span.SequenceEqual(content));
    }

    [Fact]
    public async Task Commit_SegmentThatLeavesAGap_WritesNothing()
    {
        var owner = await OwnAsync();
        var birth = Given.Birth("order-1");
        await owner.CommitAsync(birth);

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            owner.CommitAsync(Given.Birth("order-2"), Given.After(birth) with { Journal = Given.Segment(2, 9, 1) }));

        Assert.Single((await GetAsync(birth)).Journal);
        Assert.Null(await Store.FindByNameAsync(new ExecutionKey(Given.Orders, "order-2"), Cancellation));
        await owner.CommitAsync(Given.Birth("order-2")); // The sequence was not used up, and the store goes on.
    }

    [Fact]
    public async Task Commit_NameThatIsTaken_WritesNothing()
    {
        var owner = await OwnAsync();
        var first = Given.Birth("order-1");
        await owner.CommitAsync(first);

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            owner.CommitAsync(Given.Birth("order-2"), Given.Birth("order-1", second: 5)));

        Assert.Equal(first.Id, (await Store.FindByNameAsync(Given.Key(first), Cancellation))?.Id);
        Assert.Null(await Store.FindByNameAsync(new ExecutionKey(Given.Orders, "order-2"), Cancellation));
    }

    [Fact]
    public async Task Commit_ToAClosedExecution_IsRefused()
    {
        var owner = await OwnAsync();
        var birth = Given.Birth("order-1") with { Resting = Given.Closed() };
        await owner.CommitAsync(birth);

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            owner.CommitAsync(Given.After(birth) with { Resting = Given.Closed(ExecutionStatus.Failed) }));
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            owner.CommitAsync(Given.After(birth) with { Resting = new Active() }));

        Assert.Equal(ExecutionStatus.Succeeded, (await GetAsync(birth)).Header.Status);
    }

    [Fact]
    public async Task Commit_Reopened_IsOpenAgainAndForgetsHowItEnded()
    {
        var owner = await OwnAsync();
        var birth = Given.Birth("order-1", $"{Given.Function}:1") with
        {
            Resting = new Closed(ExecutionStatus.Failed, Given.Noon, Given.Bytes("{}"), "Error", "Cause")
            {
                RemoveAt = Given.Noon.AddDays(1),
            },
        };
        await owner.CommitAsync(birth);
        var tomorrow = Given.Noon.AddDays(1);
        await owner.CommitAsync(Given.After(birth) with
        {
            Journal = Given.Segment(1, 3, 1),
            Resting = new Parked(tomorrow),
            Reopens = true,
        });

        await ReopenAsync();

        var header = (await GetAsync(birth)).Header;
        Assert.Equal((ExecutionStatus.Running, null), (header.Status, header.StoppedAt));
        Assert.Equal((null, null, null), (header.Output, header.Error, header.Cause));
        Assert.Equal(
            new Wakeup(birth.Id, tomorrow),
            Assert.Single(await Store.ReadWakeupsAsync(
                Given.AllSlots, ExecutionKind.Durable, DateTimeOffset.MaxValue, 9, Cancellation)));
        Assert.Equal(0, await Store.RemoveClosedAsync(DateTimeOffset.MaxValue, tomorrow, 9, Cancellation));
    }

    [Fact]
    public async Task Commit_ReopenedAndClosedAtOnce_IsClosedAnew()
    {
        var owner = await OwnAsync();
        var birth = Given.Birth("order-1") with { Resting = Given.Closed(ExecutionStatus.Failed) };
        await owner.CommitAsync(birth);

        await owner.CommitAsync(Given.After(birth) with { Resting = Given.Closed(second: 99), Reopens = true });

        var header = (await GetAsync(birth)).Header;
        Assert.Equal((ExecutionStatus.Succeeded, Given.Noon.AddSeconds(99)), (header.Status, header.StoppedAt));
    }

    [Fact]
    public async Task Commit_ReopensAnOpenExecution_WritesNothing()
    {
        var owner = await OwnAsync();
        var birth = Given.Birth("order-1");
        await owner.CommitAsync(birth);

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            owner.CommitAsync(Given.After(birth) with { Resting = new Parked(null), Reopens = true }));

        Assert.Equal([birth.Id], await Store.ReadActiveAsync(Given.AllSlots, Cancellation));
    }

    [Fact]
    public async Task FindByName_SameNameInTwoMachines_FindsEach()
    {
        var order = Given.Birth("seven");
        var refund = Given.Birth("seven", Given.Refunds);
        await (await OwnAsync()).CommitAsync(order, refund);

        Assert.Equal(order.Id, (await Store.FindByNameAsync(Given.Key(order), Cancellation))?.Id);
        Assert.Equal(refund.Id, (await Store.FindByNameAsync(Given.Key(refund), Cancellation))?.Id);
        Assert.Null(await Store.FindByNameAsync(new ExecutionKey(Given.Orders, "SEVEN"), Cancellation));
    }

    [Fact]
    public async Task Find_RightAfterACommit_SeesItWhileOthersCommit()
    {
        var lanes = await Task.WhenAll(Enumerable.Range(0, 8).Select(number =>
            Store.AcquireAsync(new(number), Given.AllSlots, Guid.NewGuid(), Cancellation)));

        await Task.WhenAll(lanes.Select(lease => Task.Run(async () =>
        {
            var owner = new Owner(Store, lease);
            for (var i = 0; i < 25; i++)
            {
                var birth = Given.Birth($"order-{lease.Partition.Number}-{i}");
                await owner.CommitAsync(birth);
                Assert.Equal(birth.Id, (await Store.FindByNameAsync(Given.Key(birth), Cancellation))?.Id);
                await owner.CommitAsync(Given.After(birth) with { Journal = Given.Segment(1, 3, 1) });
                Assert.Equal(2, (await GetAsync(birth)).Journal.Length);
            }
        })));
    }

    [Fact]
    public async Task Find_AfterTheStoreWasClosed_IsRefused()
    {
        await Store.DisposeAsync();

        await Assert.ThrowsAsync<StoreUnavailableException>(
            () => Store.FindExecutionAsync(Given.Birth("order-1").Id, Cancellation));
    }
}

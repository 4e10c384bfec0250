using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Storage;

namespace Lungfish.Storage.Contract.Contracts;

public abstract class LeaseContract(IStoreHost host) : StoreContract(host)
{
    private static readonly SlotRange LowSlots = new(0, 8_192);
    private static readonly SlotRange HighSlots = new(8_192, Slot.Count);

    [Fact]
    public async Task Acquire_Again_RaisesTheEpochAndKeepsTheSequence()
    {
        var first = await OwnAsync();
        await first.CommitAsync(Given.Birth("order-1"));

        var second = await OwnAsync();

        Assert.True(second.Lease.Epoch.Value > first.Lease.Epoch.Value);
        Assert.Equal(first.Lease.CommitSequence, second.Lease.CommitSequence);
    }

    [Fact]
    public async Task Acquire_AfterReopening_RaisesTheEpoch()
    {
        var before = await OwnAsync();
        await ReopenAsync();

        Assert.True((await OwnAsync()).Lease.Epoch.Value > before.Lease.Epoch.Value);
    }

    [Fact]
    public async Task Commit_OfAFormerOwner_IsRefusedAndWritesNothing()
    {
        var former = await OwnAsync();
        var owner = await OwnAsync();
        var birth = Given.Birth("order-1");

        var lost = await Assert.ThrowsAsync<LeaseLostException>(() => former.CommitAsync(birth));

        Assert.Equal(Given.Partition, lost.Partition);
        Assert.Null(await Store.FindExecutionAsync(birth.Id, Cancellation));
        await owner.CommitAsync(birth);
    }

    [Fact]
    public async Task Commit_WithTheEpochButAnotherOwner_IsRefused()
    {
        var owner = await OwnAsync();
        var impostor = new Owner(Store, owner.Lease with { Owner = Guid.NewGuid() });

        await Assert.ThrowsAsync<LeaseLostException>(() => impostor.CommitAsync(Given.Birth("order-1")));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task Commit_WithAnotherSequence_IsRefused(int difference)
    {
        var owner = await OwnAsync();
        await owner.CommitAsync(Given.Birth("order-1"));
        var other = new Owner(Store, owner.Lease with { CommitSequence = owner.Lease.CommitSequence + difference });

        await Assert.ThrowsAsync<LeaseLostException>(() => other.CommitAsync(Given.Birth("order-2")));
    }

    [Fact]
    public async Task Commit_OfAPartitionThatNobodyTook_IsRefused()
    {
        var stranger = new Owner(Store, new PartitionLease(new(9), Given.AllSlots, new(1), Guid.NewGuid(), 0));

        await Assert.ThrowsAsync<LeaseLostException>(() => stranger.CommitAsync(Given.Birth("order-1")));
    }

    [Fact]
    public async Task Commit_OneOfTwoPartitionsLost_WritesNeither()
    {
        var owner = Guid.NewGuid();
        var low = await Store.AcquireAsync(new(1), LowSlots, owner, Cancellation);
        var high = await Store.AcquireAsync(new(2), HighSlots, owner, Cancellation);
        await Store.AcquireAsync(new(2), HighSlots, Guid.NewGuid(), Cancellation);
        var birth = Given.Birth("order-1");

        var lost = await Assert.ThrowsAsync<LeaseLostException>(() => Store.CommitAsync(
            new LaneBatch([new PartitionBatch(low, [birth]), new PartitionBatch(high, [Given.Birth("order-2")])]),
            Cancellation));

        Assert.Equal(new PartitionId(2), lost.Partition);
        Assert.Null(await Store.FindExecutionAsync(birth.Id, Cancellation));
        await new Owner(Store, low).CommitAsync(birth); // Its sequence did not move either.
    }

    [Fact]
    public async Task Commit_ManyAtOnce_EachSucceedsOrFailsOnItsOwn()
    {
        var tasks = new List<(Task Commit, ExecutionDelta Birth, bool IsOwner)>();
        for (var number = 0; number < 40; number++)
        {
            var lease = await Store.AcquireAsync(new(number), Given.AllSlots, Guid.NewGuid(), Cancellation);
            var isOwner = number % 4 != 0;
            var birth = Given.Birth($"order-{number}");
            var owner = new Owner(Store, isOwner ? lease : lease with { Owner = Guid.NewGuid() });
            tasks.Add((owner.CommitAsync(birth), birth, isOwner));
        }

        foreach (var (commit, birth, isOwner) in tasks)
        {
            if (isOwner)
            {
                await commit;
            }
            else
            {
                await Assert.ThrowsAsync<LeaseLostException>(() => commit);
            }

            Assert.Equal(isOwner, await Store.FindExecutionAsync(birth.Id, Cancellation) is not null);
        }
    }

    [Fact]
    public async Task Commit_OneThatBreaksARuleAmongMany_FailsAlone()
    {
        var taken = Given.Birth("taken");
        await (await OwnAsync()).CommitAsync(taken);
        var owners = new List<Owner>();
        for (var number = 1; number <= 20; number++)
        {
            owners.Add(new Owner(
                Store, await Store.AcquireAsync(new(number), Given.AllSlots, Guid.NewGuid(), Cancellation)));
        }

        var births = owners
            .Select((_, i) => i == 10 ? Given.Birth("taken", second: 1) : Given.Birth($"free-{i}")).ToList();
        var commits = owners.Zip(births, (owner, birth) => owner.CommitAsync(birth)).ToList();

        await Assert.ThrowsAsync<InvalidOperationException>(() => commits[10]);
        await Task.WhenAll(commits.Where((_, i) => i != 10));
        foreach (var (birth, i) in births.Select((birth, i) => (birth, i)))
        {
            Assert.Equal(i != 10, await Store.FindExecutionAsync(birth.Id, Cancellation) is not null);
        }
    }

    [Fact]
    public async Task Commit_NextBeforeTheFormerIsAnswered_AppliesBothInOrder()
    {
        var owner = await OwnAsync();
        var birth = Given.Birth("order-1");
        var next = owner.Lease with { CommitSequence = owner.Lease.CommitSequence + 1 };

        var first = owner.CommitAsync(birth);
        var second = new Owner(Store, next).CommitAsync(
            Given.After(birth) with { Journal = Given.Segment(1, 3, 1), Resting = Given.Closed() });
        await Task.WhenAll(first, second);

        Assert.Equal(2, (await GetAsync(birth)).Journal.Length);
    }
}

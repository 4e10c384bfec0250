using Lungfish.Engine.Partitions;
using Lungfish.Engine.Tests.Support;

namespace Lungfish.Engine.Tests;

/// <summary>A new name is started without asking the store for it, and a taken one never is.</summary>
public sealed class TakenNamesTests
{
    private static EngineOptions Options => new() { TokenKey = new byte[32], NamesLookedUpFirst = 1 };

    [Fact]
    public async Task Start_NewNames_AreNotLookedUp()
    {
        await using var world = await World.StartAsync(Options);
        var machine = await world.CreateAsync("m", Definitions.Pass);
        await NamesAreKnownAsync(world, machine);
        var misses = world.Store.MissCount;

        for (var i = 0; i < 20; i++)
        {
            _ = await world.WaitAsync(await world.StartAsync(machine, $"e{i}"));
        }

        Assert.Equal(misses, world.Store.MissCount);
    }

    [Fact]
    public async Task Start_NamesFromBeforeTheRestart_AreRefused()
    {
        await using var world = await World.StartAsync(Options);
        var machine = await world.CreateAsync("m", Definitions.Pass);
        for (var i = 0; i < 20; i++)
        {
            _ = await world.WaitAsync(await world.StartAsync(machine, $"e{i}"));
        }

        await world.RestartAsync();
        await NamesAreKnownAsync(world, machine);

        for (var i = 0; i < 20; i++)
        {
            await IsTakenAsync(world, machine, $"e{i}");
        }
    }

    [Fact]
    public async Task Start_NameOfOneThatBeganAndEndedWhileNamesWereRead_IsRefused()
    {
        await using var world = await World.StartAsync(Options);
        var machine = await world.CreateAsync("m", Definitions.Pass);
        var gate = world.Store.NamesGate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = await world.WaitAsync(await world.StartAsync(machine, "first"));
        await World.UntilAsync(() => world.Store.NamesListedCount > 0, "names are read");

        _ = await world.WaitAsync(await world.StartAsync(machine, "meanwhile"));
        gate.SetResult();
        await NamesAreKnownAsync(world, machine);

        await IsTakenAsync(world, machine, "meanwhile");
    }

    [Fact]
    public async Task Start_CommitUnderWayAsNamesAreAskedFor_TheyAreReadWhenItIsDurable()
    {
        await using var world = await World.StartAsync(Options);
        var machine = await world.CreateAsync("m", Definitions.Pass);
        var arrived = world.Store.HoldCommits();
        var first = world.StartAsync(machine, null); // Not asked for, so nothing is read yet, and it is not added.
        _ = await arrived;

        var second = world.StartAsync(machine, "second");
        var third = world.StartAsync(machine, "third");
        await Task.Yield();
        Assert.Equal(0, world.Store.NamesListedCount);
        world.Store.ReleaseCommits();

        var name = (await world.WaitAsync(await first)).Summary.Name;
        _ = await world.WaitAsync(await second);
        _ = await world.WaitAsync(await third);
        await NamesAreKnownAsync(world, machine);
        await IsTakenAsync(world, machine, name);
        await IsTakenAsync(world, machine, "second");
        await IsTakenAsync(world, machine, "third");
    }

    [Fact]
    public async Task Start_NamesCannotBeRead_AreLookedUp()
    {
        await using var world = await World.StartAsync(Options);
        var machine = await world.CreateAsync("m", Definitions.Pass);
        world.Store.NamesGate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        world.Store.NamesGate.SetException(new Storage.StoreUnavailableException("The disk is away."));
        _ = await world.WaitAsync(await world.StartAsync(machine, "e"));
        await World.UntilAsync(() => world.Store.NamesListedCount > 0, "names are read");
        var misses = world.Store.MissCount;

        await IsTakenAsync(world, machine, "e");
        _ = await world.WaitAsync(await world.StartAsync(machine, "f"));

        Assert.Equal(misses + 1, world.Store.MissCount);
    }

    [Fact]
    public async Task Start_MoreNamesThanAreKept_AreLookedUp()
    {
        await using var world = await World.StartAsync(Options with { NameFilterLayersMax = 1 });
        var machine = await world.CreateAsync("m", Definitions.Pass);
        await NamesAreKnownAsync(world, machine);

        var started = await Task.WhenAll(
            Enumerable.Range(0, 2_000).Select(i => world.StartAsync(machine, $"e{i}")));
        foreach (var one in started)
        {
            _ = await world.WaitAsync(one);
        }

        await IsTakenAsync(world, machine, "e0");
        await IsTakenAsync(world, machine, "e1999");
    }

    [Fact]
    public void NameFilter_NamesThatWereAdded_AreAllKnown()
    {
        var filter = new NameFilter(layersMax: 3);
        for (var i = 0; i < 40_000; i++)
        {
            Assert.True(filter.TryAdd($"order-{i}"));
        }

        Assert.All(Enumerable.Range(0, 40_000), i => Assert.True(filter.MayHave($"order-{i}")));
    }

    [Fact]
    public void NameFilter_OtherNames_AreNearlyAllNew()
    {
        var filter = new NameFilter(layersMax: 3);
        for (var i = 0; i < 40_000; i++)
        {
            Assert.True(filter.TryAdd($"order-{i}"));
        }

        // The same names each time, so this is no luck: by its theory 0.24 % at most in each of three layers.
        Assert.InRange(Enumerable.Range(40_000, 40_000).Count(i => filter.MayHave($"order-{i}")), 0, 400);
    }

    [Fact]
    public void NameFilter_Full_TakesNoMore()
    {
        var filter = new NameFilter(layersMax: 1);
        for (var i = 0; i < 1_024; i++)
        {
            Assert.True(filter.TryAdd($"order-{i}"));
        }

        Assert.False(filter.TryAdd("one-too-many"));
    }

    /// <summary>Starts executions until one is started without a look-up.</summary>
    private static async Task NamesAreKnownAsync(World world, string machine)
    {
        for (var i = 0; i < 1_000; i++)
        {
            var misses = world.Store.MissCount;
            _ = await world.WaitAsync(await world.StartAsync(machine, $"probe-{i}-{Guid.NewGuid()}"));
            if (world.Store.MissCount == misses)
            {
                return;
            }

            await Task.Delay(5, World.Cancelled);
        }

        Assert.Fail("Names were never read.");
    }

    private static async Task IsTakenAsync(World world, string machine, string name)
    {
        var refusal = await Assert.ThrowsAsync<ApiException>(() => world.StartAsync(machine, name, """{"other":1}"""));
        Assert.Equal("ExecutionAlreadyExists", refusal.Code);
    }
}

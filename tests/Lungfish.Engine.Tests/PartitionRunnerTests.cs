using Lungfish.Engine.Tasks;
using Lungfish.Engine.Tests.Support;
using Lungfish.States.Deciding;

namespace Lungfish.Engine.Tests;

/// <summary>One thread takes a request from its arrival to its answer, and no thread takes on more and more.</summary>
public sealed class PartitionRunnerTests
{
    [ThreadStatic]
    private static int t_depth;

    [Fact]
    public async Task Start_StoreCommitsBeforeItReturns_IsAnsweredOnTheSameThread()
    {
        await using var world = new World { Store = { CompletesSynchronously = true } };
        await world.StartEngineAsync();
        var machine = await world.CreateAsync("m", Definitions.Wait(60));
        _ = await world.StartAsync(machine, null); // The first one reads the definition.

        var start = world.StartAsync(machine, null);

        Assert.True(start.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Start_EachTaskStartsTheNextExecution_DoesNotNest()
    {
        const int count = 500;
        await using var world = new World { Store = { CompletesSynchronously = true } };
        await world.StartEngineAsync();
        var machine = await world.CreateAsync("m", Definitions.Task);
        var last = new TaskCompletionSource();
        var depthMax = 0;
        var started = 0;
        world.Handler.Does = assignment =>
        {
            depthMax = Math.Max(depthMax, ++t_depth);
            if (Interlocked.Increment(ref started) < count)
            {
                _ = world.StartAsync(machine, null);
            }
            else
            {
                last.SetResult();
            }

            t_depth--;
            return new TaskCompleted(assignment.Task.Input);
        };

        _ = await world.StartAsync(machine, null);
        await last.Task.WaitAsync(TimeSpan.FromSeconds(30), World.Cancelled);

        Assert.Equal(1, depthMax);
    }

    [Fact]
    public async Task Start_TaskIsDoneAtOnce_IsAnsweredBeforeItsResultIsDurable()
    {
        await using var world = new World { Store = { CompletesSynchronously = true } };
        await world.StartEngineAsync();
        var machine = await world.CreateAsync("m", Definitions.Task);
        _ = await world.WaitAsync(await world.StartAsync(machine, null)); // The first one reads the definition.
        var atTheTask = 0;
        world.Handler.Does = assignment =>
        {
            atTheTask = world.Store.CommitCount;
            _ = world.Store.HoldCommits();
            return new TaskCompleted(assignment.Task.Input);
        };

        var start = world.StartAsync(machine, null);

        Assert.True(start.IsCompletedSuccessfully);
        Assert.Equal(atTheTask, world.Store.CommitCount);
        world.Store.ReleaseCommits();
        Assert.Equal(ExecutionStatus.Succeeded, (await world.WaitAsync(await start)).Summary.Status);
    }
}

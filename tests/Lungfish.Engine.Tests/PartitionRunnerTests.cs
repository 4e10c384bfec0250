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
        var committedBy = 0;
        world.Store.Dice = () =>
        {
            committedBy = Environment.CurrentManagedThreadId;
            return Fate.Ok;
        };

        await UntilAsync(async () =>
        {
            var start = world.StartAsync(machine, null);
            var isAnsweredHere = start.IsCompletedSuccessfully && committedBy == Environment.CurrentManagedThreadId;
            await start;
            return isAnsweredHere;
        });
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
        await UntilAsync(async () =>
        {
            var atTheTask = new TaskCompletionSource<int>();
            world.Handler.Does = assignment =>
            {
                _ = world.Store.HoldCommits();
                atTheTask.SetResult(world.Store.CommitCount);
                return new TaskCompleted(assignment.Task.Input);
            };

            var start = world.StartAsync(machine, null);
            var isAnswered = start.IsCompletedSuccessfully;
            var commits = world.Store.CommitCount;
            var commitsAtTheTask = await atTheTask.Task.WaitAsync(TimeSpan.FromSeconds(30), World.Cancelled);
            world.Store.ReleaseCommits();
            Assert.Equal(ExecutionStatus.Succeeded, (await world.WaitAsync(await start)).Summary.Status);
            return isAnswered && commits == commitsAtTheTask;
        });
    }

    /// <summary>What holds at rest: the first start reads the definition, and the thread of the one before may still be
    /// on its way out.</summary>
    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var tries = 0; tries < 1_000; tries++)
        {
            if (await holds())
            {
                return;
            }
        }

        Assert.Fail("It never held.");
    }
}

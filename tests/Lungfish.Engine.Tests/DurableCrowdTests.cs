using Lungfish.Durable.Deciding;
using Lungfish.Engine.Tests.Support;
using Lungfish.Storage.Sqlite;

namespace Lungfish.Engine.Tests;

/// <summary>Many at once.</summary>
public sealed class DurableCrowdTests
{
    [Fact]
    public async Task Invoke_MoreThanMayRun_LetsTheOthersWait()
    {
        await using var world = await DurableWorld.StartAsync(
            new EngineOptions { TokenKey = new byte[32], RunningInvocationsMax = 3 });
        var running = 0;
        var most = 0;
        world.Functions.Does = async (_, _) =>
        {
            var now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            await Task.Yield();
            _ = Interlocked.Decrement(ref running);
            return new ReturnedSuccess("1");
        };

        var started = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => world.StartAsync($"e{i}")));
        foreach (var execution in started)
        {
            _ = await world.WaitAsync(execution);
        }

        Assert.InRange(most, 1, 3);
        Assert.Equal(200, world.Functions.Invoked.Count);
    }

    [Fact]
    public async Task Wake_ManyDueAtOnce_AreWokenAsOthersHaveEnded()
    {
        const int Count = 2_000;
        await using var world = await DurableWorld.StartAsync(new EngineOptions
        {
            TokenKey = new byte[32],
            PartitionCount = 1,
            RunningInvocationsMax = 2,
            RestingExecutionsMax = 0,
        });
        world.Functions.Does = world.CheckpointThenPending(Updates.Wait("w", 60));
        for (var i = 0; i < Count; i++)
        {
            _ = await world.StartAsync($"e{i}", timeoutSeconds: 1_000_000);
        }

        await World.UntilAsync(
            () =>
            {
                world.Time.Advance(TimeSpan.FromMilliseconds(10)); // What lingers becomes durable.
                return world.Store.CountParked() == Count;
            },
            "all sleep");
        var gate = new TaskCompletionSource();
        world.Functions.Does = async (_, cancelled) =>
        {
            await gate.Task.WaitAsync(cancelled);
            return new ReturnedSuccess("1");
        };
        var reads = world.Store.FindExecutionCount;
        world.Time.Advance(TimeSpan.FromSeconds(60));
        await World.UntilAsync(
            () =>
            {
                world.Time.Advance(TimeSpan.FromMilliseconds(100)); // A timer may just have been set.
                return world.Functions.Invoked.Count == Count + 2;
            },
            "as many run as may");

        // While these run, the others are not even read.
        _ = await world.StartAsync("other");
        Assert.InRange(world.Store.FindExecutionCount - reads, 0, 200); // None, if the first two have not left yet.
        gate.SetResult();
        await World.UntilAsync(() => world.Store.CountRunning() == 0, "all have ended");
        Assert.InRange(world.Store.FindExecutionCount - reads, Count / 2, int.MaxValue);
        Assert.Equal((2 * Count) + 1, world.Functions.Invoked.Count);
    }

    [Fact]
    public async Task Engine_OnSqliteWithRestarts_AllEndOnce()
    {
        var directory = Directory.CreateTempSubdirectory("lungfish-durable-");
        try
        {
            await using var world = new DurableWorld();
            var path = Path.Combine(directory.FullName, "lungfish.db");
            await using (var store = await SqliteStore.OpenAsync(path, new SqliteStoreOptions()))
            {
                await world.StartEngineAsync(store);
                world.Functions.Does = world.CheckpointThenPending(Updates.Wait("w", 60), Updates.Callback("c"));
                _ = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => world.StartAsync($"e{i}", $"{i}")));
                await World.UntilAsync(() => world.Functions.Invoked.Count == 50, "all are invoked");
                await world.Engine.DisposeAsync();
            }

            await using var again = await SqliteStore.OpenAsync(path, new SqliteStoreOptions());
            world.Functions.Does = async (invocation, cancelled) =>
            {
                if (invocation.Operations.Count == 1)
                {
                    return await world.CheckpointThenPending(Updates.Wait("w", 60), Updates.Callback("c"))(
                        invocation, cancelled);
                }

                var callback = invocation.Operations[2];
                return callback.IsOpen ? new ReturnedPending() : new ReturnedSuccess(callback.Payload);
            };
            await world.StartEngineAsync(again);
            await World.UntilAsync(() => ListCallbacks().Count == 50, "all wait");
            foreach (var callback in ListCallbacks())
            {
                await world.Executions.SucceedCallbackAsync(
                    callback.CallbackId, $"\"{callback.ExecutionArn.Split('/')[2]}\"", DurableWorld.Cancelled);
            }

            var listed = await world.Executions.ListAsync(
                new Api.DurableQuery { CountMax = 100 }, DurableWorld.Cancelled);
            Assert.Equal(50, listed.Items.Count);
            foreach (var execution in listed.Items)
            {
                var ended = await world.WaitAsync(execution.ExecutionArn);
                Assert.Equal(
                    (Lungfish.Durable.DurableStatus.Succeeded, $"\"{execution.Name}\"", execution.Name[1..]),
                    (ended.Summary.Status, ended.Result, ended.Input));
                var history = await world.HistoryAsync(execution.ExecutionArn);
                Assert.Equal(Enumerable.Range(1, history.Count).Select(id => (long)id), history.Select(e => e.EventId));
            }

            Assert.Empty(ListCallbacks());
            await world.Engine.DisposeAsync();

            IReadOnlyList<Api.PendingDurableCallback> ListCallbacks() =>
                world.Executions.ListCallbacksAsync(null, null, 100, DurableWorld.Cancelled).GetAwaiter().GetResult();
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static void InterlockedMax(ref int target, int value)
    {
        var seen = Volatile.Read(ref target);
        while (value > seen && Interlocked.CompareExchange(ref target, value, seen) is var before && before != seen)
        {
            seen = before;
        }
    }
}

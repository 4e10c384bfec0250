using Lungfish.Engine.Tests.Support;
using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.Storage.Sqlite;

namespace Lungfish.Engine.Tests;

/// <summary>The engine on the store that ships.</summary>
public sealed class SqliteTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lungfish-engine-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Engine_StartsCallbacksWaitsAndRestarts_AllEndOnce()
    {
        await using var world = new World();
        await using (var store = await OpenAsync())
        {
            await world.StartEngineAsync(store);
            var callback = await world.CreateAsync("callback", Definitions.CallbackWithTimeout);
            var wait = await world.CreateAsync("wait", Definitions.Wait(60));
            var task = await world.CreateAsync("task", Definitions.Task);
            _ = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => world.StartAsync(callback, $"c{i}", $"{i}")));
            _ = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => world.StartAsync(wait, $"w{i}", $"{i}")));
            foreach (var started in await Task.WhenAll(
                Enumerable.Range(0, 50).Select(i => world.StartAsync(task, $"t{i}", $"{i}"))))
            {
                Assert.Equal(ExecutionStatus.Succeeded, (await world.WaitAsync(started)).Summary.Status);
            }

            await world.Engine.DisposeAsync();
        }

        await using var again = await OpenAsync();
        await world.StartEngineAsync(again);
        world.Time.Advance(TimeSpan.FromMinutes(1));
        var callbacks = await world.Executions.ListCallbacksAsync(null, null, 100, World.Cancelled);
        Assert.Equal(50, callbacks.Count);
        foreach (var waiting in callbacks)
        {
            await world.Executions.SucceedTaskAsync(waiting.TaskToken, JsonValue.True, World.Cancelled);
        }

        foreach (var kind in new[] { "c", "w", "t" })
        {
            var machine = kind switch { "c" => "callback", "w" => "wait", _ => "task" };
            for (var i = 0; i < 50; i++)
            {
                var arn = $"arn:aws:states:us-east-1:000000000000:execution:{machine}:{kind}{i}";
                var ended = await world.WaitAsync(new Api.StartedExecution(arn, default));
                Assert.Equal((ExecutionStatus.Succeeded, $"{i}"), (ended.Summary.Status, ended.Input));
                var history = await world.Executions.ReadHistoryAsync(arn, 1000, false, null, World.Cancelled);
                Assert.Equal(
                    Enumerable.Range(1, history.Items.Count).Select(id => (long)id),
                    history.Items.Select(e => e.Id));
            }
        }

        await world.Engine.DisposeAsync();
    }

    private Task<SqliteStore> OpenAsync() =>
        SqliteStore.OpenAsync(Path.Combine(_directory.FullName, "lungfish.db"), new SqliteStoreOptions());
}

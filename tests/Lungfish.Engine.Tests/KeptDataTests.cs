using Lungfish.Durable;
using Lungfish.Durable.Deciding;
using Lungfish.Engine.Api;
using Lungfish.Engine.Storage;
using Lungfish.Engine.Tests.Support;
using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.Storage.Sqlite;

namespace Lungfish.Engine.Tests;

/// <summary>What former programs left open goes on under this one: databases of every schema are kept.</summary>
public sealed class KeptDataTests
{
    private const int WalHeaderBytes = 32;
    private const int WalFrameBytes = 24 + 8_192;

    [Theory]
    [InlineData(1, 13)]
    [InlineData(2, 24)]
    [InlineData(3, 27)]
    [InlineData(4, 27)]
    public async Task Open_DatabaseOfThatSchema_IsBroughtForwardAndWhole(int schema, int executionCount)
    {
        using var kept = new KeptData(schema);

        await (await kept.OpenAsync()).DisposeAsync();

        Assert.Empty(kept.Check());
        using var file = DataFile.Open(kept.Database);
        Assert.Equal(executionCount, file.ReadIds().Count());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Engine_OnDatabaseOfThatSchema_TakesItsTokensAndEndsAllThatWasOpen(int schema)
    {
        using var kept = new KeptData(schema);
        var functions = new FakeFunctions { Does = EndWhenNothingIsOpen };
        await using var world = new World
        {
            Options = new EngineOptions
            {
                TokenKey = kept.TokenKey,
                Functions = functions,
                Retention = TimeSpan.FromDays(10_000),
            },
        };
        world.Time.SetWallClock(KeptData.DaysLater - FakeTime.Noon);
        await using (var store = await kept.OpenAsync())
        {
            await world.StartEngineAsync(store);
            var durable = schema < 3 ? [] : await EndDurableAsync(world, kept);
            foreach (var asked in (string[])["ask-taken", "ask-retried", "both-1"])
            {
                await world.Executions.SucceedTaskAsync(kept.TokenOf(asked), JsonValue.True, World.Cancelled);
            }

            await AnswerActivityAsync(world);
            var open = OpenIn(schema).ToDictionary(name => name, name => EndAsync(world, name));
            await World.UntilAsync(() => AllEnd(world, [.. open.Values, .. durable]), "all that was open ends");

            foreach (var (name, ended) in open)
            {
                Assert.Equal((name, ExecutionStatus.Succeeded), (name, (await ended).Summary.Status));
            }

            Assert.Equal("""{"n":0,"w":{"slept":true}}""", (await open["sleep-0"]).Output);
            Assert.Equal("""{"n":1,"answer":true}""", (await open["ask-taken"]).Output);
            Assert.Equal(schema < 2, !open.ContainsKey("vars-1"));
            Assert.Equal(schema < 2 ? null : """{"total":42}""", schema < 2 ? null : (await open["vars-1"]).Output);
            Assert.Equal(schema < 3 ? 0 : 2, durable.Count);
            Assert.All(durable, ended => Assert.Equal(DurableStatus.Succeeded, ended.Result.Summary.Status));
            Assert.Empty(kept.Check()); // The server still runs on it.
            await world.Engine.DisposeAsync();
        }

        Assert.Empty(kept.Check());
    }

    /// <summary>What is on the disk when the process is killed is the database as it was and a beginning of the log:
    /// every such beginning is tried, whole pages and torn ones.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Open_KilledAtAnyMomentOfTheMigration_IsBroughtForwardByTheNextStart(int schema)
    {
        using var kept = new KeptData(schema);
        byte[] database;
        byte[] log;
        using (DatabaseFile.Open(kept.Database, new SqliteStoreOptions()))
        {
            database = Read(kept.Database);
            log = Read(kept.Database + "-wal");
        }

        Assert.True(log.Length > WalHeaderBytes + WalFrameBytes, "The migration wrote nothing.");
        for (var length = 0; length <= log.Length; length = NextCut(length))
        {
            var copy = kept.Beside($"cut-{length}.db");
            await File.WriteAllBytesAsync(copy, database, World.Cancelled);
            await File.WriteAllBytesAsync(copy + "-wal", log[..length], World.Cancelled);

            await (await SqliteStore.OpenAsync(copy, new SqliteStoreOptions())).DisposeAsync();

            var findings = KeptData.Check(copy, new DataFileCheckOptions());
            Assert.True(findings.Count == 0, $"After {length} bytes: {string.Join('\n', findings)}");
        }
    }

    [Fact]
    public void DataFile_OfAFormerSchema_IsRefusedInOneSentence()
    {
        using var kept = new KeptData(1);

        var refusal = Assert.Throws<StoreRefusedException>(() => DataFile.Open(kept.Database));

        Assert.Contains("start a server on it once", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>The ends of all frames, and the middles of those.</summary>
    private static int NextCut(int length) =>
        length < WalHeaderBytes ? WalHeaderBytes : length + (WalFrameBytes / 2);

    private static byte[] Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private static IEnumerable<string> OpenIn(int schema)
    {
        string[] open = ["sleep-0", "sleep-1", "sleep-2", "ask-taken", "ask-retried", "ask-free", "both-1"];
        return schema < 2 ? open : [.. open, "each-open", "vars-1"];
    }

    private static Task<ExecutionDescription> EndAsync(World world, string name)
    {
        var machine = name[..name.IndexOf('-', StringComparison.Ordinal)];
        return world.Executions.WaitAsync(
            $"arn:aws:states:us-east-1:000000000000:execution:{machine}:{name}",
            Timeout.InfiniteTimeSpan,
            World.Cancelled);
    }

    /// <summary>Time passes as long as something is left: some begin to wait only now.</summary>
    private static bool AllEnd(World world, IReadOnlyList<Task> ends)
    {
        world.Time.Advance(TimeSpan.FromMinutes(30));
        return ends.All(end => end.IsCompleted);
    }

    private static async Task AnswerActivityAsync(World world)
    {
        var task = await world.Engine.Activities.GetTaskAsync(
            "arn:aws:states:us-east-1:000000000000:activity:work", "w", TimeSpan.FromSeconds(30), World.Cancelled);
        Assert.NotNull(task);
        await world.Executions.SucceedTaskAsync(task.TaskToken, JsonValue.True, World.Cancelled);
    }

    private static async Task<IReadOnlyList<Task<DurableDescription>>> EndDurableAsync(World world, KeptData kept)
    {
        await world.Engine.DurableExecutions.SucceedCallbackAsync(
            kept.TokenOf("d-callback"), "\"yes\"", World.Cancelled);
        return [.. ((string[])["d-wait", "d-callback"]).Select(name => world.Engine.DurableExecutions.WaitAsync(
            kept[name], Timeout.InfiniteTimeSpan, World.Cancelled))];
    }

    private static Task<InvocationOutcome> EndWhenNothingIsOpen(
        Durable.DurableInvocation invocation, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var isOpen = invocation.Operations.Any(operation =>
            operation is { Type: not OperationType.Execution, Status: OperationStatus.Started });
        return Task.FromResult<InvocationOutcome>(isOpen ? new ReturnedPending() : new ReturnedSuccess("\"done\""));
    }
}

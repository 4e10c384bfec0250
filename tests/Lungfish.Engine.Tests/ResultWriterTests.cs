using Lungfish.Engine.MapRuns;
using Lungfish.Engine.Tests.Support;
using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Model;

namespace Lungfish.Engine.Tests;

/// <summary>Results of distributed Map states that are written elsewhere.</summary>
public sealed class ResultWriterTests
{
    private const string Writes = """
        "ResultWriter": { "Resource": "arn:aws:states:::s3:putObject", "Parameters": { "Bucket": "b", "Prefix": "p" } }
        """;

    /// <summary>That the store is away for a moment is no failure of the user's work.</summary>
    [Fact]
    public async Task Write_StoreCannotBeReadForAMoment_IsTriedAgain()
    {
        var writer = new CountingWriter();
        await using var world = new World
        {
            Options = new EngineOptions { TokenKey = new byte[32], ResultWriters = [writer] },
        };
        await world.StartEngineAsync();
        writer.Begins = tries => world.Store.ReadsFail = tries == 1;
        var machine = await world.CreateAsync("m", MapDefinitions.OfTasks(Writes));

        var ended = world.WaitAsync(await world.StartAsync(machine, "e", MapDefinitions.Items(3)));
        await World.UntilAsync(
            () =>
            {
                world.Store.ReadsFail &= writer.Tries < 1 || ended.IsCompleted;
                world.Time.Advance(TimeSpan.FromSeconds(1));
                return ended.IsCompleted;
            },
            "the execution ends");

        Assert.Equal("3", (await ended).Output);
        Assert.Equal(2, writer.Tries);
    }

    /// <summary>What a child came to cannot be told any more: its name says where to look.</summary>
    [Fact]
    public async Task Write_JournalOfAChildDamaged_FailsByTheChildsName()
    {
        var writer = new CountingWriter();
        await using var world = new World
        {
            Options = new EngineOptions { TokenKey = new byte[32], ResultWriters = [writer] },
        };
        await world.StartEngineAsync();
        writer.Begins = _ => world.Store.Damage(world.Handler.Given.First().Execution.ExecutionName);
        var machine = await world.CreateAsync("m", MapDefinitions.OfTasks(Writes));

        var ended = await world.WaitAsync(await world.StartAsync(machine, "e", MapDefinitions.Items(3)));

        Assert.Equal("States.ResultWriterFailed", ended.Error);
        Assert.Contains(
            $"'{world.Handler.Given.First().Execution.ExecutionArn}' was set aside",
            ended.Cause,
            StringComparison.Ordinal);
    }

    private sealed class CountingWriter : IResultWriter
    {
        private int _tries;

        public Action<int> Begins { get; set; } = _ => { };

        /// <summary>How many have come to an end.</summary>
        public int Tries { get; private set; }

        public bool CanWrite(ServiceIntegration resource) => true;

        public async ValueTask<JsonValue> WriteAsync(
            ResultDestination destination,
            MapRunIdentity run,
            IAsyncEnumerable<ChildResult> results,
            CancellationToken cancellationToken)
        {
            Begins(++_tries);
            try
            {
                var count = 0;
                await foreach (var _ in results)
                {
                    count++;
                }

                return count;
            }
            finally
            {
                Tries++;
            }
        }
    }
}

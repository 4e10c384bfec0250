using Lungfish.Engine.Faults;
using Lungfish.Tests.Shared;

namespace Lungfish.EndToEnd.KillTests.Crash;

/// <summary>
/// kill -9 at every named crash point, many times each, under a small load of everything. Nothing acknowledged is lost,
/// what was not acknowledged is there wholly or not at all, nothing happens twice, every execution ends.
/// </summary>
/// <remarks>All points that there are: a new one that this load does not pass fails the test. <c>./test crash</c> hits
/// each a hundred times (<c>HITS=n</c>); <c>SEED=n</c> makes the same choices again.</remarks>
public sealed class CrashPointTest(ITestOutputHelper output)
{
    private const int HitsOfARun = 4; // Then a new data directory, so that an audit has not too much to look at.

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private static int Hits => KillRun.Setting("LUNGFISH_HITS") ?? 1;

    [Fact]
    public async Task Crash_AtEveryPoint_LosesAndRepeatsNothing()
    {
        var seed = KillRun.Setting("LUNGFISH_SEED") ?? Random.Shared.Next(1_000_000);
        KillRun.Report(output, $"crash point kill test: seed {seed}, each point {Hits} times");
        for (var done = 0; done < Hits; done += HitsOfARun)
        {
            await RunAsync(Math.Min(HitsOfARun, Hits - done), seed + done);
        }
    }

    private async Task RunAsync(int hits, int seed)
    {
        await using var server = new CrashingServer();
        await CrashWhileItMigratesAsync(server);
        await using var load = await MixedLoad.BeginAsync(server, seed);
        var random = new Random(seed);
        foreach (var point in Shuffled(random, hits))
        {
            await HitAsync(server, point, random);
        }

        await load.AuditAsync();
        Assert.Null(await server.KillAndCheckAsync());
        await CrashWhileItRemovesAsync(server, hits);

        KillRun.Report(
            output,
            $"crash point kill test: {load.StartCount} starts and {load.AnswerCount} answers acknowledged, "
                + $"{load.Breaches.Count} breaches");
        Assert.True(load.Breaches.Count == 0, $"seed {seed}:\n{string.Join('\n', load.Breaches.Take(50))}");
        Assert.NotEqual(0, load.StartCount);
        Assert.NotEqual(0, load.AnswerCount);
    }

    /// <summary>Those that the load passes.</summary>
    private static CrashPoint[] Shuffled(Random random, int hits)
    {
        var points = Enum.GetValues<CrashPoint>()
            .Where(point => point is not (CrashPoint.InMigration or CrashPoint.InRetention))
            .SelectMany(point => Enumerable.Repeat(point, hits))
            .ToArray();
        random.Shuffle(points);
        return points;
    }

    private static async Task HitAsync(CrashingServer server, CrashPoint point, Random random)
    {
        var nth = random.Next(1, 1 + OftenPassed(point));
        if (await server.CrashAsync($"{point}:{nth}", s_patience, Provoke(point, random))
            || await server.CrashAsync($"{point}", s_patience, Provoke(point, random)))
        {
            return;
        }

        Assert.Fail($"No process passed {point}: let the load of this test pass it.");
    }

    /// <summary>How often a second or two of the load passes a point, about.</summary>
    private static int OftenPassed(CrashPoint point) => point switch
    {
        CrashPoint.InCheckpoint or CrashPoint.InDrain => 1,
        CrashPoint.InMapRunWrite or CrashPoint.InChildStart or CrashPoint.InCatalogWrite => 5,
        CrashPoint.InCallbackWrite or CrashPoint.BeforeTaskResult => 10,
        CrashPoint.BeforeCheckpointAnswer or CrashPoint.BeforeInvocationResult => 10,
        _ => 50,
    };

    private static Func<ServerProcess, Task>? Provoke(CrashPoint point, Random random)
    {
        const int millisecondsMax = 1_000;
        return point == CrashPoint.InDrain ? StopAsync : null;

        async Task StopAsync(ServerProcess server)
        {
            await Task.Delay(random.Next(millisecondsMax)); // The moment is the experiment.
            await server.SendAsync("-TERM");
        }
    }

    /// <summary>A new data file, killed in each script of its schema.</summary>
    private static async Task CrashWhileItMigratesAsync(CrashingServer server)
    {
        Assert.True(await server.CrashAsync($"{CrashPoint.InMigration}:1", TimeSpan.Zero), "There is no schema.");
        while (await server.CrashAsync($"{CrashPoint.InMigration}:2", TimeSpan.Zero))
        {
            // One script more is done: the next start begins after it.
        }

        await server.KillAndRestartAsync();
    }

    /// <summary>Keeps what has closed for some seconds only, and kills the server while it removes it.</summary>
    private static async Task CrashWhileItRemovesAsync(CrashingServer server, int hits)
    {
        const int farApart = 7;
        server.Variables["LUNGFISH_RETENTION_DAYS"] = "0.0001";
        for (var hit = 0; hit < hits; hit++)
        {
            Assert.True(
                await server.CrashAsync($"{CrashPoint.InRetention}:{1 + (hit * farApart)}", s_patience),
                "Nothing was removed.");
            Assert.Null(await server.KillAndCheckAsync());
        }
    }
}

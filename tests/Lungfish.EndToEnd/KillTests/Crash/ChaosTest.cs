using System.Diagnostics;
using Lungfish.EndToEnd.Faults;

namespace Lungfish.EndToEnd.KillTests.Crash;

/// <summary>
/// Faults of all kinds at random moments, one over the other, under a small load of everything: kills, stops, a full
/// disk, slow syncs, failing syncs, a clock that jumps ahead. Then all is healed, and nothing acknowledged may be lost,
/// nothing may have happened twice, every execution must end.
/// </summary>
/// <remarks>Not in <c>./test</c>: <c>./test chaos</c> lets it run for ten minutes (<c>MINUTES=n</c>); <c>SEED=n</c>
/// makes the same choices again. Faults that this machine cannot have are left out, with a word.</remarks>
public sealed class ChaosTest(ITestOutputHelper output)
{
    private const int SecondsOfTheShortRun = 15;
    private const int MebibytesOfTheDisk = 512;

    private static TimeSpan Length => KillRun.Setting("LUNGFISH_CHAOS_MINUTES") is { } minutes
        ? TimeSpan.FromMinutes(minutes)
        : TimeSpan.FromSeconds(SecondsOfTheShortRun);

    [Fact(Explicit = true)]
    public async Task Chaos_FaultsOfAllKinds_LosesAndRepeatsNothing()
    {
        var seed = KillRun.Setting("LUNGFISH_SEED") ?? Random.Shared.Next(1_000_000);
        KillRun.Report(output, $"chaos test: seed {seed}, {Length}");
        await using var disk = await SmallDisk.TryMountAsync(MebibytesOfTheDisk);
        await using var server = new CrashingServer { DataOf = disk?["data"] };
        using var faults = new ChaosFaults(server, disk, new Random(seed));
        KillRun.Report(output, $"chaos test: {faults.Names}");
        await server.StartAsync();
        await using var load = await MixedLoad.BeginAsync(server, seed);

        var begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun) < Length)
        {
            await faults.NextAsync();
        }

        await faults.HealAsync();
        await load.AuditAsync();
        Assert.Null(await server.KillAndCheckAsync());

        KillRun.Report(
            output,
            $"chaos test: {faults.Counts}; {load.StartCount} starts and {load.AnswerCount} answers acknowledged, "
                + $"{load.Breaches.Count} breaches");
        Assert.True(load.Breaches.Count == 0, $"seed {seed}:\n{string.Join('\n', load.Breaches.Take(50))}");
        Assert.NotEqual(0, load.StartCount);
    }
}

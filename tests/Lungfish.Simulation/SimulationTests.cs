using Lungfish.Simulation.Planting;
using Lungfish.Simulation.Running;

namespace Lungfish.Simulation;

public sealed class SimulationTests
{
    /// <summary>A step that never ends is found, however slow the machine is.</summary>
    public const int TimeoutMs = 900_000;

    private const int CorpusSize = 200;

    // Those that have found something.
    private static readonly ulong[] s_kept = [446, 640, 1069, 1118, 1537, 2139, 2801];

    [Fact(Timeout = TimeoutMs)]
    public Task Run_FixedSeeds_BreakNoInvariant() => Task.Run(() =>
    {
        foreach (var seed in Enumerable.Range(0, CorpusSize).Select(seed => (ulong)seed).Concat(s_kept))
        {
            var result = new Running.Simulation(SimConfig.Of(seed), Plant.None, null).Run();

            Assert.True(result.Found is null, $"SEED={seed} ./test simulate: {result.Found}");
        }
    });

    [Theory]
    [InlineData(3)]
    [InlineData(11)]
    [InlineData(42)]
    public void Run_SameSeedTwice_IsTheSameRun(ulong seed)
    {
        var first = new Running.Simulation(SimConfig.Of(seed), Plant.None, null).Run();
        var second = new Running.Simulation(SimConfig.Of(seed), Plant.None, null).Run();

        Assert.Equal(first.Hash, second.Hash);
        Assert.Equal(first.Steps, second.Steps);
    }
}

using Lungfish.Simulation.Planting;
using Lungfish.Simulation.Running;
using Lungfish.Simulation.Storing;

namespace Lungfish.Simulation.Programs;

/// <summary>Where nothing goes wrong outside, the engine and the oracles agree: what a faulty run then finds is what
/// the faults have done.</summary>
public sealed class OracleTests
{
    private const ulong First = 10_000; // Others than those that are run with their faults.
    private const ulong Count = 100;

    [Fact(Timeout = SimulationTests.TimeoutMs)]
    public Task Run_NothingFails_EndsAsTheOraclesSay() => Task.Run(() =>
    {
        for (var seed = First; seed < First + Count; seed++)
        {
            var config = SimConfig.Of(seed) with { Faults = new FaultPlan([]) };

            var result = new Running.Simulation(config, Plant.None, null).Run();

            Assert.True(result.Found is null, $"SEED={seed} FAULTS=none ./test simulate: {result.Found}");
        }
    });
}

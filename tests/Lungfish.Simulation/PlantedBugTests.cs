using Lungfish.Simulation.Planting;
using Lungfish.Simulation.Running;

namespace Lungfish.Simulation;

/// <summary>A simulation that finds nothing proves something only if it finds what is there.</summary>
public sealed class PlantedBugTests
{
    private const int SeedsMax = 1_000;

    public static TheoryData<string> Plants =>
        ["effect", "retry", "mail", "timer", "twice", "bounds", "quotas", "at once"];

    [Theory(Timeout = SimulationTests.TimeoutMs)]
    [MemberData(nameof(Plants))]
    public Task Run_PlantedBug_IsFound(string name) => Task.Run(() =>
    {
        var (plant, invariants) = PlantNamed(name);

        Violation? found = null;
        for (ulong seed = 0; seed < SeedsMax && found is null; seed++)
        {
            found = new Running.Simulation(SimConfig.Of(seed), plant, null).Run().Found;
        }

        Assert.Contains(found?.Invariant, invariants);
    });

    /// <summary>The bug, and the invariants that it may be seen to break first.</summary>
    private static (Plant Plant, string[] Invariants) PlantNamed(string name) => name switch
    {
        "effect" => (new EffectBeforeCommit(), ["I7"]),
        "retry" => (new BlindRetry(), ["I2", "I11"]),
        "mail" => (new LostMail(), ["L1", "L3"]),
        "timer" => (new EarlyTimer(), ["I12"]),
        "bounds" => (new Unbounded(), ["L4"]),
        "quotas" => (new LateQuotas(), ["I18"]),
        "at once" => (new AllAtOnce(), ["I14"]),
        _ => (new DoubleApply(), ["I2", "I3", "I22"]),
    };
}

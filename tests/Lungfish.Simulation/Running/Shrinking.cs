using Lungfish.Simulation.Planting;

namespace Lungfish.Simulation.Running;

/// <summary>Finds out which faults a failing run needs.</summary>
internal static class Shrinking
{
    /// <summary>Leaves faults out one by one, as long as the same invariant is broken.</summary>
    public static RunResult Shrink(RunResult failed, Plant plant)
    {
        var smallest = failed;
        foreach (var fault in failed.Config.Faults.Faults)
        {
            var fewer = smallest.Config.Faults.Faults
                .Where(kept => kept.Number != fault.Number).Select(kept => kept.Number).ToHashSet();
            var config = smallest.Config with { Faults = smallest.Config.Faults.Only(fewer) };
            var result = new Simulation(config, plant, null).Run();
            if (result.Found?.Invariant == failed.Found?.Invariant)
            {
                smallest = result;
            }
        }

        return smallest;
    }
}

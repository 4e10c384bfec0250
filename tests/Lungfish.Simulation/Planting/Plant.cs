using Lungfish.Engine;
using Lungfish.Engine.Storage;
using Lungfish.Simulation.Scheduling;
using Lungfish.Simulation.Storing;

namespace Lungfish.Simulation.Planting;

/// <summary>A bug between the engine and what is around it: to see whether the simulation finds it.</summary>
internal class Plant
{
    public static Plant None { get; } = new();

    public virtual IStore Between(IStore store, SimDisk disk) => store;

    public virtual EngineOptions Between(EngineOptions options) => options;

    public virtual TimeProvider Between(TimeProvider time) => time;

    public virtual EngineSurroundings Between(SimContext process, Random random, int inlinePercent) =>
        new SimSurroundings(process, random, inlinePercent);
}

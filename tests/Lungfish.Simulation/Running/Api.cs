using Lungfish.Engine;
using Lungfish.Engine.Api;
using Lungfish.Simulation.Checking;

namespace Lungfish.Simulation.Running;

/// <summary>What the server offers to those outside and to its functions; all that it answers is witnessed.</summary>
internal sealed class Api(LungfishEngine engine, Witness witness)
{
    public IExecutions Executions { get; } = new WatchedExecutions(engine.Executions, witness);

    public IDurableExecutions DurableExecutions { get; } =
        new WatchedDurableExecutions(engine.DurableExecutions, witness);

    public IStateMachines StateMachines => engine.StateMachines;

    public IActivities Activities { get; } = new WatchedActivities(engine.Activities, witness);
}

using Lungfish.Engine;

namespace Lungfish.Simulation.Programs;

/// <summary>What workers, functions and clients need of the simulation that they are part of.</summary>
/// <remarks>They go on while the engine crashes, as other processes do. What the engine itself has called, it takes with
/// it.</remarks>
internal interface IWorld
{
    TimeProvider Time { get; }

    /// <summary>For all chance that no workflow depends on.</summary>
    Random Random { get; }

    /// <summary>Null while the server is down.</summary>
    LungfishEngine? Engine { get; }

    /// <summary>Grows with each crash and with each commit that fails: only then may anything be done twice.</summary>
    int Disturbances { get; }

    /// <summary>Something has happened that never may.</summary>
    void Violate(string problem);
}

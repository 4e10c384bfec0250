using Lungfish.Simulation.Running;

namespace Lungfish.Simulation.Programs;

/// <summary>What workers, functions and clients need of the simulation that they are part of.</summary>
/// <remarks>They go on while the engine crashes, as other processes do. What the engine itself has called, it takes
/// with it.</remarks>
internal interface IWorld
{
    TimeProvider Time { get; }

    /// <summary>For all chance that no workflow depends on.</summary>
    Random Random { get; }

    /// <summary>Calls the server from outside. If it crashes meanwhile, there is no answer.</summary>
    /// <exception cref="ServerIsDownException">It is not there.</exception>
    Task<T> AskAsync<T>(Func<Api, Task<T>> call);

    /// <summary>Lets somebody outside begin with something, who goes on whatever becomes of the server.</summary>
    void BeginOutside(Func<Task> work);

    /// <summary>Grows with each crash and with each commit that fails: only then may anything be done twice.</summary>
    int Disturbances { get; }

    /// <summary>Something has happened that never may.</summary>
    void Violate(string problem);
}

using Lungfish.Bench.Workloads;

namespace Lungfish.Bench.Measuring;

/// <summary>A workload on what runs it.</summary>
/// <param name="ClientsMax">It is not measured with more of them.</param>
internal sealed record Target(string Name, IWorkload Workload, int ProcessId, int ClientsMax = int.MaxValue)
{
    public bool IsPeer => Name is not (Measurement.Lungfish or Measurement.Floor);

    public Task<Measurement> TakeAsync(int clients, TimeSpan duration) =>
        Measurement.TakeAsync(Workload, Name, ProcessId, clients, duration);
}

using Lungfish.Engine.Partitions;
using Microsoft.Extensions.Logging;

namespace Lungfish.Engine.MapRuns;

/// <summary>What map runs need of the engine.</summary>
internal sealed class MapRunServices(
    EngineOptions options, ChildResults results, TimeProvider time, ILogger logger)
{
    private PartitionMap? _partitions;
    private ChildStops? _stops;

    public ILogger Logger => logger;

    public TimeProvider Time => time;

    public EngineSurroundings Surroundings => options.Surroundings;

    public ChildResults Results => results;

    public PartitionMap Partitions => _partitions ?? throw new InvalidOperationException("Connect comes first.");

    public ChildStops Stops => _stops ?? throw new InvalidOperationException("Connect comes first.");

    /// <summary>Partitions are made of these services, and these need the partitions.</summary>
    public void Connect(PartitionMap partitions, ChildStops stops) => (_partitions, _stops) = (partitions, stops);

    public IItemReader? FindReader(States.Model.ServiceIntegration resource) =>
        options.ItemReaders.FirstOrDefault(reader => reader.CanRead(resource));

    public IResultWriter? FindWriter(States.Model.ServiceIntegration resource) =>
        options.ResultWriters.FirstOrDefault(writer => writer.CanWrite(resource));
}

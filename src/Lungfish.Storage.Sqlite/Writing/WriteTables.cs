using Lungfish.Engine.Storage;
using Lungfish.Storage.Sqlite.Native;

namespace Lungfish.Storage.Sqlite.Writing;

/// <summary>What can be written in a transaction. Belongs to the writer's thread.</summary>
internal sealed class WriteTables
{
    private readonly ExecutionWrites _executions;

    public WriteTables(Connection connection)
    {
        var machines = new MachineNumbers(connection);
        Machines = machines;
        Partitions = new PartitionWrites(connection);
        Catalog = new CatalogWrites(connection);
        Retention = new RetentionWrites(connection);
        _executions = new ExecutionWrites(connection, machines);
    }

    public PartitionWrites Partitions { get; }

    public CatalogWrites Catalog { get; }

    public RetentionWrites Retention { get; }

    private MachineNumbers Machines { get; }

    /// <exception cref="LeaseLostException">Of one of its partitions; nothing was written.</exception>
    public void Write(LaneBatch batch)
    {
        foreach (var partition in batch.Partitions)
        {
            Partitions.Check(partition.Lease);
        }

        foreach (var partition in batch.Partitions)
        {
            Partitions.Advance(partition.Lease);
            foreach (var delta in partition.Executions)
            {
                _executions.Write(delta);
            }
        }
    }

    /// <summary>The transaction was rolled back: drops what was remembered of it.</summary>
    public void Forget() => Machines.Forget();
}

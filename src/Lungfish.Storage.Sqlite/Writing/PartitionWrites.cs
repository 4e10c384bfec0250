using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Storage;
using Lungfish.Storage.Sqlite.Native;

namespace Lungfish.Storage.Sqlite.Writing;

/// <summary>Leases: who may write a partition, and how far it has come.</summary>
internal sealed class PartitionWrites(Connection connection)
{
    private readonly Statement _acquire = connection.Prepare(
        """
        INSERT INTO lf_partition (id, slot_first, slot_end, epoch, owner, commit_seq) VALUES (?1, ?2, ?3, 1, ?4, 0)
        ON CONFLICT (id) DO UPDATE SET
            slot_first = excluded.slot_first, slot_end = excluded.slot_end, epoch = epoch + 1, owner = excluded.owner
        """);

    private readonly Statement _find = connection.Prepare(
        "SELECT epoch, commit_seq FROM lf_partition WHERE id = ?1");

    private readonly Statement _check = connection.Prepare(
        "SELECT 1 FROM lf_partition WHERE id = ?1 AND epoch = ?2 AND owner = ?3 AND commit_seq = ?4");

    private readonly Statement _advance = connection.Prepare(
        "UPDATE lf_partition SET commit_seq = commit_seq + 1 WHERE id = ?1");

    public PartitionLease Acquire(PartitionId partition, SlotRange slots, Guid owner)
    {
        _acquire.Bind(1, partition.Number).Bind(2, slots.First).Bind(3, slots.End).Bind(4, owner).Run();
        using var rows = _find.Bind(1, partition.Number).Read();
        return rows.Next()
            ? new PartitionLease(partition, slots, new Epoch(rows.Int64(0)), owner, rows.Int64(1))
            : throw new InvalidOperationException($"Partition {partition.Number} is not there after it was written.");
    }

    /// <exception cref="LeaseLostException">The store has another epoch, owner or sequence.</exception>
    public void Check(PartitionLease lease)
    {
        using var rows = _check.Bind(1, lease.Partition.Number).Bind(2, lease.Epoch.Value)
            .Bind(3, lease.Owner).Bind(4, lease.CommitSequence).Read();
        if (!rows.Next())
        {
            throw new LeaseLostException(lease.Partition);
        }
    }

    /// <summary>Counts the commit, in the same transaction in which the lease was checked.</summary>
    public void Advance(PartitionLease lease) => _advance.Bind(1, lease.Partition.Number).Run();
}

using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Storage;
using Lungfish.Storage.Sqlite.Native;

namespace Lungfish.Storage.Sqlite.Reading;

/// <summary>What a partition must take up: executions with something in flight, and those that are due.</summary>
internal sealed class RecoveryReads(Connection connection)
{
    private readonly Statement _active = connection.Prepare(ActiveSql);

    // CROSS JOIN keeps the order: for each machine its run of active executions, which is all of the index it reads.
    internal const string ActiveSql =
        """
        SELECT e.slot, e.id
        FROM lf_machine m CROSS JOIN lf_execution e INDEXED BY lf_execution_by_state
        WHERE e.machine = m.id AND e.state = 0 AND e.slot >= ?1 AND e.slot < ?2
        """;

    public IReadOnlyList<ExecutionId> ReadActive(SlotRange slots)
    {
        var ids = new List<ExecutionId>();
        using var rows = _active.Bind(1, slots.First).Bind(2, slots.End).Read();
        while (rows.Next())
        {
            ids.Add(Id(rows));
        }

        return ids;
    }

    private readonly Statement _wakeups = connection.Prepare(WakeupsSql);

    /// <summary>A test asserts its plan: the index alone, in its own order.</summary>
    internal const string WakeupsSql =
        """
        SELECT slot, id, wake_at FROM lf_execution INDEXED BY lf_execution_by_wake
        WHERE kind = ?5 AND wake_at / 10000000 <= ?3 / 10000000 AND wake_at < ?3 AND slot >= ?1 AND slot < ?2
        ORDER BY wake_at / 10000000, id LIMIT ?4
        """;

    public IReadOnlyList<Wakeup> ReadWakeups(
        SlotRange slots, ExecutionKind kind, DateTimeOffset before, int countMax)
    {
        var wakeups = new List<Wakeup>();
        using var rows = _wakeups.Bind(1, slots.First).Bind(2, slots.End).Bind(3, before).Bind(4, countMax)
            .Bind(5, (int)kind).Read();
        while (rows.Next())
        {
            wakeups.Add(new Wakeup(Id(rows), rows.Instant(2)));
        }

        return wakeups;
    }

    private static ExecutionId Id(Rows rows) => new(new Slot(checked((short)rows.Int64(0))), rows.Guid(1));
}

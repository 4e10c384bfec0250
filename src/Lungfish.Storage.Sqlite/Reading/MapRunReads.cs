using Lungfish.Engine.Storage;
using Lungfish.Storage.Sqlite.Native;

namespace Lungfish.Storage.Sqlite.Reading;

/// <summary>Map runs, and those whose children are still open.</summary>
internal sealed class MapRunReads(Connection connection)
{
    private readonly Statement _find = connection.Prepare(
        "SELECT id, execution, started_at, stopped_at, snapshot FROM lf_map_run WHERE id = ?1");

    public StoredMapRun? Find(Guid id)
    {
        using var rows = _find.Bind(1, id).Read();
        return rows.Next() ? Read(rows) : null;
    }

    private readonly Statement _list = connection.Prepare(
        """
        SELECT id, execution, started_at, stopped_at, snapshot FROM lf_map_run
        WHERE execution = ?1 AND (started_at, id) < (?2, ?3)
        ORDER BY started_at DESC, id DESC LIMIT ?4
        """);

    public IReadOnlyList<StoredMapRun> List(Guid execution, ExecutionCursor? after, int countMax)
    {
        _list.Bind(1, execution)
            .Bind(2, after is { } cursor ? Instants.ToStored(cursor.StartedAt) : long.MaxValue)
            .Bind(3, after?.Uuid ?? Guid.AllBitsSet).Bind(4, countMax);
        using var rows = _list.Read();
        var runs = new List<StoredMapRun>();
        while (rows.Next())
        {
            runs.Add(Read(rows));
        }

        return runs;
    }

    // Only machines of child executions have a label: the open executions of all others are not looked at.
    private readonly Statement _ended = connection.Prepare(
        """
        SELECT id, execution, started_at, stopped_at, snapshot FROM lf_map_run
        WHERE stopped_at IS NOT NULL AND id IN (
            SELECT e.map_run
            FROM lf_machine m CROSS JOIN lf_execution e INDEXED BY lf_execution_by_state
            WHERE m.arn LIKE '%/%' AND e.machine = m.id AND e.state IN (0, 1) AND e.map_run IS NOT NULL)
        """);

    public IReadOnlyList<StoredMapRun> ReadEndedWithOpenChildren()
    {
        using var rows = _ended.Read();
        var runs = new List<StoredMapRun>();
        while (rows.Next())
        {
            runs.Add(Read(rows));
        }

        return runs;
    }

    private static StoredMapRun Read(Rows rows) =>
        new(rows.Guid(0), rows.Guid(1), rows.Instant(2), rows.InstantOrNull(3), rows.Bytes(4));
}

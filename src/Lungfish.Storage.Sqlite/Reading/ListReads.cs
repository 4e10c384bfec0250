using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Storage;
using Lungfish.Storage.Sqlite.Native;

namespace Lungfish.Storage.Sqlite.Reading;

/// <summary>Lists of executions; those of state machines are newest first.</summary>
/// <remarks>Each machine and state has its own ordered run in the index. A page takes the newest of each run, merges
/// them, and only then reads the rows: the cost is that of a page, however many executions there are.</remarks>
internal sealed class ListReads(Connection connection, MachineReads machines)
{
    private readonly DurableListReads _durable = new(connection, machines);

    public IReadOnlyList<ExecutionHeader> Read(ExecutionQuery query)
    {
        var candidates = new List<ExecutionCursor>();
        if (query.Durable is { } filter)
        {
            return Headers(_durable.Find(filter, query.After, query.CountMax), query);
        }

        if (query.MapRun is { } mapRun)
        {
            foreach (var state in ExecutionState.Of(query.Status))
            {
                AddOfMapRun(candidates, mapRun, state, query);
            }

            return Headers(candidates, query);
        }

        foreach (var machine in machines.ReadForLists(query.StateMachineArn))
        {
            if (query.NamePrefix is { Length: > 0 } prefix)
            {
                AddByPrefix(candidates, machine, prefix, query);
                continue;
            }

            foreach (var state in ExecutionState.Of(query.Status))
            {
                AddNewest(candidates, machine, state, query);
            }
        }

        return Headers(candidates, query);
    }

    private readonly Statement _names = connection.Prepare(
        """
        SELECT name FROM lf_execution INDEXED BY lf_execution_by_name
        WHERE machine = ?1 AND name > ?2 ORDER BY name LIMIT ?3
        """);

    /// <param name="after">Null: from the first.</param>
    public IReadOnlyList<string> ReadNames(string ownerArn, string? after, int countMax)
    {
        if (machines.Find(ownerArn) is not { } machine)
        {
            return [];
        }

        var names = new List<string>();
        using var rows = _names.Bind(1, machine).Bind(2, after ?? "").Bind(3, countMax).Read();
        while (rows.Next())
        {
            names.Add(rows.Text(0));
        }

        return names;
    }

    private List<ExecutionHeader> Headers(List<ExecutionCursor> candidates, ExecutionQuery query)
    {
        var ordered = query.Durable is { OldestFirst: true }
            ? candidates.OrderBy(candidate => candidate.StartedAt).ThenBy(candidate => candidate.Uuid)
            : candidates.OrderByDescending(candidate => candidate.StartedAt)
                .ThenByDescending(candidate => candidate.Uuid);
        return ordered.Take(query.CountMax).Select(Header).ToList();
    }

    private readonly Statement _ofMapRun = connection.Prepare(
        """
        SELECT started_at, id FROM lf_execution INDEXED BY lf_execution_by_map_run
        WHERE map_run = ?1 AND state = ?2 AND (started_at, id) < (?3, ?4)
        ORDER BY started_at DESC, id DESC LIMIT ?5
        """);

    private void AddOfMapRun(List<ExecutionCursor> candidates, Guid mapRun, int state, ExecutionQuery query)
    {
        _ofMapRun.Bind(1, mapRun).Bind(2, state).Bind(5, query.CountMax);
        BindCursor(_ofMapRun, query.After);
        using var rows = _ofMapRun.Read();
        while (rows.Next())
        {
            candidates.Add(new ExecutionCursor(rows.Instant(0), rows.Guid(1)));
        }
    }

    private readonly Statement _newest = connection.Prepare(
        """
        SELECT started_at, id FROM lf_execution INDEXED BY lf_execution_by_state
        WHERE machine = ?1 AND state = ?2 AND (started_at, id) < (?3, ?4)
        ORDER BY started_at DESC, id DESC LIMIT ?5
        """);

    private void AddNewest(List<ExecutionCursor> candidates, long machine, int state, ExecutionQuery query)
    {
        _newest.Bind(1, machine).Bind(2, state).Bind(5, query.CountMax);
        BindCursor(_newest, query.After);
        using var rows = _newest.Read();
        while (rows.Next())
        {
            candidates.Add(new ExecutionCursor(rows.Instant(0), rows.Guid(1)));
        }
    }

    private readonly Statement _byPrefix = connection.Prepare(
        """
        SELECT started_at, id, state FROM lf_execution INDEXED BY lf_execution_by_name
        WHERE machine = ?1 AND name >= ?2 AND name < ?3
        ORDER BY name LIMIT ?4
        """);

    /// <summary>Looks at so many names of each machine that have the prefix, in their order: one that is the prefix
    /// itself is the first. Who types more finds the others.</summary>
    private void AddByPrefix(List<ExecutionCursor> candidates, long machine, string prefix, ExecutionQuery query)
    {
        var states = ExecutionState.Of(query.Status);
        // No name holds the last code point of Unicode, so this comes after every name with the prefix.
        _byPrefix.Bind(1, machine).Bind(2, prefix).Bind(3, prefix + "\U0010FFFF")
            .Bind(4, ExecutionQuery.PrefixedNamesMax);
        using var rows = _byPrefix.Read();
        while (rows.Next())
        {
            var candidate = new ExecutionCursor(rows.Instant(0), rows.Guid(1));
            if (states.Contains(rows.Int32(2)) && (query.After is not { } after || IsOlder(candidate, after)))
            {
                candidates.Add(candidate);
            }
        }
    }

    private static bool IsOlder(ExecutionCursor candidate, ExecutionCursor than) =>
        candidate.StartedAt.CompareTo(than.StartedAt) is var order and not 0
            ? order < 0
            : candidate.Uuid.CompareTo(than.Uuid) < 0;

    private static void BindCursor(Statement statement, ExecutionCursor? after) =>
        statement.Bind(3, after is { } cursor ? Instants.ToStored(cursor.StartedAt) : long.MaxValue)
            .Bind(4, after?.Uuid ?? Guid.AllBitsSet);

    private readonly Statement _header = connection.Prepare(
        """
        SELECT e.slot, m.arn, e.name, e.revision, e.state, e.stopped_at, e.error, e.cause,
            e.map_run, e.item_count
        FROM lf_execution e JOIN lf_machine m ON m.id = e.machine
        WHERE e.id = ?1
        """);

    private ExecutionHeader Header(ExecutionCursor candidate)
    {
        using var rows = _header.Bind(1, candidate.Uuid).Read();
        return rows.Next()
            ? new ExecutionHeader
            {
                Id = new ExecutionId(new Slot(checked((short)rows.Int64(0))), candidate.Uuid),
                Key = new ExecutionKey(rows.Text(1), rows.Text(2)),
                Revision = rows.Text(3),
                Status = ExecutionState.ToStatus(rows.Int32(4)),
                StartedAt = candidate.StartedAt,
                StoppedAt = rows.InstantOrNull(5),
                Error = rows.TextOrNull(6),
                Cause = rows.TextOrNull(7),
                Child = rows.IsNull(8) ? null : new MapRunChild(rows.Guid(8), rows.Int32(9)),
            }
            : throw new StoreUnavailableException($"The index names execution {candidate.Uuid}, which is not there.");
    }
}

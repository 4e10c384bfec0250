using Lungfish.Engine.Storage;
using Lungfish.Storage.Sqlite.Native;

namespace Lungfish.Storage.Sqlite.Reading;

/// <summary>Finds durable executions for lists, in either order.</summary>
/// <remarks>As for state machines: each version and state has its own ordered run in the index.</remarks>
internal sealed class DurableListReads(Connection connection, MachineReads machines)
{
    private readonly Statement _newest = connection.Prepare(
        """
        SELECT started_at, id FROM lf_execution INDEXED BY lf_execution_by_state
        WHERE machine = ?1 AND state = ?2 AND (started_at, id) < (?3, ?4) AND started_at > ?5
        ORDER BY started_at DESC, id DESC LIMIT ?6
        """);

    private readonly Statement _oldest = connection.Prepare(
        """
        SELECT started_at, id FROM lf_execution INDEXED BY lf_execution_by_state
        WHERE machine = ?1 AND state = ?2 AND (started_at, id) > (?3, ?4) AND started_at < ?5
        ORDER BY started_at, id LIMIT ?6
        """);

    private readonly Statement _byName = connection.Prepare(
        "SELECT started_at, id, state FROM lf_execution WHERE machine = ?1 AND name = ?2");

    /// <summary>More than are wanted, in no order.</summary>
    public List<ExecutionCursor> Find(DurableFilter filter, ExecutionCursor? after, int countMax)
    {
        var found = new List<ExecutionCursor>();
        var states = filter.Statuses.IsEmpty
            ? ExecutionState.All
            : [.. filter.Statuses.Distinct().SelectMany(status => ExecutionState.Of(status))];
        foreach (var machine in machines.ReadVersions(filter.FunctionArn, filter.Version))
        {
            if (filter.Name is { } name)
            {
                AddNamed(found, machine, name, states, filter, after);
                continue;
            }

            foreach (var state in states)
            {
                AddRun(found, machine, state, filter, after, countMax);
            }
        }

        return found;
    }

    private void AddRun(
        List<ExecutionCursor> found,
        long machine,
        int state,
        DurableFilter filter,
        ExecutionCursor? after,
        int countMax)
    {
        var begin = Begin(filter, after);
        var statement = filter.OldestFirst ? _oldest : _newest;
        statement.Bind(1, machine).Bind(2, state).Bind(3, begin.At).Bind(4, begin.Id).Bind(6, countMax)
            .Bind(5, filter.OldestFirst ? Before(filter) : After(filter));
        using var rows = statement.Read();
        while (rows.Next())
        {
            found.Add(new ExecutionCursor(rows.Instant(0), rows.Guid(1)));
        }
    }

    /// <summary>One at most: names are unique in a version.</summary>
    private void AddNamed(
        List<ExecutionCursor> found,
        long machine,
        string name,
        IReadOnlyList<int> states,
        DurableFilter filter,
        ExecutionCursor? after)
    {
        using var rows = _byName.Bind(1, machine).Bind(2, name).Read();
        if (!rows.Next() || !states.Contains(rows.Int32(2)))
        {
            return;
        }

        var cursor = new ExecutionCursor(rows.Instant(0), rows.Guid(1));
        var at = Instants.ToStored(cursor.StartedAt);
        var fromCursor = after is { } last
            ? cursor.StartedAt.CompareTo(last.StartedAt) is var order and not 0
                ? order
                : cursor.Uuid.CompareTo(last.Uuid)
            : filter.OldestFirst ? 1 : -1;
        if (at > After(filter) && at < Before(filter) && (filter.OldestFirst ? fromCursor > 0 : fromCursor < 0))
        {
            found.Add(cursor);
        }
    }

    /// <summary>What a page comes after. Without a cursor, the bound of the times: no id is before the empty one, and
    /// none after the full one.</summary>
    private static (long At, Guid Id) Begin(DurableFilter filter, ExecutionCursor? after) => after is { } cursor
        ? (Instants.ToStored(cursor.StartedAt), cursor.Uuid)
        : filter.OldestFirst ? (After(filter), Guid.AllBitsSet) : (Before(filter), Guid.Empty);

    private static long After(DurableFilter filter) =>
        filter.StartedAfter is { } moment ? Instants.ToStored(moment) : long.MinValue;

    private static long Before(DurableFilter filter) =>
        filter.StartedBefore is { } moment ? Instants.ToStored(moment) : long.MaxValue;
}

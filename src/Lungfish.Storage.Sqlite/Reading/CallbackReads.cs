using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Storage;
using Lungfish.Storage.Sqlite.Native;

namespace Lungfish.Storage.Sqlite.Reading;

/// <summary>Tasks that wait for an answer by token, oldest first.</summary>
internal sealed class CallbackReads(Connection connection, MachineReads machines)
{
    private readonly Statement _oldest = connection.Prepare(
        """
        SELECT e.slot, c.execution, c.task, m.arn, e.name, c.state_name, c.kind, c.resource, c.since, c.deadline
        FROM lf_callback c INDEXED BY lf_callback_by_age
        JOIN lf_execution e ON e.id = c.execution
        JOIN lf_machine m ON m.id = c.machine
        WHERE c.machine = ?1
        ORDER BY c.since, c.execution, c.task LIMIT ?2
        """);

    private readonly Statement _ofExecution = connection.Prepare(
        """
        SELECT e.slot, c.execution, c.task, m.arn, e.name, c.state_name, c.kind, c.resource, c.since, c.deadline
        FROM lf_execution e INDEXED BY lf_execution_by_name
        JOIN lf_callback c ON c.execution = e.id
        JOIN lf_machine m ON m.id = e.machine
        WHERE e.machine = ?1 AND e.name = ?3
        ORDER BY c.since, c.task LIMIT ?2
        """);

    private readonly Statement _ofId = connection.Prepare(
        """
        SELECT e.slot, c.execution, c.task, m.arn, e.name, c.state_name, c.kind, c.resource, c.since, c.deadline
        FROM lf_execution e
        JOIN lf_callback c ON c.execution = e.id
        JOIN lf_machine m ON m.id = e.machine
        WHERE e.id = ?1
        ORDER BY c.since, c.task LIMIT ?2
        """);

    public IReadOnlyList<StoredCallback> Read(CallbackQuery query)
    {
        var callbacks = new List<StoredCallback>();
        if (query.Execution is { } execution)
        {
            Add(callbacks, _ofId.Bind(1, execution.Uuid), query);
            return callbacks;
        }

        var owners = query.Durable
            ? machines.ReadVersions(query.FunctionArn, version: null)
            : machines.Read(query.StateMachineArn);
        foreach (var machine in owners)
        {
            var statement = query.ExecutionName is { } name ? _ofExecution.Bind(3, name) : _oldest;
            Add(callbacks, statement.Bind(1, machine), query);
        }

        // Each machine's come in order and the sort is stable; it only merges the machines.
        return callbacks.OrderBy(callback => callback.Since).ThenBy(callback => callback.Execution.Uuid)
            .ThenBy(callback => callback.TaskId).Take(query.CountMax).ToList();
    }

    private static void Add(List<StoredCallback> callbacks, Statement statement, CallbackQuery query)
    {
        using var rows = statement.Bind(2, query.CountMax).Read();
        while (rows.Next())
        {
            callbacks.Add(Callback(rows));
        }
    }

    private static StoredCallback Callback(Rows rows) => new(
        new ExecutionId(new Slot(checked((short)rows.Int64(0))), rows.Guid(1)),
        rows.Int64(2),
        new ExecutionKey(rows.Text(3), rows.Text(4)),
        rows.Text(5), rows.Text(6), rows.Text(7),
        rows.Instant(8), rows.InstantOrNull(9));
}

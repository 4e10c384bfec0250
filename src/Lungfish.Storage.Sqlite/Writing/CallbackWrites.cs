using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Storage;
using Lungfish.Storage.Sqlite.Native;

namespace Lungfish.Storage.Sqlite.Writing;

/// <summary>Tasks that wait for an answer by token. A closed execution has none.</summary>
internal sealed class CallbackWrites(Connection connection, MachineNumbers machines)
{
    private readonly Statement _add = connection.Prepare(
        """
        INSERT INTO lf_callback (execution, task, machine, since, deadline, kind, resource, state_name)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        """);

    public void Add(StoredCallback callback) =>
        _add.Bind(1, callback.Execution.Uuid).Bind(2, callback.TaskId)
            .Bind(3, machines.Of(callback.Key.OwnerArn))
            .Bind(4, callback.Since).Bind(5, callback.Deadline).Bind(6, callback.Kind).Bind(7, callback.Resource)
            .Bind(8, callback.StateName).Run();

    private readonly Statement _remove = connection.Prepare(
        "DELETE FROM lf_callback WHERE execution = ?1 AND task = ?2");

    public void Remove(ExecutionId execution, long task) => _remove.Bind(1, execution.Uuid).Bind(2, task).Run();

    private readonly Statement _removeAll = connection.Prepare("DELETE FROM lf_callback WHERE execution = ?1");

    public void RemoveAll(ExecutionId execution) => _removeAll.Bind(1, execution.Uuid).Run();
}

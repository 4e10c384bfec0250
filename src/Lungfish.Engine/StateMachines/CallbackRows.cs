using Lungfish.Engine.Storage;
using Lungfish.States.Deciding;
using Lungfish.States.Model;

namespace Lungfish.Engine.StateMachines;

/// <summary>Keeps the rows of an execution's tasks that are answered by token in step with its pending tasks.</summary>
internal sealed class CallbackRows
{
    // Tasks with a row in the store or in a sealed delta.
    private readonly HashSet<long> _rows = [];
    private readonly List<PendingTask> _scheduled = [];

    public static CallbackRows? FromStore(Execution execution)
    {
        CallbackRows? rows = null;
        foreach (var (id, task) in execution.PendingTasks)
        {
            if (task.AnsweredByToken)
            {
                rows ??= new CallbackRows();
                _ = rows._rows.Add(id);
            }
        }

        return rows;
    }

    public void Add(PendingTask task) => _scheduled.Add(task);

    /// <summary>The delta with the rows that come and go since the last one was sealed.</summary>
    public ExecutionDelta Seal(ExecutionDelta delta, StateMachineResident resident)
    {
        var execution = resident.Execution;
        foreach (var task in _scheduled)
        {
            if (execution.PendingTasks.ContainsKey(task.Id) && _rows.Add(task.Id))
            {
                delta = delta with { CallbacksAdded = delta.CallbacksAdded.Add(Row(resident, task)) };
            }
        }

        _scheduled.Clear();
        foreach (var id in _rows)
        {
            if (!execution.PendingTasks.ContainsKey(id))
            {
                _ = _rows.Remove(id); // Enumerations of this set go on after it.
                delta = Without(delta, id);
            }
        }

        return delta;
    }

    private static ExecutionDelta Without(ExecutionDelta delta, long id)
    {
        var left = delta.CallbacksAdded.RemoveAll(added => added.TaskId == id);
        return left.Length < delta.CallbacksAdded.Length
            ? delta with { CallbacksAdded = left } // Came and went within this delta.
            : delta with { CallbacksRemoved = delta.CallbacksRemoved.Add(id) };
    }

    public static string KindOf(PendingTask task) =>
        task.Resource is ActivityResource ? "activity" : "task-token";

    private static StoredCallback Row(StateMachineResident resident, PendingTask task)
    {
        var timers = resident.Execution.Timers;
        DateTimeOffset? deadline = null;
        foreach (var kind in (ReadOnlySpan<TimerKind>)[TimerKind.TaskTimeout, TimerKind.TaskHeartbeat])
        {
            if (timers.TryGetValue(new TimerId(kind, task.Id), out var due) && (deadline is null || due < deadline))
            {
                deadline = due;
            }
        }

        return new StoredCallback(
            resident.Id,
            task.Id,
            resident.Key,
            task.StateName,
            KindOf(task),
            task.Resource.Arn,
            task.ScheduledAt,
            deadline);
    }
}

using Lungfish.Engine.Partitions;
using Lungfish.Engine.Tasks;
using Lungfish.States.Deciding;

namespace Lungfish.Engine.StateMachines;

/// <summary>Tasks that waited for their tokens when their execution was stopped. Their handlers are told once that is
/// durable.</summary>
internal sealed class AbortedTasks(TaskDispatcher dispatcher, IReadOnlyList<TaskAssignment> tasks) : IHeld
{
    /// <param name="before">The execution as it was before the message.</param>
    public static void Hold(
        Message message,
        Execution before,
        StateMachineResident resident,
        TaskDispatcher dispatcher,
        Partition partition)
    {
        if (message is not Stop || before.Identity is not { } identity)
        {
            return;
        }

        var tasks = before.PendingTasks.Values.Where(task => task.AnsweredByToken)
            .Select(task => new TaskAssignment(resident.Id, identity, task, resident.TokenOf(task.Id)))
            .ToList();
        if (tasks.Count > 0)
        {
            partition.Hold(resident, new AbortedTasks(dispatcher, tasks));
        }
    }

    public void Release(Partition partition)
    {
        foreach (var task in tasks)
        {
            dispatcher.Abort(task);
        }
    }

    public void Cancel(Exception reason) { }
}

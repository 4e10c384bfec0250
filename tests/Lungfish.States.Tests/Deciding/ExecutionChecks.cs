using Lungfish.States.Deciding;

namespace Lungfish.States.Tests.Deciding;

internal static class ExecutionChecks
{
    /// <summary>No stuck execution: whatever waits, waits for something that comes.</summary>
    public static void SomethingWakesEveryBranch(Execution execution)
    {
        if (execution.Status != ExecutionStatus.Running)
        {
            Assert.Empty(execution.Timers);
            Assert.Empty(execution.PendingTasks);
            Assert.False(execution.HasMoreToDo);
            return;
        }

        var timers = execution.Timers.Keys.Where(t => t.Kind != TimerKind.ExecutionTimeout).ToHashSet();
        var tasks = execution.PendingTasks.Keys.ToHashSet();
        foreach (var scope in execution.Inner.Values.Prepend(execution.Root))
        {
            Check(scope);
        }

        Assert.Empty(timers); // Nothing is armed that nobody waits for.
        Assert.Empty(tasks);

        void Check(Scope scope)
        {
            var wakers = StateDecider.CanGoOn(scope) && execution.HasMoreToDo ? 1 : 0;
            if (scope.Visit is { } visit)
            {
                wakers += timers.Remove(new(TimerKind.Wait, visit.EnteredEventId)) ? 1 : 0;
                wakers += timers.Remove(new(TimerKind.Retry, visit.EnteredEventId)) ? 1 : 0;
                wakers += tasks.Remove(visit.TaskId) ? 1 : 0;
                _ = timers.Remove(new(TimerKind.TaskTimeout, visit.TaskId));
                _ = timers.Remove(new(TimerKind.TaskHeartbeat, visit.TaskId));
                wakers += visit.Fan is { } fan && RunningIn(fan) > 0 ? 1 : 0;
                wakers += visit.MapRun is { } run && (!run.Running.IsEmpty || run.WantsItems || run.HasEnded) ? 1 : 0;
                Assert.True(visit.TaskId == 0 || execution.WaiterFor(visit.TaskId).Id == scope.Id);
            }

            Assert.True(scope.HasEnded ? wakers == 0 : wakers > 0, $"Nothing wakes {scope}.");
        }

        int RunningIn(Fan fan) =>
            Enumerable.Range(0, fan.Started).Count(i => execution.FindScope(fan.ScopeOf(i)) is { HasEnded: false });
    }
}

using System.Text;
using Lungfish.States.Deciding;

namespace Lungfish.States.Tests.Deciding;

/// <summary>All that an execution holds, as text: two executions are the same if their dumps are.</summary>
internal static class ExecutionDump
{
    public static string Of(Execution execution)
    {
        var text = new StringBuilder();
        Line($"{execution.Status} {execution.Identity} {execution.StartedAt:O} {execution.StoppedAt:O}");
        Line($"{execution.Input} -> {execution.Output} {execution.Error} {execution.Cause}");
        Line($"last {execution.LastEventId}, more to do {execution.HasMoreToDo}, variables {execution.VariableBytes}");
        Line($"over {execution.ExceededQuotas}");
        foreach (var (id, task) in execution.PendingTasks)
        {
            Line($"task {id}: {task}");
        }

        foreach (var (timer, due) in execution.Timers.OrderBy(t => t.Key.EventId).ThenBy(t => t.Key.Kind))
        {
            Line($"timer {timer}: {due.UtcTicks}");
        }

        foreach (var (id, scope) in execution.Waiters.OrderBy(w => w.Key))
        {
            Line($"waiter {id}: {scope}");
        }

        foreach (var (id, scope) in execution.MapRuns)
        {
            Line($"map run {id}: {scope}");
        }

        foreach (var scope in execution.Inner.Values.OrderBy(s => s.Id).Prepend(execution.Root))
        {
            Dump(scope);
        }

        return text.ToString();

        void Dump(Scope scope)
        {
            Line($"{scope.Id} in {scope.Parent} starts at {scope.Flow.StartAt}, last {scope.LastEventId}");
            Line($"  next {scope.Next}, value {scope.Value}");
            Line($"  variables {Variables(scope)}, own bytes {scope.OwnVariableBytes}");
            if (scope.Visit is { } visit)
            {
                Line($"  in {visit.State.Name} since {visit.EnteredEventId} {visit.EnteredAt:O} with {visit.Input}");
                Line($"  retries {visit.RetryCount} [{string.Join(',', visit.RetriesMade)}] task {visit.TaskId}");
                Line($"  fan {visit.Fan}");
                if (visit.MapRun is { } run)
                {
                    Line($"  map run {run} {run.Items.Count} {(run.Items.Count > 0 ? run.Items[0] : default)}");
                    Line($"  running {string.Join(';', run.Running)} results {string.Join(';', run.Results)}");
                }
            }
        }

        static string Variables(Scope scope) => string.Join(
            ' ',
            scope.Variables.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => $"{v.Key}={v.Value}"));

        void Line(FormattableString line) => text.AppendLine(FormattableString.Invariant(line));
    }
}

using System.Collections.Concurrent;
using Lungfish.Engine.Faults;
using Lungfish.States.Deciding;
using Lungfish.States.Model;
using Microsoft.Extensions.Logging;

namespace Lungfish.Engine.Tasks;

/// <summary>A task on its way through a handler and back.</summary>
internal interface ITaskRun
{
    TaskAssignment Assignment { get; }

    CancellationToken Cancelled { get; }

    /// <summary>The handler is done; null if it gave up because nobody waits any more.</summary>
    void Ended(TaskOutcome? outcome);
}

/// <summary>Gives tasks to the handlers, so many at a time; the others wait in their order.</summary>
internal sealed class TaskDispatcher(IReadOnlyList<ITaskHandler> handlers, int runningMax, ILogger logger)
{
    private readonly ConcurrentQueue<ITaskRun> _waiting = new();
    private int _running;

    public bool CanRun(TaskResource resource) => Find(resource) is not null;

    /// <summary>Starts the task, or lets it wait for its turn.</summary>
    /// <returns>The outcome if the handler had it at once: then <see cref="ITaskRun.Ended"/> is not called.</returns>
    public TaskOutcome? Start(ITaskRun run)
    {
        // What waits for other work takes no place: it might take it from the work that it waits for.
        if (run.Assignment.Task.Phase == TaskPhase.AwaitingAnswer)
        {
            return TryRun(run, hasPlace: false, out var awaited) ? awaited : null;
        }

        if (Interlocked.Increment(ref _running) > runningMax)
        {
            _waiting.Enqueue(run);
            Leave();
            return null;
        }

        if (!TryRun(run, hasPlace: true, out var outcome))
        {
            return null;
        }

        Leave();
        return outcome;
    }

    /// <summary>Has what a task started ended.</summary>
    public void Stop(TaskAssignment assignment) =>
        _ = TellAsync(assignment, (handler, task) => handler.StopAsync(task));

    /// <summary>Tells that the execution was stopped while the task waited for its token.</summary>
    public void Abort(TaskAssignment assignment) =>
        _ = TellAsync(assignment, (handler, task) => handler.AbortAsync(task));

    /// <summary>Nobody waits any more for a task that a handler has: ends what it has started, if it has.</summary>
    public void StopRunning(TaskAssignment assignment)
    {
        if (assignment.Task.Phase == TaskPhase.AwaitingAnswer
            || Find(assignment.Task.Resource) is { StopsRunning: true })
        {
            Stop(assignment);
        }
    }

    /// <summary>Gives a free place to those who wait.</summary>
    private void Leave()
    {
        while (true)
        {
            _ = Interlocked.Decrement(ref _running);
            if (_waiting.IsEmpty || !TryEnter())
            {
                return;
            }

            if (!_waiting.TryDequeue(out var next))
            {
                continue;
            }

            if (!TryRun(next, hasPlace: true, out var outcome))
            {
                return; // It holds the place until it is done.
            }

            next.Ended(outcome);
        }
    }

    private bool TryEnter()
    {
        if (Interlocked.Increment(ref _running) <= runningMax)
        {
            return true;
        }

        _ = Interlocked.Decrement(ref _running);
        return false;
    }

    /// <returns>True if it is done; false if the handler goes on.</returns>
    private bool TryRun(ITaskRun run, bool hasPlace, out TaskOutcome? outcome)
    {
        outcome = null;
        if (run.Cancelled.IsCancellationRequested)
        {
            return true;
        }

        var resource = run.Assignment.Task.Resource;
        if (Find(resource) is not { } handler)
        {
            outcome = new TaskFaulted("States.TaskFailed", $"This server cannot carry out '{resource.Arn}'.");
            return true;
        }

        try
        {
            var running = handler.RunAsync(run.Assignment, run.Cancelled);
            if (running.IsCompletedSuccessfully)
            {
                outcome = running.Result;
                return true;
            }

            _ = AwaitAsync(running, run, hasPlace);
            return false;
        }
        catch (Exception e)
        {
            outcome = OutcomeOf(e, run);
            return true;
        }
    }

    private async Task AwaitAsync(ValueTask<TaskOutcome> running, ITaskRun run, bool hasPlace)
    {
        TaskOutcome? outcome;
        try
        {
            outcome = await running;
        }
        catch (Exception e)
        {
            outcome = OutcomeOf(e, run);
        }

        CrashPoints.Pass(CrashPoint.BeforeTaskResult);
        run.Ended(outcome);
        if (hasPlace)
        {
            Leave();
        }
    }

    private async Task TellAsync(TaskAssignment assignment, Func<ITaskHandler, TaskAssignment, ValueTask> tell)
    {
        try
        {
            if (Find(assignment.Task.Resource) is { } handler)
            {
                await tell(handler, assignment);
            }
        }
        catch (Exception e)
        {
            Log.HandlerThrew(logger, assignment.Task.Resource.Arn, e);
        }
    }

    private TaskFaulted? OutcomeOf(Exception e, ITaskRun run)
    {
        if (run.Cancelled.IsCancellationRequested)
        {
            return null; // Nobody waits; how the handler ended tells nothing.
        }

        Log.HandlerThrew(logger, run.Assignment.Task.Resource.Arn, e);
        return new TaskFaulted("States.TaskFailed", e.Message);
    }

    private ITaskHandler? Find(TaskResource resource)
    {
        foreach (var handler in handlers)
        {
            if (handler.CanRun(resource))
            {
                return handler;
            }
        }

        return null;
    }
}

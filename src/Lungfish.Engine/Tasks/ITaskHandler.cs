using Lungfish.Engine.Identifiers;
using Lungfish.Json;
using Lungfish.States.Deciding;
using Lungfish.States.Model;

namespace Lungfish.Engine.Tasks;

/// <summary>Carries out the tasks of one kind of resource.</summary>
public interface ITaskHandler
{
    bool CanRun(TaskResource resource);

    /// <summary>Carries one task out. After a crash the same assignment comes again, with the same key.</summary>
    /// <param name="cancellationToken">Nobody waits for the result any more: time-out, stop, or the server
    /// drains.</param>
    /// <remarks>A failure of the work is an outcome; an exception is a bug of the handler and fails the task
    /// with <c>States.TaskFailed</c> and its message.</remarks>
    ValueTask<TaskOutcome> RunAsync(TaskAssignment assignment, CancellationToken cancellationToken);

    /// <summary>Ends what a <c>.sync</c> task has started: the task was stopped, or its time is up, and that is
    /// durable. Not repeated if the server ends meanwhile.</summary>
    ValueTask StopAsync(TaskAssignment assignment) => ValueTask.CompletedTask;

    /// <summary>True: <see cref="StopAsync"/> is for tasks that <see cref="RunAsync"/> is still carrying out
    /// too.</summary>
    bool StopsRunning => false;

    /// <summary>The execution was stopped while this task waited for its token, and that is durable. Not repeated if
    /// the server ends meanwhile.</summary>
    ValueTask AbortAsync(TaskAssignment assignment) => ValueTask.CompletedTask;
}

/// <summary>A task on its way to the handler.</summary>
/// <param name="Token">What SendTaskSuccess takes, for tasks that are answered by token; else null.</param>
public sealed record TaskAssignment(
    ExecutionId ExecutionId, ExecutionIdentity Execution, PendingTask Task, string? Token)
{
    /// <summary>The same each time this attempt is handed out: tells a repeated hand-out.</summary>
    public string IdempotencyKey => $"{ExecutionId.Uuid:N}-{Task.Id}";
}

public abstract record TaskOutcome;

public sealed record TaskCompleted(JsonValue Output) : TaskOutcome;

/// <summary>The call was made; the result comes by token. <paramref name="Output"/> is the call's own answer.</summary>
/// <remarks>Of a <c>.sync</c> task it is the first of two outcomes: once it is durable the task comes again with
/// <see cref="TaskPhase.AwaitingAnswer"/>, to wait for the end of what the call has started.</remarks>
public sealed record TaskHandedOver(JsonValue Output) : TaskOutcome;

public sealed record TaskFaulted(string? Error, string? Cause) : TaskOutcome;

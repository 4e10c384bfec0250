using System.Diagnostics;
using Lungfish.Json;
using Lungfish.States.Journal;
using Lungfish.States.Model;
using Lungfish.States.Quotas;
using static Lungfish.States.Journal.HistoryEventType;

namespace Lungfish.States.Deciding;

internal static class TaskDecider
{
    public static void Attempt(Turn turn, Scope scope, Visit visit, TaskState state)
    {
        var data = new StateData(turn, scope, visit, TokenFor(turn, state));
        var effective = data.Input();
        var input = data.Arguments(effective);
        var timeout = Seconds(data, state.Timeout, "TimeoutSecondsPath", effective);
        var heartbeat = Seconds(data, state.Heartbeat, "HeartbeatSecondsPath", effective);
        var role = effective.Value is { } document ? data.Text(state.RoleArn, document) : default;
        var failure = input.Failure ?? timeout.Failure ?? heartbeat.Failure ?? role.Failure
            ?? FindObstacle(turn, data, state, input);
        if (failure is not null || input.Value is not { } value)
        {
            StateDecider.FailWith(turn, scope, failure);
            return;
        }

        var details = Details(state.Resource) with
        {
            Input = value,
            Region = state.Resource is ServiceIntegration ? RegionOf(turn.Execution) : null,
            Resource = state.Resource is ServiceIntegration service ? service.ActionWithPattern : state.Resource.Arn,
            TimeoutInSeconds = timeout.Value,
            HeartbeatInSeconds = heartbeat.Value,
            TaskRoleArn = (role.Value as JsonString)?.Value,
        };
        Schedule(turn, scope, state, details);
    }

    public static void WhenTaken(Turn turn, TaskTaken taken)
    {
        if (FindPending(turn, taken.TaskId) is not { Resource: ActivityResource, Phase: TaskPhase.Scheduled } task)
        {
            return;
        }

        var scope = turn.Execution.WaiterFor(task.Id);
        turn.Emit(scope.Id, ActivityStarted, new() { WorkerName = taken.WorkerName });
        ArmHeartbeat(turn, task);
    }

    /// <remarks>An answer may come by token before the call that carried the token returns: then the task is done,
    /// and there is nothing to submit any more.</remarks>
    public static void WhenSubmitted(Turn turn, TaskSubmitted submitted)
    {
        if (FindPending(turn, submitted.TaskId) is not { Phase: TaskPhase.Scheduled } task
            || task.Resource is not ServiceIntegration { Pattern: not IntegrationPattern.RequestResponse })
        {
            return;
        }

        if (turn.Quotas.Refuses(Quota.PayloadBytes, submitted.Output))
        {
            Fail(turn, task, TooLarge(task.Resource));
            return;
        }

        var scope = turn.Execution.WaiterFor(task.Id);
        turn.Emit(scope.Id, HistoryEventType.TaskSubmitted, Details(task.Resource) with { Output = submitted.Output });
        ArmHeartbeat(turn, task);
    }

    public static void WhenSucceeded(Turn turn, TaskSucceeded succeeded)
    {
        if (FindPending(turn, succeeded.TaskId) is not { } task)
        {
            return;
        }

        if (turn.Quotas.Refuses(Quota.PayloadBytes, succeeded.Output))
        {
            Fail(turn, task, TooLarge(task.Resource));
            return;
        }

        CancelTimers(turn, task.Id);
        var id = turn.Execution.WaiterFor(task.Id).Id;
        var details = Details(task.Resource) with { Output = succeeded.Output };
        turn.Emit(id, EventOf(task.Resource, Step.Succeeded), details);

        var scope = turn.GetScope(id);
        var visit = StateDecider.GetVisit(scope);
        var state = (TaskState)visit.State;
        var data = new StateData(turn, scope, visit);
        StateDecider.LeaveWith(turn, scope, data.ExitWith(succeeded.Output), state.Next);
    }

    public static void WhenFailed(Turn turn, TaskFailed failed)
    {
        if (FindPending(turn, failed.TaskId) is { } task)
        {
            ExecutionDecider.NoteLongTexts(turn, failed.Error, failed.Cause);
            Fail(turn, task, new StateFailure(failed.Error, failed.Cause, FailureKind.Task));
        }
    }

    public static void WhenHeartbeat(Turn turn, TaskHeartbeat heartbeat)
    {
        if (FindPending(turn, heartbeat.TaskId) is { Phase: TaskPhase.AwaitingAnswer, Heartbeat: not null } task)
        {
            turn.Record(new HeartbeatReceived(task.Id, turn.Now));
            ArmHeartbeat(turn, task);
        }
    }

    public static void WhenTimedOut(Turn turn, long taskId, FailureKind kind)
    {
        if (FindPending(turn, taskId) is not { } task)
        {
            return;
        }

        Cancel(turn, task.Id);
        var id = turn.Execution.WaiterFor(task.Id).Id;
        var failure = StateFailure.TimedOut(kind);
        turn.Emit(id, EventOf(task.Resource, Step.TimedOut), Details(task.Resource) with { Error = failure.Error });

        var scope = turn.GetScope(id);
        FailureDecider.Fail(turn, scope, failure, scope.LastEventId);
    }

    /// <summary>Recorded in timeouts/test_service_lambda_map_timeout: tasks of one Map that are due at the same time
    /// all show as timed out before the first of them fails the Map.</summary>
    public static void TimeOutSiblings(Turn turn, Scope parent)
    {
        foreach (var task in turn.Execution.PendingTasks.Values)
        {
            var scope = turn.Execution.WaiterFor(task.Id);
            if (scope.Parent == parent.Id && scope.Id != parent.Id && IsDue(turn, task.Id))
            {
                Cancel(turn, task.Id);
                turn.Emit(
                    scope.Id,
                    EventOf(task.Resource, Step.TimedOut),
                    Details(task.Resource) with { Error = ErrorNames.Timeout });
            }
        }
    }

    /// <summary>Wishes that nobody works on the task any more, and disarms its timers.</summary>
    public static void Cancel(Turn turn, long taskId)
    {
        turn.Want(new CancelTask(taskId));
        CancelTimers(turn, taskId);
    }

    private static void Schedule(Turn turn, Scope scope, TaskState state, EventDetails details)
    {
        turn.Emit(scope.Id, EventOf(state.Resource, Step.Scheduled), details);
        if (turn.HasEnded)
        {
            return;
        }

        var taskId = turn.Execution.LastEventId;
        turn.Want(new ScheduleTask(turn.Execution.PendingTasks[taskId]));
        if (details.TimeoutInSeconds is { } seconds)
        {
            turn.Want(new SetTimer(new(TimerKind.TaskTimeout, taskId), turn.Now + TimeSpan.FromSeconds(seconds)));
        }

        if (state.Resource is not ActivityResource) // An activity starts when a worker takes the task.
        {
            turn.Emit(scope.Id, EventOf(state.Resource, Step.Started), Details(state.Resource));
        }
    }

    public static void Fail(Turn turn, PendingTask task, StateFailure failure)
    {
        CancelTimers(turn, task.Id);
        var id = turn.Execution.WaiterFor(task.Id).Id;
        var details = Details(task.Resource) with { Error = failure.Error, Cause = failure.Cause };
        turn.Emit(id, EventOf(task.Resource, Step.Failed), details);

        var scope = turn.GetScope(id);
        FailureDecider.Fail(turn, scope, failure, scope.LastEventId);
    }

    private static string? TokenFor(Turn turn, TaskState state) =>
        state is { Resource: ServiceIntegration { Pattern: IntegrationPattern.WaitForTaskToken } }
            && state.Data.ReadsTaskToken
            && turn.Execution.Identity is { } identity
                ? turn.Surroundings.TaskToken(identity, turn.NextEventId)
                : null;

    private static StateFailure? FindObstacle(Turn turn, StateData data, TaskState state, Evaluated input)
    {
        if (state.Resource is ActivityResource activity && !turn.Surroundings.ActivityExists(activity.Arn))
        {
            // Recorded in activities/test_activity_task_on_deleted.
            return data.RuntimeError($"The activity {activity.Arn} does not exist.");
        }

        return input.Value is { } value && turn.Quotas.Refuses(Quota.PayloadBytes, value)
            ? StateFailure.DataLimitExceeded(state.Name, FailureKind.Terminal)
            : null;
    }

    private static Reading<long> Seconds(StateData data, Field<long>? field, string pathField, Evaluated input)
    {
        const long SecondsMax = 99_999_999; // Documented: a positive integer, at most this.
        switch (field)
        {
            case Literal<long> literal:
                return literal.Value;
            case Computed<long> computed:
                return data.Integer(computed, 1, SecondsMax);
            case AtPath<long> at when input.Value is { } document:
                var found = data.Find(at.Path, document);
                return found.Value switch
                {
                    null => found.Failure ?? throw new UnreachableException("Neither a value nor a failure."),
                    JsonNumber number when number.TryGetInt64(out var seconds) && seconds is > 0 and <= SecondsMax =>
                        seconds,
                    { } value => data.RuntimeError( // The words are ours.
                        $"The {pathField} field refers to value \"{value.ToText()}\" which is not a valid positive " +
                        $"integer: {at.Path.Text}"),
                };
            default:
                return default;
        }
    }

    private static void ArmHeartbeat(Turn turn, PendingTask task)
    {
        if (task.Heartbeat is { } heartbeat)
        {
            turn.Want(new SetTimer(new(TimerKind.TaskHeartbeat, task.Id), turn.Now + heartbeat));
        }
    }

    private static void CancelTimers(Turn turn, long taskId)
    {
        FailureDecider.CancelIfArmed(turn, new(TimerKind.TaskTimeout, taskId));
        FailureDecider.CancelIfArmed(turn, new(TimerKind.TaskHeartbeat, taskId));
    }

    private static bool IsDue(Turn turn, long taskId) =>
        IsDue(turn, new TimerId(TimerKind.TaskTimeout, taskId))
        || IsDue(turn, new TimerId(TimerKind.TaskHeartbeat, taskId));

    private static bool IsDue(Turn turn, TimerId timer) =>
        turn.Execution.Timers.TryGetValue(timer, out var due) && due <= turn.Now;

    private static PendingTask? FindPending(Turn turn, long taskId) =>
        turn.Execution.PendingTasks.GetValueOrDefault(taskId);

    private static StateFailure TooLarge(TaskResource resource) => StateFailure.DataLimitExceeded(
        resource is ServiceIntegration service ? service.Service : resource.Arn,
        FailureKind.Task); // Recorded in error_handling/*data_limit_exceeded*: States.ALL catches it.

    /// <summary>What every event of a service integration says; the others name their resource only once.</summary>
    private static EventDetails Details(TaskResource resource) => resource is ServiceIntegration service
        ? new() { ResourceType = service.Service, Resource = service.ActionWithPattern }
        : EventDetails.None;

    /// <summary>That of the state machine: <c>arn:aws:states:REGION:...</c>.</summary>
    private static string? RegionOf(Execution execution) =>
        execution.Identity?.StateMachineArn.Split(':') is { Length: > 3 } parts ? parts[3] : null;

    private static HistoryEventType EventOf(TaskResource resource, Step step) => (resource, step) switch
    {
        (LambdaFunctionResource, Step.Scheduled) => LambdaFunctionScheduled,
        (LambdaFunctionResource, Step.Started) => LambdaFunctionStarted,
        (LambdaFunctionResource, Step.Succeeded) => LambdaFunctionSucceeded,
        (LambdaFunctionResource, Step.Failed) => LambdaFunctionFailed,
        (LambdaFunctionResource, Step.TimedOut) => LambdaFunctionTimedOut,
        (ActivityResource, Step.Scheduled) => ActivityScheduled,
        (ActivityResource, Step.Succeeded) => ActivitySucceeded,
        (ActivityResource, Step.Failed) => ActivityFailed,
        (ActivityResource, Step.TimedOut) => ActivityTimedOut,
        (ServiceIntegration, Step.Scheduled) => TaskScheduled,
        (ServiceIntegration, Step.Started) => TaskStarted,
        (ServiceIntegration, Step.Succeeded) => HistoryEventType.TaskSucceeded,
        (ServiceIntegration, Step.Failed) => HistoryEventType.TaskFailed,
        (ServiceIntegration, Step.TimedOut) => TaskTimedOut,
        _ => throw new UnreachableException($"No event for {step} of {resource.GetType().Name}."),
    };

    private enum Step
    {
        Scheduled,
        Started,
        Succeeded,
        Failed,
        TimedOut,
    }
}
